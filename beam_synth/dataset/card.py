"""The dataset card: where a dataset comes from, under which licence, made by which models.

It follows the OTDI dataset specification 0.1.7 (methods.md 19) on top of the Hugging Face card
format.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from beam_synth.dataset.accounts import Account, counted_alone
from beam_synth.dataset.judging_report import judging_words
from beam_synth.dataset.licenses import LICENSE_NAMES, OWN, UNKNOWN, join
from beam_synth.dataset.row_facts import models_of

_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))


def card(
    context: Mapping[str, Any],
    facts: Mapping[str, Any],
    accounts: Sequence[Account],
    configs: Mapping[str, str],
    judging: Mapping[str, Any] | None = None,
) -> str:
    """README.md of a run: a YAML block and a Markdown body, the same bytes for the same run.

    Args:
        context: job, seed, identity, version, parents and embedder, as in the manifest.
        facts: numbers by group and name, as `gather` gives them.
        accounts: of every stage, in the order of the flow.
        configs: a config's name -> the glob of its files, relative to the card.
        judging: what judges said, as `what_judges_said` gives it.
    """
    front = yaml.safe_dump(
        _front(context, facts, configs), sort_keys=False, allow_unicode=True, width=1000
    )
    return f"---\n{front}---\n\n{_body(context, facts, accounts, judging or {})}"


def _front(
    context: Mapping[str, Any], facts: Mapping[str, Any], configs: Mapping[str, str]
) -> dict[str, Any]:
    name = join(facts.get("license", {}))
    return {
        "license": name.lower() if name != UNKNOWN else "other",
        "license_name": name.lower(),
        "pretty_name": _name(context),
        "source_datasets": sorted(facts.get("source", {})),
        "language": sorted(facts.get("language", {})),
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "size_categories": [_size(_total(facts))],
        "task_categories": ["text-generation", "question-answering"],
        "tags": ["synthetic", "beam-synth"],
        "configs": [
            {"config_name": config, "data_files": [{"split": "train", "path": glob}]}
            for config, glob in configs.items()
        ],
    }


def _name(context: Mapping[str, Any]) -> str:
    return f"{context['job']['name']}, seed {context['seed']}"


def _total(facts: Mapping[str, Any]) -> int:
    return sum(facts.get("language", {}).values())


def _kinds(facts: Mapping[str, Any]) -> str:
    """How many records of which kind, in words: "1,200 samples and 300 texts"."""
    kinds = [f"{n:,} {config.replace('_', ' ')}" for config, n in facts.get("config", {}).items()]
    return " and ".join(kinds) or "No record"


def _size(n: int) -> str:
    return next((name for bound, name in _SIZES if n < bound), "n>1M")


def _body(
    context: Mapping[str, Any],
    facts: Mapping[str, Any],
    accounts: Sequence[Account],
    judging: Mapping[str, Any],
) -> str:
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"beam-synth:{context['identity']}")
    licence = join(facts.get("license", {}))
    sections = {
        "Dataset summary": f"{_kinds(facts)} "
        f"({facts.get('words', {}).get('', 0):,} words), made by beam-synth {context['version']} "
        f"from {_made_from(context)}. "
        f"Unique metadata identifier: `{identifier}`.",
        "Dataset description": _tables(facts),
        "Curated by": "The person or organisation that ran the job; the card is written by "
        "beam-synth and names nobody.",
        "Dataset sources": _listed(facts.get("source", {}), "records")
        + "\n\nEvery row's `seeds` names the article (url, title, section), its revision, its "
        "licence and the SHA-256 of the passage that was used.",
        "Models": _models(facts) + _embedded(context["embedder"], accounts),
        "Data collection and processing": _flow(accounts),
        "Judging": judging_words(context, judging),
        "Source data producers": _producers(context),
        "Source metadata": "`manifest.json` lists the input files with size and checksum "
        f"(run identity `{context['identity']}`). Parents: "
        + (", ".join(f"`{p}`" for p in context["parents"]) or "none")
        + ".",
        "Licence": _licence(licence, facts),
        "Consent documentation location": "None: the sources are published under open licences.",
        "Bias, risks and limitations": "The records carry the coverage and the errors of their "
        "sources, and whatever the models named above add. Checks are formal and per record "
        "(`checks`); nobody has read them all.",
        "Personal and sensitive information": "What the sources say of public persons.",
        "Privacy-enhancing technologies": "None.",
        "Dates": "Issue date and range of generation are left to whoever publishes the dataset: "
        "a run's bytes hold no clock. The sources' revisions date the text.",
        "Dataset card authors": "Generated by beam-synth.",
    }
    text = "\n\n".join(f"## {title}\n\n{body}" for title, body in sections.items())
    return f"# {_name(context)}\n\n{text}\n"


def _made_from(context: Mapping[str, Any]) -> str:
    job = context["job"]
    names = {"articles": "encyclopaedic articles", "documents": "documents"}
    kinds = [name for key, name in names.items() if job.get(key)]
    return " and ".join(kinds) or "problems and instructions"


def _producers(context: Mapping[str, Any]) -> str:
    """Who wrote the sources, as far as the job says."""
    wrote = []
    if context["job"].get("articles"):
        wrote.append("The volunteers who wrote the articles.")
    for key in ("documents", "instructions"):
        named = ", ".join(f"`{source['name']}`" for source in context["job"].get(key, ()))
        wrote += [f"Those who wrote the {key} {named}."] if named else []
    return " ".join([*wrote, "Attribution is by url, title and revision in each row's `seeds`."])


def _licence(licence: str, facts: Mapping[str, Any]) -> str:
    seeds = _listed(facts.get("seed_license", {}), "records with such a seed")
    if licence == UNKNOWN:
        head = (
            "Some rows hold text of sources whose records name no licence, or one that this "
            "program does not know: clear those before you publish."
        )
    else:
        head = (
            f"{LICENSE_NAMES[licence]} (`{licence}`), the most restrictive licence of the rows. "
            "Rows that hold seed text are under their seeds' licence; others under "
            f"{LICENSE_NAMES[OWN]}."
        )
    return f"{head}\n\nLicences of the seeds:\n\n{seeds}"


def _tables(facts: Mapping[str, Any]) -> str:
    parts = []
    for group in ("config", "exercise", "language", "method"):
        rows = "\n".join(f"| {name} | {n:,} |" for name, n in facts.get(group, {}).items())
        parts.append(f"| {group} | records |\n|---|---|\n{rows}")
    return "\n\n".join(parts)


def _listed(values: Mapping[str, int], unit: str) -> str:
    return "\n".join(f"- {name}: {n:,} {unit}" for name, n in values.items()) or "None."


def _models(facts: Mapping[str, Any]) -> str:
    lines = [
        f"- `{model['name']}`"
        + "".join(f", {key} {model[key]}" for key in ("revision", "license") if model[key])
        + f": {model['records']:,} records"
        for model in models_of(facts)
    ]
    return "\n".join(lines) or "None."


def _embedded(embedder: Mapping[str, str], accounts: Sequence[Account]) -> str:
    """Which model's vectors say which passages are neighbours, where there are any."""
    if not any(account.name == "EmbedPassages" for account in accounts):
        return ""
    name = " ".join(filter(None, [embedder["engine"], embedder["model"]]))
    weights = f" (weights `{embedder['weights']}`)" if embedder["weights"] else ""
    return f"\n\nPassages were embedded by `{name}`{weights}, to find their neighbours."


def _flow(accounts: Sequence[Account]) -> str:
    rows = [
        f"| {a.name} | {a.entered:,} | {a.passed:,} | {sum(a.rejected.values()):,} "
        f"| {sum(a.failed.values()):,} | {a.out:,} |"
        for a in accounts
    ]
    head = "| stage | in | passed | rejected | failed | out |\n|---|---|---|---|---|---|\n"
    alone = counted_alone(accounts)
    return head + "\n".join(rows) + f"\n\n{alone}" * bool(alone)
