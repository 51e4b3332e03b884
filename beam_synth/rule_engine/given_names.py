"""Common given names, by which a rule tells a person from a place."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+[.]?")
_LISTED = """
    Aaron Abraham Adam Adolf Adrian Agnes Alan Albert Albrecht Alessandro Alexander Alexandre
    Alfred Alice Amy Ana Andrea Andreas Andrew Andrzej André Angela Ann Anna Anne Anthony
    Antoine Anton Antoni Antonio Arnold Arthur Arturo August Augusto Barbara Beatrix Ben
    Benjamin Bernard Bernhard Bill Bob Boris Brian Bruce Bruno Carl Carla Carlo Carlos
    Caroline Catherine Charles Charlotte Christian Christine Christopher Claire Clara Claude
    Claudia Claudio Clemens Colin Daniel Daniela David Denis Diana Diego Dmitri Dominique
    Donald Doris Douglas Edgar Edith Edmund Edoardo Eduard Edward Edwin Elena Elisabeth
    Elizabeth Emil Emily Emma Enrico Eric Erich Erik Ernest Ernst Eugen Eugène Eva Ewa
    Federico Felix Ferdinand Fernando Filippo Florian Francesca Francesco Francis Francisco
    Franciszek Frank Franz François Fred Frederick Frederik Friedrich Fritz Gabriel Georg
    George Georges Gerald Gerard Gerhard Giacomo Gianni Gilbert Giorgio Giovanna Giovanni
    Giulia Giulio Giuseppe Gordon Graham Gregor Guido Guillaume Gustav Hannah Hans Harald
    Harold Harriet Harry Heinrich Helen Helena Helga Helmut Henri Henrik Henry Herbert Hermann
    Howard Hubert Hugo Hélène Ian Ignacy Igor Ingrid Irena Irene Isaac Isabel Isabella Ivan
    Jacek Jack Jacob Jacques Jakob James Jan Jane Janina Janusz Jason Javier Jean Jennifer
    Jerzy Jim Joachim Joan Johan Johann Johannes John Jonathan Jorge Josef Joseph José Juan
    Judith Jules Julia Julian Julie Julius Józef Karel Karen Karl Kate Katharina Katherine
    Kazimierz Keith Kenneth Kevin Klaus Konrad Kurt Lars Laura Laurent Lawrence Leo Leon
    Leonard Leonardo Leonhard Lewis Lisa Lorenzo Louis Louise Luca Lucas Lucia Lucien Ludwig
    Luigi Luis Luisa Lukas Magdalena Manuel Marc Marcel Marco Marcus Margaret Margarete Maria
    Marie Mario Mark Markus Marta Martha Martin Mary Matthew Matthias Maurice Max Maximilian
    Michael Michał Michel Michele Miguel Mikołaj Nicholas Nicola Nicolas Niels Nikolai Nina
    Norbert Olga Oliver Olivier Oscar Oskar Otto Pablo Paolo Pascal Patricia Patrick Paul
    Paula Pauline Pedro Peter Petra Philip Philippe Piero Pierre Pieter Pietro Piotr Rachel
    Ralph Raymond Rebecca Renata Renate René Richard Robert Roberto Roger Roland Roman Ronald
    Rosa Rudolf Ruth Ryszard Sabine Samuel Sandra Sara Sarah Sebastian Sergio Silvia Simon
    Simone Sofia Sophie Stanisław Stefan Stefano Stephen Steve Steven Susan Susanne Sven
    Sylvia Tadeusz Teresa Theodor Theodore Thomas Tim Tom Tomasz Tommaso Tony Ulrich Ursula
    Valentin Veronica Victor Viktor Vincent Vincenzo Virginia Vittorio Vladimir Walter Wanda
    Werner Wilhelm Willem William Willy Winston Wolfgang Yves Zofia
"""
GIVEN = frozenset(_LISTED.split())


def is_person(name: str) -> bool:
    """Whether a name of two to four words begins with a common given name.

    >>> is_person("Clara Vogt"), is_person("New York"), is_person("Clara")
    (True, False, False)
    """
    words = _WORD.findall(name)
    capitals = all(word[0].isupper() for word in words)
    return 2 <= len(words) <= 4 and capitals and words[0] in GIVEN
