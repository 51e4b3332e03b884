"""One row of the user's documents -> Article: plain text or Markdown becomes sections.

Headings of Markdown (`# ...`) make sections, runs of list items are lists, and the rest is prose
whose paragraphs blank lines part. A paragraph that was wrapped by hand becomes one line again.
Nothing else is taken for markup: the text stays as it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any, Literal

from beam_synth.ingestion.row_fields import (
    given_id,
    required_text,
    row_id,
    row_language,
    row_license,
    side_text,
)
from beam_synth.ingestion.row_sources import RowSource
from beam_synth.records import Article, Section
from beam_synth.text.scripts import is_unspaced, next_boundary

TEXT = "Text"  # the heading of what stands below none
_TITLE_WORDS = 8  # of a text without title, heading or id
_TITLE_LETTERS = 60  # of such a text in a script without spaces, at most
_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t]*#*[ \t]*$", re.M)
_FENCE = re.compile(r"^(```|~~~).*?(?:^\1|\Z)", re.M | re.S)
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S")
_SENTENCE_END = re.compile(r"[.!?:;…»”\"')\]]$")

document_id = given_id


def parse_document(row: Any, source: RowSource) -> Article:
    """Make an article of one row, a mapping of the source's columns to values.

    Its id is "<source>/<id>", its title the row's, else its text's first heading, else its id,
    else its first words. Raises Rejected: `missing_field`, `wrong_type`, `invalid_utf8`,
    `no_text`, `unknown_language`.

    >>> columns = {name: name for name in ("id", "text", "title", "language", "url", "license")}
    >>> source = RowSource("documents", "notes", (), columns, frozenset(), license="CC0-1.0")
    >>> row = {"id": 7, "text": "# Tea\\nThe tea is hot and the cup is not."}
    >>> article = parse_document(row, source)
    >>> article.article_id, article.title, article.language, article.sections[0].path
    ('notes/7', 'Tea', 'en', ('Tea',))
    """
    text = required_text(row, source, "text")
    sections = document_sections(text)
    found = row_id(row, source, text)
    return Article(
        article_id=found,
        wiki="",
        page_id=0,
        title=side_text(row, source, "title", numbers=True) or _title(row, source, text, sections),
        language=row_language(row, source, text),
        url=side_text(row, source, "url"),
        revision=None,
        date_modified="",
        license=row_license(row, source),
        license_url="",
        qid="",
        description="",
        sections=sections,
    )


def _title(row: dict[str, Any], source: RowSource, text: str, sections: tuple[Section, ...]) -> str:
    if sections[0].path != (TEXT,):
        return sections[0].path[0]
    own = given_id(row, source)
    return own.removeprefix(f"{source.name}/") if own else _opening(text)


def _opening(text: str) -> str:
    """The first words of a text; of scripts without spaces the first letters."""
    words = " ".join(text.split()[:_TITLE_WORDS])
    return words[: next_boundary(words, _TITLE_LETTERS)] if is_unspaced(words) else words


def document_sections(text: str) -> tuple[Section, ...]:
    r"""The sections of a text that is not blank; every path occurs once.

    >>> for section in document_sections("Hot.\n\n# Tea\n\n- green\n- black\n\n## Cups\nOf clay."):
    ...     print(section.path, section.kind, section.text)
    ('Text',) prose Hot.
    ('Tea',) list - green
    - black
    ('Tea', 'Cups') prose Of clay.
    """
    found: list[Section] = []
    used: dict[tuple[str, ...], int] = {}
    for path, body in _headed(text):
        for kind, run in _runs(body):
            found.append(Section(_unique(path or (TEXT,), used), kind, run))
    # A text of headings alone is prose.
    return tuple(found) or (Section((TEXT,), "prose", text),)


def _headed(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """(headings from the top, what stands below them and above the next)."""
    headings = _headings(text) if "#" in text else []
    at = 0
    path: tuple[tuple[int, str], ...] = ()
    for heading in headings:
        yield tuple(name for _, name in path), text[at : heading.start()]
        depth = len(heading.group(1))
        path = (*(item for item in path if item[0] < depth), (depth, heading.group(2)))
        at = heading.end()
    yield tuple(name for _, name in path), text[at:]


def _headings(text: str) -> list[re.Match[str]]:
    """The headings outside of fenced code, in which a line may begin with `#`, too."""
    fences = [match.span() for match in _FENCE.finditer(text)]
    return [
        match
        for match in _HEADING.finditer(text)
        if not any(start <= match.start() < end for start, end in fences)
    ]


def _runs(body: str) -> Iterator[tuple[Literal["prose", "list"], str]]:
    """Runs of paragraphs and of lists: prose joined by blank lines, lists an item a line."""
    kind: Literal["prose", "list"] = "prose"
    blocks: list[str] = []
    for block in _BLANK.split(body.strip()):
        if not block:
            continue
        lines = block.split("\n")
        items = _items(lines)
        wanted: Literal["prose", "list"] = "list" if items else "prose"
        if blocks and wanted != kind:
            yield kind, _joined(kind, blocks)
            blocks = []
        kind = wanted
        blocks.append("\n".join(items) if items else _unwrapped(block, lines))
    if blocks:
        yield kind, _joined(kind, blocks)


def _joined(kind: Literal["prose", "list"], blocks: list[str]) -> str:
    return ("\n\n" if kind == "prose" else "\n").join(blocks)


def _items(lines: list[str]) -> list[str]:
    """The items of a list, each on one line; none where the lines are no list."""
    if not _ITEM.match(lines[0]):
        return []
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line):
            items.append(line.strip())
        elif line[:1].isspace():  # an item goes on
            items[-1] += f" {line.strip()}"
        else:
            return []
    return items


def _unwrapped(block: str, lines: list[str]) -> str:
    """The paragraph on one line where most of its line ends lie within a sentence."""
    if len(lines) < 2:
        return block
    within = sum(
        not _SENTENCE_END.search(line.rstrip()) and following.lstrip()[:1].islower()
        for line, following in itertools.pairwise(lines)
    )
    return " ".join(line.strip() for line in lines) if 2 * within >= len(lines) - 1 else block


def _unique(path: tuple[str, ...], used: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """The path, numbered where it is taken; `used` holds the number that each path got last."""
    candidate, number = path, used.get(path, 1)
    while candidate in used:
        number += 1
        candidate = (*path[:-1], f"{path[-1]} ({number})")
    used[path] = number
    used.setdefault(candidate, 1)
    return candidate
