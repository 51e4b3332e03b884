"""What `check`, `plan` and `run` say of the languages of a job's texts: which of them get no tasks,
which no check can tell from others, and which the embedder's tokenizer does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from beam_synth.commands.survey import first_articles
from beam_synth.engines.embedders import engine_of, make_tokenizer
from beam_synth.generation.mixture import PlanConfig
from beam_synth.generation.serving import why_not
from beam_synth.ingestion.article_files import article_table
from beam_synth.job.schema import Job, Model
from beam_synth.knowledge.passages import Limits, split_articles
from beam_synth.methods.loading import load_methods
from beam_synth.runs.identity import Run
from beam_synth.text.languages import can_tell

_FILES = 32  # of a job's texts, that are looked into
_OF_EACH = 3  # articles
_MOSTLY = 0.5  # share of unknown tokens from which on vectors tell little
_PASSAGES = 40  # of a language, whose tokens are looked at

Texts = Mapping[str, Sequence[str]]  # language -> passages of it


def language_warnings(run: Run) -> list[str]:
    """Warnings about the languages that the job names, and those of the first articles of its
    files; nothing but these is read."""
    job, config = run.job, PlanConfig.of_job(run.job, run.task_buckets)
    texts = _first_texts(run)
    asked = job.languages if not isinstance(job.languages, str) else ()
    named = [code for code in asked if code != "*"]
    return warnings_of(job, config, {**dict.fromkeys(named, ()), **texts})


def warnings_of(job: Job, config: PlanConfig, texts: Texts) -> list[str]:
    """A line for each language, and each thing that cannot serve it.

    Args:
        job: the job.
        config: how its tasks are planned.
        texts: some passages of each language that is looked at, or none.
    """
    asked = {code: texts[code] for code in sorted(texts) if config.asks(code)}
    lines = [line for code in asked for line in _unserved(job, config, code)]
    served = {code: some for code, some in asked.items() if config.serves(code)}
    unchecked = [code for code in served if not can_tell(code)]
    if unchecked:
        lines.append(
            f"warning: languages: {', '.join(unchecked)}: the language check cannot tell it from "
            "others, and passes every text"
        )
    return [*lines, *_unknown(job.model("embedder"), served)]


def _unserved(job: Job, config: PlanConfig, language: str) -> list[str]:
    """Which methods get no task in a language, and why; of later rounds, too."""
    lost = [share.method for share in config.shares if not share.serves(language)]
    if not lost:
        return []
    whole = "" if config.serves(language) else ", so that its passages are left out"
    why = why_not(job, load_methods(lost).values(), language)
    return [f"warning: languages: {language}: no tasks of {', '.join(lost)}{whole}: {why}"]


def _unknown(embedder: Model, texts: Texts) -> list[str]:
    """Languages whose passages the tokenizer mostly answers with unknown tokens."""
    tokenizer = make_tokenizer(embedder)
    lines = []
    for code, some in texts.items():
        share = tokenizer.unknown_share(some[:_PASSAGES])
        if share > _MOSTLY:
            lines.append(
                f"warning: models.embedder: {share:.0%} of the tokens of passages in {code} are "
                f"unknown to the tokenizer of {embedder.model or engine_of(embedder)!r}, or single "
                "letters: lengths are counted by letters, and neighbours tell little; take a model "
                "that knows the language"
            )
    return lines


def _first_texts(run: Run) -> dict[str, list[str]]:
    """Passages of the first articles of the job's files, by language."""
    articles = first_articles(run, _FILES, _OF_EACH)
    texts: dict[str, list[str]] = {article.language: [] for article in articles}
    if not articles:
        return texts
    limits = Limits(run.job.passages.min_words, run.job.passages.max_tokens)
    tokenizer = make_tokenizer(run.job.model("embedder"))
    table, _ = split_articles(article_table(articles), ["[]"] * len(articles), tokenizer, limits)
    columns = (table[name].to_pylist() for name in ("language", "text"))
    for language, text in zip(*columns, strict=True):
        texts[language].append(text)
    return texts
