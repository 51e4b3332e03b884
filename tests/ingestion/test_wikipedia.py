"""One record of Structured Contents: every variant, every fault, and what flattening keeps."""

from __future__ import annotations

import gzip
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beam_synth.errors import Rejected
from beam_synth.ingestion.markup import strip_markup
from beam_synth.ingestion.wikipedia import article_id, decode_json, parse_article, words_of
from beam_synth.records import Article, Section


def paragraph(text: str, *links: tuple[str, str]) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "paragraph", "value": text}
    if links:
        part["links"] = [{"text": label, "url": url} for label, url in links]
    return part


def bullets(*items: str) -> dict[str, Any]:
    return {"type": "list", "has_parts": [{"type": "list_item", "value": item} for item in items]}


def section(name: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "section", "name": name, "has_parts": list(parts)}


def record(**changes: Any) -> dict[str, Any]:
    base = {
        "name": "Otter",
        "identifier": 21_000_000_123,
        "abstract": "Otters swim.",
        "description": "aquatic mammal",
        "url": "https://en.wikipedia.org/wiki/Otter",
        "date_modified": "2024-01-01T00:00:00Z",
        "version": {"identifier": 77, "comment": "x", "editor": {"edit_count": 3}},
        "main_entity": {"identifier": "Q123", "url": "https://www.wikidata.org/entity/Q123"},
        "is_part_of": {"identifier": "enwiki"},
        "in_language": {"identifier": "en"},
        "license": [{"identifier": "CC-BY-SA-4.0", "url": "https://license"}],
        "infoboxes": [
            {
                "type": "infobox",
                "name": "Infobox animal",
                "has_parts": [
                    {
                        "type": "section",
                        "name": "Otter",
                        "has_parts": [
                            {"type": "image", "value": "An otter"},
                            {"type": "field", "name": "Family", "value": "Mustelidae"},
                            {"type": "field", "name": "image", "value": "Otter one.jpg"},
                        ],
                    },
                    section("Diet", {"type": "field", "name": "Main", "value": "fish"}),
                ],
            }
        ],
        "sections": [
            section(
                "Abstract", paragraph("Otters swim.", ("swim", "https://s")), paragraph("They eat.")
            ),
            section(
                "Life",
                paragraph("They live long."),
                paragraph("They eat:"),
                bullets("fish", "crabs"),
                paragraph("And more."),
                section("Young", paragraph("Pups are small.")),
            ),
            section("References"),
        ],
        "references": [{"identifier": "cite_note-1", "text": {"value": "A book."}}],
        "tables": [
            {
                "identifier": "life.sizes_table1",
                "headers": [[{"value": "Kind"}, {"value": "Length"}]],
                "rows": [
                    [{"value": "Sea otter"}, {"value": "1.4 m"}],
                    [{"value": "(estimates)"}, {"value": "(estimates)"}],
                ],
            }
        ],
    }
    return {**base, **changes}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in record().items() if name != key}


def fault(data: Any) -> Rejected:
    with pytest.raises(Rejected) as caught:
        parse_article(data)
    return caught.value


def texts(article: Article) -> dict[tuple[str, ...], str]:
    return {s.path: s.text for s in article.sections}


def test_a_whole_record() -> None:
    article = parse_article(record())
    assert article.article_id == "enwiki:21000000123"
    assert (article.wiki, article.page_id, article.title) == ("enwiki", 21_000_000_123, "Otter")
    assert (article.language, article.revision, article.qid) == ("en", 77, "Q123")
    assert (article.license, article.license_url) == ("CC-BY-SA-4.0", "https://license")
    assert [(s.path, s.kind, s.text) for s in article.sections] == [
        (("Abstract",), "prose", "Otters swim.\n\nThey eat."),
        (("Life",), "prose", "They live long."),
        (("Life (2)",), "list", "They eat:\nfish\ncrabs"),
        (("Life (3)",), "prose", "And more."),
        (("Life", "Young"), "prose", "Pups are small."),
        (("Infobox: animal",), "infobox", "Family: Mustelidae\nDiet, Main: fish"),
        (("Life", "Sizes"), "table", "Kind: Sea otter; Length: 1.4 m\n(estimates)"),
    ]
    (link,) = article.sections[0].links
    assert (link.offset, link.text, link.url) == (7, "swim", "https://s")
    assert words_of(article) == sum(len(s.text.split()) for s in article.sections)


