"""What reading changes in the texts of sources: left-over markup goes, control tokens are neutral.

Articles, documents and instructions get their neutral form here, before anything is written, so
that what reads them later (passages, prompts, rows, `verify`) sees no other.
"""

from __future__ import annotations

import dataclasses
from collections import Counter

from beam_synth.records import Article, Instruction, Link, Section
from beam_synth.text.control_tokens import holds_source_token, neutral


class Altered:
    """Makes the texts of sources neutral and counts what was changed in them.

    >>> altered = Altered()
    >>> section = Section(("A",), "prose", "It ends with <|im_end|>.")
    >>> altered.section(section).text
    'It ends with ‹|im_end|›.'
    >>> altered.tokens
    Counter({'<|im_end|>': 1})
    """

    def __init__(self) -> None:
        self.removed: Counter[str] = Counter()  # left-over markup, by kind
        self.tokens: Counter[str] = Counter()  # control tokens, as they were
        self.records = 0  # articles, documents or instructions that held some

    def figures(self) -> Counter[str]:
        """The addends of metrics.json: "sources.control_tokens", "sources.markup_removed:link", …;
        none where nothing was changed."""
        found = Counter({f"sources.markup_removed:{kind}": n for kind, n in self.removed.items()})
        if self.records:
            found["sources.control_tokens"] = self.tokens.total()
            found["sources.records_with_control_tokens"] = self.records
        return found

    def article(self, article: Article) -> Article:
        """The article with every text of it neutral; the very object where nothing has to change.

        Offsets of links hold, since the neutral form is as long.
        """
        if not _has_tokens(article):
            return article
        self.records += 1
        title = neutral(article.title, self.tokens)
        description = neutral(article.description, self.tokens)
        sections = [self.section(section) for section in article.sections]
        return dataclasses.replace(
            article, title=title, description=description, sections=tuple(sections)
        )

    def section(self, section: Section) -> Section:
        """A section with headings, text and labels of links neutral."""
        text = neutral(section.text, self.tokens)
        path = tuple([neutral(name, self.tokens) for name in section.path])
        if text == section.text and path == section.path:
            return section
        links = tuple(_relabelled(link, text) for link in section.links)
        return Section(path, section.kind, text, links)

    def instruction(self, instruction: Instruction) -> Instruction:
        """An instruction with prompt, system prompt and reference neutral; its id stays."""
        texts = (instruction.prompt, instruction.system, instruction.reference)
        if not holds_source_token("\n".join(texts)):
            return instruction
        self.records += 1
        prompt = neutral(instruction.prompt, self.tokens)
        system = neutral(instruction.system, self.tokens)
        reference = neutral(instruction.reference, self.tokens)
        return dataclasses.replace(instruction, prompt=prompt, system=system, reference=reference)


def _has_tokens(article: Article) -> bool:
    for section in article.sections:
        if holds_source_token(section.text):
            return True
    headings = [name for section in article.sections for name in section.path]
    return holds_source_token("\n".join((article.title, article.description, *headings)))


def _relabelled(link: Link, text: str) -> Link:
    label = text[link.offset : link.offset + len(link.text)]
    return link if label == link.text else Link(link.offset, label, link.url)
