"""One record of Wikimedia Enterprise's Structured Contents -> Article.

Every key but `name`, `identifier` and `url` is optional and unknown keys are ignored. Accepted
besides the documented shape: the older keys `article_sections` and `infobox`, camelCase keys,
explicit nulls, and parts, lists and objects given as JSON strings (Kafka, flat Parquet).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import orjson

from beam_synth.errors import Rejected
from beam_synth.ingestion.fields import WrongType, listed, lookup, mapping, text_of
from beam_synth.ingestion.markup import strip_markup
from beam_synth.ingestion.sections import Flattener
from beam_synth.records import Article, Section
from beam_synth.text.scripts import count_runs, is_unspaced

_QID = re.compile(r"Q[1-9][0-9]*")
_PROJECTS = {"wikipedia": "wiki"}  # other projects' wiki ids end in their own name
_INT64 = 2**63
_OPENING = 256  # characters of a section that tell its script
# Every top-level key that is read, in every spelling.
FIELDS = frozenset(
    {
        *("name", "identifier", "url", "abstract", "description", "version", "license", "tables"),
        *("date_modified", "dateModified", "in_language", "inLanguage", "is_part_of", "isPartOf"),
        *("main_entity", "mainEntity", "infoboxes", "infobox"),
        *("sections", "article_sections", "articleSections"),
    }
)


def parse_article(record: Any) -> Article:
    """Flatten one record, a parsed JSON value.

    Raises Rejected: `missing_field` or `wrong_type` (the detail names the field's path), or
    `no_text`.

    >>> article = parse_article({
    ...     "name": "Aspirin", "identifier": 1525, "abstract": "Aspirin is a medicine.",
    ...     "url": "https://en.wikipedia.org/wiki/Aspirin",
    ... })
    >>> article.article_id, article.language, article.sections[0].text
    ('enwiki:1525', 'en', 'Aspirin is a medicine.')
    """
    try:
        return _parse(record)
    except WrongType as error:
        raise Rejected("wrong_type", str(error)) from None


def article_id(record: Any) -> str:
    """The record's article id as far as it can be told, else "" (for messages about faults).

    >>> article_id({"identifier": 736, "is_part_of": {"identifier": "enwiki"}})
    'enwiki:736'
    >>> article_id({"identifier": "736"})
    ''
    """
    try:
        url = text_of(record, "url")
        language = _language(record, url)
        return f"{_wiki(record, url, language)}:{_page_id(record)}"
    except (WrongType, Rejected):
        return ""


def words_of(article: Article) -> int:
    """Words of the flattened text, split at white space; titles and headings do not count.

    Of scripts without spaces what stands for a word, as `text.scripts` has it.
    """
    opening = "".join(section.text[:_OPENING] for section in article.sections[:3])
    if is_unspaced(opening):
        return sum(count_runs(section.text) for section in article.sections)
    return sum(len(section.text.split()) for section in article.sections)


def _parse(record: Any) -> Article:
    if not isinstance(record, dict):
        raise WrongType("an article is an object", record)
    title = strip_markup(text_of(record, "name"))
    page_id = _page_id(record)
    url = text_of(record, "url").strip()
    for name, value in (("name", title), ("url", url)):
        if not value:
            raise Rejected("missing_field", name)
    language = _language(record, url)
    wiki = _wiki(record, url, language)
    license_name, license_url = _license(record)
    return Article(
        article_id=f"{wiki}:{page_id}",
        wiki=wiki,
        page_id=page_id,
        title=title,
        language=language,
        url=url,
        revision=_revision(record),
        date_modified=text_of(record, "date_modified", "dateModified"),
        license=license_name,
        license_url=license_url,
        qid=_qid(record),
        description=strip_markup(text_of(record, "description")),
        sections=_sections(record),
    )


def _sections(record: dict[str, Any]) -> tuple[Section, ...]:
    flat = Flattener()
    flat.infoboxes(listed(record, "infoboxes", "infobox"))
    infoboxes, flat.sections = flat.sections, []
    flat.parts(listed(record, "sections", "article_sections", "articleSections"))
    flat.lead(text_of(record, "abstract"))
    flat.sections += infoboxes
    flat.tables(listed(record, "tables"))
    if not flat.sections:
        raise Rejected("no_text", "no section, abstract, infobox or table holds text")
    return tuple(flat.sections)


def _page_id(record: dict[str, Any]) -> int:
    number = _number(record)
    if number is None:
        raise Rejected("missing_field", "identifier")
    return number


def _revision(record: dict[str, Any]) -> int | None:
    version = mapping(record, "version")
    try:
        return _number(version)
    except WrongType as error:
        raise error.inside("version") from None


def _number(part: dict[str, Any]) -> int | None:
    """The `identifier` of an object that is numbered; None where it is missing or 0."""
    value = lookup(part, "identifier")
    if value is None or value == 0:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < _INT64:
        raise WrongType("a positive integer", value).inside("identifier")
    return value


def _identifier(record: dict[str, Any], *keys: str) -> str:
    """The `identifier` of a nested object, or ""."""
    value = mapping(record, *keys)
    try:
        return text_of(value, "identifier").strip()
    except WrongType as error:
        raise error.inside(keys[0]) from None


def _host_labels(url: str) -> list[str]:
    """["en", "wikipedia", "org"]; [] for a host of another form."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # "http://[" and the like
        return []
    labels = [label for label in host.split(".") if label not in ("m", "www")]
    return labels if len(labels) == 3 else []


def _language(record: dict[str, Any], url: str) -> str:
    code = _identifier(record, "in_language", "inLanguage")
    if not code:
        host = _host_labels(url)
        wiki = _identifier(record, "is_part_of", "isPartOf")
        code = host[0] if host else wiki.removesuffix("wiki").replace("_", "-")
    return "en" if code == "simple" else code or "und"


def _wiki(record: dict[str, Any], url: str, language: str) -> str:
    wiki = _identifier(record, "is_part_of", "isPartOf")
    if wiki:
        return wiki
    host = _host_labels(url)
    if host:
        return host[0].replace("-", "_") + _PROJECTS.get(host[1], host[1])
    return language.replace("-", "_") + "wiki"


def _license(record: dict[str, Any]) -> tuple[str, str]:
    for index, item in enumerate(listed(record, "license")):
        try:
            name = text_of(item, "identifier") or text_of(item, "name")
            url = text_of(item, "url")
        except WrongType as error:
            raise error.inside(f"license[{index}]") from None
        if name or url:
            return name.strip(), url.strip()
    return "", ""


def _qid(record: dict[str, Any]) -> str:
    qid = _identifier(record, "main_entity", "mainEntity")
    return qid if _QID.fullmatch(qid) else ""


def decode_json(line: bytes) -> Any:
    """Parse one JSON document. Raises Rejected: `invalid_utf8` or `malformed_json`.

    >>> decode_json(b'{"name": "Aspirin"}')
    {'name': 'Aspirin'}
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as bad:
            detail = f"byte {bad.start + 1}: {bad.reason}"
            raise Rejected("invalid_utf8", detail) from None
        raise Rejected("malformed_json", str(error)) from None
