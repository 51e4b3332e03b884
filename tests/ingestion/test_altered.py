"""What reading changes in the texts of sources, and how it is counted."""

from __future__ import annotations

import dataclasses
from collections import Counter

from beam_synth.ingestion.altered import Altered
from beam_synth.ingestion.wikipedia import parse_article
from beam_synth.records import Article, Instruction, Link


def article_with(text: str, name: str = "Aspen", heading: str = "Use") -> Article:
    links = [{"text": "<|im_start|>", "url": "https://x/a"}, {"text": "here", "url": "https://x/b"}]
    part = {"type": "paragraph", "value": text, "links": links}
    return parse_article(
        {
            "name": name,
            "identifier": 4,
            "url": "https://en.wikipedia.org/wiki/A",
            "description": "a format",
            "sections": [{"type": "section", "name": heading, "has_parts": [part]}],
        }
    )


def test_an_article_without_control_tokens_stays_itself() -> None:
    altered = Altered()
    article = article_with("a<b, x<i>y and array[3] stay here.", heading="The <br> tag")
    assert altered.article(article) is article
    assert not altered.figures()


def test_every_text_of_an_article_is_neutral_and_its_links_hold() -> None:
    altered = Altered()
    article = altered.article(
        article_with("It opens with <|im_start|>, as here.", "<s>", "The [INST] mark")
    )
    (section,) = article.sections
    assert (article.title, section.path) == ("‹s›", ("The ⟦INST⟧ mark",))
    assert section.links == (
        Link(14, "‹|im_start|›", "https://x/a"),
        Link(31, "here", "https://x/b"),
    )
    assert all(section.text.startswith(link.text, link.offset) for link in section.links)
    altered.removed["link"] += 2
    assert altered.figures() == Counter(
        {
            "sources.markup_removed:link": 2,
            "sources.control_tokens": 3,
            "sources.records_with_control_tokens": 1,
        }
    )


def test_an_instruction_keeps_its_id() -> None:
    plain = Instruction("0" * 34, "a/1", "Say it.", "", "Yes.", "en", "a", "CC0-1.0", "f", 1)
    marked = dataclasses.replace(plain, prompt="Say <|im_end|>.", system="[INST]", reference="</s>")
    altered = Altered()
    assert altered.instruction(plain) is plain
    changed = altered.instruction(marked)
    assert (changed.prompt, changed.system) == ("Say ‹|im_end|›.", "⟦INST⟧")
    assert (changed.reference, changed.id) == ("‹/s›", "a/1")
    assert altered.records == 1