# ---------------------------------------------------------------- variants


def rename(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(k, k): rename(v, names) for k, v in value.items()}
    return [rename(item, names) for item in value] if isinstance(value, list) else value


def with_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        nulls = dict.fromkeys(("images", "citations", "values", "links", "group", "event"))
        return {**nulls, **{k: with_nulls(v) for k, v in value.items()}}
    return [with_nulls(item) for item in value] if isinstance(value, list) else value


def stringed(value: Any) -> Any:
    """has_parts as a JSON string at each level, as in the Kafka form."""
    if isinstance(value, dict):
        inner = {k: stringed(v) for k, v in value.items()}
        if "has_parts" in inner:
            inner["has_parts"] = orjson.dumps(inner["has_parts"]).decode()
        return inner
    return [stringed(item) for item in value] if isinstance(value, list) else value


CAMEL = {
    "main_entity": "mainEntity",
    "in_language": "inLanguage",
    "is_part_of": "isPartOf",
    "date_modified": "dateModified",
    "edit_count": "editCount",
    "has_parts": "hasParts",
}
VARIANTS = {
    "old keys": rename(record(), {"sections": "article_sections", "infoboxes": "infobox"}),
    "both keys, the new one empty": {
        **rename(record(), {"sections": "article_sections"}),
        "sections": [],
    },
    "camelCase": rename(record(), CAMEL),
    "nulls": with_nulls(record()),
    "has_parts as strings": stringed(record()),
    "columns as strings": {
        k: orjson.dumps(v).decode() if isinstance(v, list | dict) else v
        for k, v in record().items()
    },
    "strings in lists": {
        **record(),
        "sections": [orjson.dumps(part).decode() for part in record()["sections"]],
    },
    "objects for lists": {
        **record(),
        "infoboxes": record()["infoboxes"][0],
        "references": record()["references"][0],
        "tables": record()["tables"][0],
        "license": record()["license"][0],
    },
    "unknown keys": {**record(), "new_field": {"a": [1]}, "event": 3, "references": "x"},
}


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_give_the_same_article(name: str) -> None:
    assert parse_article(VARIANTS[name]) == parse_article(record())


def test_missing_optional_fields() -> None:
    bare = parse_article(
        {"name": "A", "identifier": 5, "url": "https://fr.wikipedia.org/wiki/A", "abstract": "Un."}
    )
    assert (bare.article_id, bare.language, bare.revision) == ("frwiki:5", "fr", None)
    assert (bare.license, bare.qid, bare.date_modified) == ("", "", "")
    assert bare.sections == (Section(("Abstract",), "prose", "Un."),)


@pytest.mark.parametrize(
    ("changes", "wiki", "language"),
    [
        ({"in_language": {"identifier": "simple"}}, "enwiki", "en"),
        ({"is_part_of": None, "url": "https://simple.wikipedia.org/wiki/O"}, "simplewiki", "en"),
        ({"is_part_of": None, "url": "https://en.wikiversity.org/x"}, "enwikiversity", "en"),
        ({"is_part_of": None, "url": "https://zh-min-nan.m.wikipedia.org"}, "zh_min_nanwiki", "en"),
        ({"is_part_of": None, "url": "urn:x"}, "enwiki", "en"),
        ({"in_language": None, "is_part_of": {"identifier": "be_taraskwiki"}, "url": "http://["},
         "be_taraskwiki", "be-tarask"),
        ({"in_language": None, "is_part_of": None, "url": "urn:x"}, "undwiki", "und"),
        ({"in_language": None, "url": "https://simple.wikipedia.org/wiki/O"}, "enwiki", "en"),
    ],
)  # fmt: skip
def test_wiki_and_language(changes: dict[str, Any], wiki: str, language: str) -> None:
    article = parse_article(record(**changes))
    assert (article.wiki, article.language) == (wiki, language)


