"""One record of Wikimedia Enterprise's Structured Contents -> Article.

Every key but `name`, `identifier` and `url` is optional and unknown keys are ignored. Accepted
besides the documented shape: the older keys `article_sections` and `infobox`, camelCase keys,
explicit nulls, and parts, lists and objects given as JSON strings (Kafka, flat Parquet); numbers
as floats and strings, and the bare value where an object with an `identifier` is meant.

What an article says (its name, sections, abstract, infoboxes, tables) is never left out: where it
has another shape, the record is refused. What is said about it (version, date, licence, language,
wiki, item, description, links) counts as missing then.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from beam_synth.errors import Rejected
from beam_synth.ingestion.conversions import is_missing, item_number, whole_number
from beam_synth.ingestion.fields import WrongType, listed, lookup, text_of, unwrap
from beam_synth.ingestion.json_text import parse_json
from beam_synth.ingestion.markup import strip_markup, strip_title
from beam_synth.ingestion.redirects import REDIRECT_FIELDS, redirect_of
from beam_synth.ingestion.sections import Flattener
from beam_synth.records import Article, Section
from beam_synth.text.languages import language_code
from beam_synth.text.scripts import count_runs, is_unspaced

_WIKI = re.compile(r"[a-z][a-z0-9_-]*")
_PROJECTS = {"wikipedia": "wiki"}  # other projects' wiki ids end in their own name
_OPENING = 256  # characters of a section that tell its script
# Every top-level key that is read, in every spelling.
FIELDS = frozenset(
    {
        *("name", "identifier", "url", "abstract", "description", "version", "license", "tables"),
        *("date_modified", "dateModified", "in_language", "inLanguage", "is_part_of", "isPartOf"),
        *("main_entity", "mainEntity", "infoboxes", "infobox"),
        *("sections", "article_sections", "articleSections"),
        *REDIRECT_FIELDS,
    }
)


def parse_article(record: Any, removed: Counter[str] | None = None) -> Article:
    """Flatten one record, a parsed JSON value; `removed` gets the left-over markup, by kind.

    Raises Rejected: `missing_field` or `wrong_type` (the detail names the field's path), `redirect`
    or `no_text`.

    >>> article = parse_article({
    ...     "name": "Aspirin", "identifier": 1525, "abstract": "Aspirin is a medicine.",
    ...     "url": "https://en.wikipedia.org/wiki/Aspirin",
    ... })
    >>> article.article_id, article.language, article.sections[0].text
    ('enwiki:1525', 'en', 'Aspirin is a medicine.')
    """
    try:
        return _parse(record, Counter() if removed is None else removed)
    except WrongType as error:
        raise Rejected("wrong_type", str(error)) from None


def article_id(record: Any) -> str:
    """The record's article id as far as it can be told, else "" (for messages about faults).

    >>> article_id({"identifier": 736, "is_part_of": {"identifier": "enwiki"}})
    'enwiki:736'
    >>> article_id({"identifier": "x736"})
    ''
    """
    try:
        url = text_of(record, "url")  # also raises for what is no object
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


def _parse(record: Any, removed: Counter[str]) -> Article:
    if not isinstance(record, dict):
        raise WrongType("an object", record)
    title = strip_title(text_of(record, "name"), removed)
    page_id = _page_id(record)
    url = _url(record)
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
        date_modified=_date(record),
        license=license_name,
        license_url=license_url,
        qid=_qid(record),
        description=_description(record, removed),
        sections=_sections(record, removed),
    )


def _sections(record: dict[str, Any], removed: Counter[str]) -> tuple[Section, ...]:
    flat = Flattener(removed)
    flat.infoboxes(listed(record, "infoboxes", "infobox"))
    infoboxes, flat.sections = flat.sections, []
    flat.parts(listed(record, "sections", "article_sections", "articleSections"))
    flat.lead(text_of(record, "abstract"))
    flat.sections += infoboxes
    flat.tables(listed(record, "tables"))
    redirect = redirect_of(record, flat.sections)
    if redirect is not None:
        raise Rejected("redirect", redirect)
    if not flat.sections:
        raise Rejected("no_text", "no section, abstract, infobox or table holds text")
    return tuple(flat.sections)


def _page_id(record: dict[str, Any]) -> int:
    value = lookup(record, "identifier")
    if is_missing(value):
        raise Rejected("missing_field", "identifier")
    number = whole_number(value)
    if number is None or number < 0:
        raise WrongType("a positive integer", value).inside("identifier")
    if not number:
        raise Rejected("missing_field", "identifier")
    return number


def _url(record: dict[str, Any]) -> str:
    value = record.get("url")
    if not isinstance(value, str) and not is_missing(value):  # a number is no address
        raise WrongType("a string", value).inside("url")
    return value.strip() if isinstance(value, str) else ""


def _nested(record: dict[str, Any], *keys: str) -> Any:
    """A field that is an object with an `identifier`; the bare value that stands in its place."""
    value = lookup(record, *keys)
    if isinstance(value, str):
        try:
            return unwrap(value)
        except WrongType:  # a word, not an object as a JSON string
            return value
    return value


def _code(value: Any) -> str:
    """The `identifier` of an object where it is text, or ""."""
    code = value.get("identifier") if isinstance(value, dict) else None
    return code.strip() if isinstance(code, str) else ""


def _revision(record: dict[str, Any]) -> int | None:
    version = _nested(record, "version")
    number = whole_number(version.get("identifier") if isinstance(version, dict) else version)
    return number if number is not None and number > 0 else None


def _date(record: dict[str, Any]) -> str:
    value = lookup(record, "date_modified", "dateModified")
    return value if isinstance(value, str) else ""


def _description(record: dict[str, Any], removed: Counter[str]) -> str:
    try:
        return strip_markup(text_of(record, "description"), removed)
    except WrongType:
        return ""


def _host_labels(url: str) -> list[str]:
    """["en", "wikipedia", "org"]; [] for a host of another form."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # "http://[" and the like
        return []
    labels = [label for label in host.split(".") if label not in ("m", "www")]
    return labels if len(labels) == 3 else []


def _language(record: dict[str, Any], url: str) -> str:
    value = _nested(record, "in_language", "inLanguage")
    code = language_code(value) if isinstance(value, str) else _code(value)
    if not code:
        host = _host_labels(url)
        wiki = _wiki_code(record)
        code = host[0] if host else wiki.removesuffix("wiki").replace("_", "-")
    return "en" if code == "simple" else code or "und"


def _wiki_code(record: dict[str, Any]) -> str:
    value = _nested(record, "is_part_of", "isPartOf")
    if isinstance(value, str):
        return value if _WIKI.fullmatch(value) else ""
    return _code(value)


def _wiki(record: dict[str, Any], url: str, language: str) -> str:
    wiki = _wiki_code(record)
    if wiki:
        return wiki
    host = _host_labels(url)
    if host:
        return host[0].replace("-", "_") + _PROJECTS.get(host[1], host[1])
    return language.replace("-", "_") + "wiki"


def _license(record: dict[str, Any]) -> tuple[str, str]:
    """(name, address) of the first licence that has one of them."""
    try:
        items = listed(record, "license")
    except WrongType:  # names in place of objects
        value = record["license"]
        items = value if isinstance(value, list) else [value]
    for item in items:
        name, url = _license_of(item)
        if name or url:
            return name, url
    return "", ""


def _license_of(item: Any) -> tuple[str, str]:
    if isinstance(item, str):
        return item.strip(), ""
    try:
        name = text_of(item, "identifier") or text_of(item, "name")
        return name.strip(), text_of(item, "url").strip()
    except WrongType:
        return "", ""


def _qid(record: dict[str, Any]) -> str:
    value = _nested(record, "main_entity", "mainEntity")
    qid = value.strip() if isinstance(value, str) else _code(value)
    return qid if item_number(qid) else ""


def decode_json(line: bytes) -> Any:
    """Parse one JSON document. Raises Rejected: `invalid_utf8` or `malformed_json`.

    >>> decode_json(b'{"name": "Aspirin"}')
    {'name': 'Aspirin'}
    """
    try:
        return parse_json(line)
    except UnicodeDecodeError as bad:
        raise Rejected("invalid_utf8", f"byte {bad.start + 1}: {bad.reason}") from None
    except ValueError as error:
        raise Rejected("malformed_json", str(error)) from None
