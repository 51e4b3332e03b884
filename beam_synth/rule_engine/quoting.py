"""Words of a seed inside other sentences: in quotation marks, on one line, with a full stop."""

from __future__ import annotations

from beam_synth.rule_engine.languages import Language

_QUOTATION_MARKS = '“”„«»"'


def _without_quotation_marks(text: str) -> str:
    for mark in _QUOTATION_MARKS:
        text = text.replace(mark, "'")
    return text


def quoted(text: str, words: Language) -> str:
    """A term in the language's quotation marks; those inside it become apostrophes.

    >>> from beam_synth.rule_engine.languages import language
    >>> quoted('the "old" bridge', language("de"))
    "„the 'old' bridge“"
    """
    left, right = words.quotes
    return f"{left}{_without_quotation_marks(text)}{right}"


def one_line(text: str) -> str:
    r"""Text that may stand between quotation marks on one line.

    >>> one_line('the "old"\n bridge')
    "the 'old' bridge"
    """
    return " ".join(_without_quotation_marks(text).split())


def as_sentence(text: str) -> str:
    """The statement with a full stop where it has no end mark.

    >>> as_sentence("It was built in 1912;")
    'It was built in 1912.'
    >>> as_sentence('He said "no."')
    'He said "no."'
    """
    return text if text.rstrip("\"'”»)")[-1:] in ".!?…" else f"{text.rstrip(',;:')}."