@pytest.mark.parametrize("value", [None, [], [{"identifier": None}], [{}]])
def test_no_license(value: Any) -> None:
    assert parse_article(record(license=value)).license == ""


def test_the_abstract_stands_in_for_a_missing_lead() -> None:
    article = parse_article(record(abstract="One.\nTwo.", sections=[]))
    assert texts(article)[("Abstract",)] == "One.\n\nTwo."
    lead_elsewhere = record(sections=[section("Lead", paragraph("Otters swim. They eat."))])
    assert ("Abstract",) not in texts(parse_article(lead_elsewhere))


def field_of(**part: Any) -> list[dict[str, Any]]:
    return [{"has_parts": [{"type": "field", **part}]}]


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize("key", ["name", "identifier", "url"])
def test_missing_field(key: str) -> None:
    for data in (
        without(key),
        record(**{key: None}),
        record(**{key: 0 if key == "identifier" else ""}),
        record(**{key: " "}),
        record(**{key: float("nan")}),
    ):
        error = fault(data)
        assert (error.reason, error.detail) == ("missing_field", key)


WRONG = [
    ({"name": True}, "name"),
    ({"name": ["A"]}, "name"),
    ({"identifier": "x736"}, "identifier"),
    ({"identifier": 7.5}, "identifier"),
    ({"identifier": 2.0**60}, "identifier"),
    ({"identifier": True}, "identifier"),
    ({"identifier": -4}, "identifier"),
    ({"identifier": 2**63}, "identifier"),
    ({"identifier": [7]}, "identifier"),
    ({"url": ["x"]}, "url"),
    ({"url": 5}, "url"),
    ({"abstract": {}, "sections": None}, "abstract"),
    ({"sections": 5}, "sections"),
    ({"sections": "not json"}, "sections"),
    ({"sections": [5]}, "sections[0]"),
    ({"sections": [section("A", {"value": True})]}, "sections[0].has_parts[0].value"),
    ({"sections": [{"type": "section", "name": "A", "has_parts": 7}]}, "sections[0].has_parts"),
    ({"sections": [{"type": "section", "name": ["A"]}]}, "sections[0].name"),
    ({"sections": [section("A", {"type": {}})]}, "sections[0].has_parts[0].type"),
    ({"sections": [section("A", bullets("x"), {"type": "list", "has_parts": ["7"]})]},
     "sections[0].has_parts[1].has_parts[0]"),
    ({"infoboxes": field_of(value=[])}, "infoboxes[0].has_parts[0].value"),
    ({"infoboxes": field_of(values=3)}, "infoboxes[0].has_parts[0].values"),
    ({"infoboxes": [{"has_parts": [{"type": "list", "values": [[]]}]}]}, "values[0]"),
    ({"tables": [{"rows": [[{"value": {}}]]}]}, "tables[0].rows[0][0].value"),
    ({"tables": [{"rows": [3]}]}, "tables[0].rows[0]"),
    ({"tables": [3]}, "tables[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "path"), WRONG, ids=[path for _, path in WRONG])
def test_wrong_type_names_the_field(changes: dict[str, Any], path: str) -> None:
    error = fault(record(**changes))
    assert error.reason == "wrong_type"
    where = error.detail.split(": expected")[0]
    assert where == path or where.endswith(path), error.detail


@pytest.mark.parametrize("value", [None, 5, "x", [], [record()]])
def test_a_record_that_is_no_object(value: Any) -> None:
    assert fault(value).reason == "wrong_type"
    assert article_id(value) == ""


def test_no_text() -> None:
    empty = record(sections=[section("References")], abstract=" ", infoboxes=None, tables=[])
    assert fault(empty).reason == "no_text"


def test_too_deep_is_a_fault_and_no_crash() -> None:
    part = paragraph("x")
    for _ in range(500):
        part = section("A", part)
    assert fault(record(sections=[part])).reason == "wrong_type"
    table: dict[str, Any] = {"rows": []}
    field: dict[str, Any] = {"type": "list", "value": "x"}
    for _ in range(250):
        table = {"rows": [[{"value": "x", "nested_table": table}]]}
        field = {"type": "list", "has_parts": [field]}
    assert fault(record(tables=[table])).reason == "wrong_type"
    assert fault(record(infoboxes=[{"has_parts": [field]}])).reason == "wrong_type"
    item: dict[str, Any] = {"type": "list_item", "value": "x"}
    for _ in range(500):
        item = {"type": "list", "has_parts": [item]}
    assert fault(record(sections=[item])).reason == "wrong_type"


def test_decode() -> None:
    assert decode_json(b'{"a": 1}\r') == {"a": 1}
    loose = b'{"a": NaN, "b": [-Infinity], "\\udead": "\\ud83d\\ude00 \\uD83D", "c": 1e400, "a": 2}'
    found = decode_json(loose)
    assert found == {"a": 2, "b": [None], "\ufffd": "😀 \ufffd", "c": math.inf}
    for digits in (30, 5000):
        assert isinstance(decode_json(b"[NaN, 1%s]" % (b"0" * digits))[1], float)
    deep = b"[" * 5000 + b"]" * 5000
    for raw, reason in (
        (b"{", "malformed_json"),
        (b'{"a": NaN', "malformed_json"),
        (b"[NaN]\xff", "invalid_utf8"),
        (deep, "malformed_json"),
        (b'{"a": "\xff"}', "invalid_utf8"),
    ):
        with pytest.raises(Rejected) as caught:
            decode_json(raw)
        assert caught.value.reason == reason


def test_article_id_of_a_faulty_record() -> None:
    assert article_id(record(sections=5)) == "enwiki:21000000123"
    assert article_id({"identifier": "x", "url": 4}) == ""


def test_the_same_heading_many_times_takes_linear_time() -> None:
    many = [section("A", paragraph("x")) for _ in range(20_000)]
    article = parse_article(record(sections=many, abstract="", infoboxes=None, tables=None))
    assert article.sections[-1].path == ("A (20000)",)


# ---------------------------------------------------------------- flattening


def test_same_headings_get_suffixes() -> None:
    twice = [section("A", paragraph("one")), section("A", paragraph("two"))]
    taken = [section("A (2)", paragraph("three")), section("A", paragraph("four"))]
    found = texts(parse_article(record(sections=twice + taken)))
    assert [found[(name,)] for name in ("A", "A (2)", "A (2) (2)", "A (3)")] == [
        "one",
        "two",
        "three",
        "four",
    ]


def test_nested_lists_and_named_lists() -> None:
    inner = {"type": "list_item", "value": "top", "has_parts": [bullets("a", "b")]}
    part = section("L", {"type": "list", "name": "Kinds", "has_parts": [inner]})
    assert texts(parse_article(record(sections=[part])))[("L",)] == "Kinds\ntop\na\nb"


def test_rendered_lists_in_infoboxes() -> None:
    values = ["", "      - Akio Toyoda", "      - Koji Sato", "        (President)", "  "]
    fields = [
        {"type": "list", "name": "Key people", "values": values},
        {"type": "field", "value": "Musical career", "values": [""]},
        {"type": "field", "name": "Site", "value": "", "values": ["a", "b"]},
    ]
    box = {"type": "infobox", "has_parts": [{"type": "section", "has_parts": fields}]}
    found = texts(parse_article(record(infoboxes=[box])))
    assert found[("Infobox",)] == "\n".join(
        ("Key people: Akio Toyoda; Koji Sato (President)", "Musical career", "Site: a; b")
    )


def test_tables_with_several_header_rows_nested_tables_and_footers() -> None:
    nested = {"rows": [[{"value": "x"}, {"value": "y"}]]}
    table = {
        "headers": [
            [{"value": "Vote"}, {"value": "Vote"}, {"value": "Note"}],
            [{"value": "Count"}, {"value": "Share"}, {"value": "Note"}],
        ],
        "rows": [[{"value": "10"}, {"value": "5%"}, {"value": None, "nested_table": nested}]],
        "footers": [[{"value": "all counted"}]],
    }
    found = texts(parse_article(record(tables=[table, {"headers": [[{"value": "only"}]]}])))
    assert found[("Table",)] == "Vote, Count: 10; Vote, Share: 5%; Note: x; y\nall counted"
    assert found[("Table (2)",)] == "only"


def test_links_repeat_and_get_lost() -> None:
    links = [("b", "u1"), ("b", "u2"), ("zz", "u3"), ("a", "u4"), ("", "u5"), ("c", "")]
    part = section("S", paragraph("first"), paragraph("a b b", *links))
    article = parse_article(record(sections=[part]))
    (found,) = (s for s in article.sections if s.path == ("S",))
    assert [(link.offset, link.text, link.url) for link in found.links] == [
        (9, "b", "u1"),
        (11, "b", "u2"),
        (7, "a", "u4"),
    ]


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        ("a\u00a0b \n\t c", "a b c"),
        ("x<ref name=a>note</ref> y<ref name=b /> z<br/>w", "x y zw"),
        ("<!-- hidden -->seen <b>bold</b> &amp; 5 &lt; 6", "seen bold & 5 < 6"),
        ("[[Rome|the city]] and [[Paris]] [[File:a.jpg|thumb]]", "the city and Paris"),
        ("{{cite book|x}} kept {{{param|}}}", "kept"),
        ("'''Bold''' and ''italic'' at 5'' long", "Bold and italic at 5'' long"),
        ("since 1891. ==History== ===Early===", "since 1891. History Early"),
        ("alphabets.[3][4] Pop[12] in [2019] A[1]", "alphabets. Pop[12] in [2019] A[1]"),
        ("Vellanikkara, [[Thrissur]", "Vellanikkara, Thrissur]"),
        ("of the Friars]], in Folcata", "of the Friars, in Folcata"),
        ("it fell,[12] and “rose”[3] again.[4]", "it fell, and “rose” again."),
        ("H<sub>2</sub>O, 35&nbsp;mm, Procter &amp; Gamble", "H2O, 35 mm, Procter & Gamble"),
        ("so.<ref>A</ref> The <i>Ark</i>, x<i>y, {{ a }} {{clear}}", "so. The Ark, x<i>y, {{ a }}"),
        ("a [[1, 2], [3, 4]] matrix", "a [[1, 2], [3, 4]] matrix"),
        (r"{\displaystyle {\frac {a}{b}}}", r"{\displaystyle {\frac {a}{b}}}"),
        ("zero\u200bwidth \ufeffmark", "zerowidth mark"),
        ("if a == b: c << d, AT&T, List<T>", "if a == b: c << d, AT&T, List<T>"),
        ("&amp;lt;b&amp;gt;x", "<b>x"),
    ],
)
def test_clean(raw: str, want: str) -> None:
    assert strip_markup(raw) == want


@pytest.mark.parametrize(
    "text",
    [
        "a statement such as a<b and c>d holds",
        "The element <div> groups parts, <p> opens one, and <br /> breaks a line.",
        'HTML writes <b>bold text</b> and <a href="x">links</a>; <!-- this --> is a comment.',
        "the third entry is array[3], and A[i][2] or f(x)[1] are others",
        "{{ name }} and {{{name}}} stand for a value, {{ name|upper }} for another",
        "x<i>y for a relation, x<s>y, List<T>, vector<int>",
        "[[nodiscard]] in C++, [[Prototype]] in JavaScript, [[ -f a || -d b ]] in a shell",
        "[[NSString alloc] init] is Objective-C",
        "'''A docstring.''' and f''(x), 5'' long",
        "== compares values and === types, whereas == converts",
        'the entities &lt; and &amp; are written so, also "&nbsp;"',
        'A note is written <ref>text</ref> in "<ref name=a />" or [[target]].',
        r"\[x[1]\], $a_{[2]}$ and [1, 2], [3]",
    ],
)
def test_what_an_article_says_in_signs_of_markup_stays(text: str) -> None:
    removed: Counter[str] = Counter()
    assert strip_markup(text, removed) == text
    assert not removed


def test_what_is_removed_is_counted() -> None:
    removed: Counter[str] = Counter()
    fields = [{"type": "list", "name": "[[Genre]]", "values": ["  - Pop[3]", "  - Rock[4]"]}]
    box = {"type": "infobox", "has_parts": fields}
    lead = paragraph("It is a [[drug|medicine]].<ref>Smith</ref> It sold well.[2]")
    article = parse_article(record(sections=[lead], infoboxes=[box]), removed)
    assert texts(article)[("Abstract",)] == "It is a medicine. It sold well."
    assert texts(article)[("Infobox",)] == "Genre: Pop; Rock"
    assert removed == {"link": 2, "reference": 1, "footnote": 3}


def test_titles_lose_what_they_are_displayed_with() -> None:
    named = record(name='<i><span lang="en">Scream</span></i> (film)')
    assert parse_article(named).title == "Scream (film)"
    assert parse_article(record(name="The <canvas> element")).title == "The <canvas> element"


@pytest.mark.parametrize(
    "first",
    [
        "#REDIRECT [[Rome]]",
        "#redirect Rome",
        "#WEITERLEITUNG [[Rom#Antike|Rom]]",
        "#RINVIA[[Roma]]",
        "# перенаправление [[Рим]]",
        "#転送 [[ローマ]]",
        "Redirect to:",
        "Weiterleitung nach: Rom",
        "From a page move: This is a redirect from a page that has been moved (renamed).",
    ],
)
def test_redirect_pages_have_a_reason_of_their_own(first: str) -> None:
    parts = [paragraph(first), bullets("Rome")]
    with pytest.raises(Rejected) as caught:
        parse_article(record(abstract="", sections=parts, tables=[], infoboxes=[]))
    assert caught.value.reason == "redirect"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"redirect": {"name": "Rome"}}, "redirect"),
        ({"is_redirect": True}, "redirect"),
        ({"article_body": {"wikitext": "#REDIRECT [[Rome]]"}}, "redirect"),
        ({"redirects": [{"name": "Roma"}]}, "no_text"),  # pages that lead here
        ({"redirect": [{"title": "Roma"}], "is_redirect": False}, "no_text"),
    ],
)
def test_redirect_pages_without_text(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        parse_article(record(abstract="", sections=[], tables=[], infoboxes=[], **changes))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "first",
    ["#Redirect is a film of 1999.", "# is a sign.", "Redirect to the page", "#1 hits [[x]]"],
)
def test_articles_that_begin_like_a_redirect_are_articles(first: str) -> None:
    assert texts(parse_article(record(sections=[paragraph(first)])))[("Abstract",)] == first


MARKUP = re.compile(
    r"</?(?:ref|br|sup|sub|span|div|b|i|p|small|math|gallery)\b[^<>]*>"
    r"|\[\[[^\W\d_]|\{\{\{|'''|<!--",
    re.I,
)


@given(
    st.lists(
        st.sampled_from(
            ["<ref>", "</ref>", "<b>", "[[", "]]", "|", "{{", "}}", "'''", "''", "==", "&lt;",
             "&amp;", "a", "word", " ", "[3]", "é", "<!--", "-->", "{", "\u200b", "\n"]
        )
    ).map("".join)
)  # fmt: skip
def test_clean_twice_changes_nothing(text: str) -> None:
    once = strip_markup(text)
    assert strip_markup(once) == once
    assert "\n" not in once
    assert all(text.count(sign) >= once.count(sign) for sign in ("<ref>", "[[", "'''"))


# ---------------------------------------------------------------- properties

WORDS = st.text("abcé .,:", min_size=0, max_size=12)
LEAVES = st.builds(paragraph, WORDS) | st.lists(WORDS, max_size=3).map(
    lambda items: bullets(*items)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda name, parts: section(name, *parts),
        st.sampled_from("AB"),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


def leaf_values(parts: list[dict[str, Any]]) -> Iterator[str]:
    for part in parts:
        if part.get("type") in ("paragraph", "list_item"):
            yield part.get("value") or ""
        yield from leaf_values(part.get("has_parts") or [])


def squeezed(values: Iterator[str]) -> str:
    return "".join(strip_markup(value) for value in values).replace(" ", "")


def joined(article: Article) -> str:
    flowing = (s.text for s in article.sections if s.kind in ("prose", "list"))
    return re.sub(r"\s", "", "".join(flowing))


@given(st.lists(TREES, max_size=5))
def test_text_is_the_concatenation_of_the_leaves(parts: list[dict[str, Any]]) -> None:
    want = squeezed(leaf_values(parts))
    data = record(sections=parts, abstract="", tables=[])
    article = parse_article(data)
    assert joined(article) == want
    paths = [s.path for s in article.sections]
    assert len(set(paths)) == len(paths)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "name", "value", "values", "has_parts", "links", "text", "url",
                         "identifier", "rows", "headers", "nested_table"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300)
@given(st.sampled_from(sorted(record())), JSON)
def test_any_json_is_an_article_or_a_named_fault(key: str, value: Any) -> None:
    try:
        parse_article(record(**{key: value}))
    except Rejected as error:
        assert error.reason in ("missing_field", "wrong_type", "no_text")
        assert error.detail


# ---------------------------------------------------------------- real data


def test_real_articles(real_data: Path) -> None:
    ids, count = set(), 0
    for path in sorted((real_data / "structured").glob("*.jsonl.gz")):
        with gzip.open(path) as handle:
            for line in handle:
                data = decode_json(line)
                article = parse_article(data)
                count += 1
                ids.add(article.article_id)
                check_real(data, article)
    assert (count, len(ids)) == (1787, 1779)


def check_real(data: dict[str, Any], article: Article) -> None:
    want = squeezed(leaf_values(data["sections"]))
    found = joined(article)
    # A record without a lead section gets its abstract in front.
    assert found.endswith(want), article.article_id
    assert article.license and article.language != "simple"
    paths = [s.path for s in article.sections]
    assert len(set(paths)) == len(paths)
    for part in article.sections:
        assert part.text.strip() == part.text != ""
        assert not MARKUP.search(part.text), (article.article_id, part.path)
        for link in part.links:
            assert part.text.startswith(link.text, link.offset)


def test_real_payloads(real_data: Path) -> None:
    folder = real_data / "structured-real"
    with gzip.open(folder / "sdk_python_elections.jsonl.gz") as handle:
        elections = [parse_article(decode_json(line)) for line in handle]
    assert len(elections) == 11
    assert {s.kind for a in elections for s in a.sections} == {"prose", "infobox", "table"}
    assert all(a.qid and a.revision and a.language == "en" for a in elections)
    for data in decode_json((folder / "sdk_structured_contents_2023.json").read_bytes()):
        assert parse_article(data).license == ""
    with gzip.open(folder / "on_demand_montreal_2024beta.json.gz") as handle:
        (montreal,) = decode_json(handle.read())
    assert fault(montreal).reason == "missing_field"
    whole = parse_article({**montreal, "name": "M", "identifier": 1, "url": "https://x"})
    assert {"prose", "list", "infobox"} == {s.kind for s in whole.sections}
    with gzip.open(folder / "wme_articles_html_wikitext.ndjson.gz") as handle:
        reasons = []
        for line in handle:
            try:
                reasons.append(parse_article(decode_json(line)).sections[0].path[0])
            except Rejected as error:
                reasons.append(error.reason)
    assert set(reasons) == {"Abstract", "no_text"}
