"""Where a dataset comes from: facts of its rows, its licence and the dataset card.

The card follows the OTDI dataset specification 0.1.7 (methods.md 19) on top of the Hugging Face
card format.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
import pyarrow as pa
import yaml

from beam_synth.dataset.accounts import Account

UNKNOWN = "unknown"
# The licence of machine-made text that holds none of its seeds' text.
OWN = "CDLA-Permissive-2.0"
# From the laxest to the most restrictive; each may be passed on under any later one. A work that
# mixes them takes the last. BY-SA 3.0 lets adaptations move up to 4.0, and not back.
_LATTICE = (
    "CC0-1.0",
    OWN,
    "MIT",
    "Apache-2.0",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
)
_NAMES = {
    "CC0-1.0": "CC0 1.0 Universal",
    OWN: "Community Data License Agreement - Permissive 2.0",
    "MIT": "MIT License",
    "Apache-2.0": "Apache License 2.0",
    "CC-BY-3.0": "Creative Commons Attribution 3.0",
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International",
    "CC-BY-SA-3.0": "Creative Commons Attribution-ShareAlike 3.0",
    "CC-BY-SA-4.0": "Creative Commons Attribution-ShareAlike 4.0 International",
}
_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))


def join(licenses: Iterable[str]) -> str:
    """The licence of a work that contains works of these: the most restrictive one.

    UNKNOWN where one is missing or not in the lattice: nothing may be presumed of it.
    """
    names = set(licenses) or {OWN}
    if not names <= set(_LATTICE):
        return UNKNOWN
    return max(names, key=_LATTICE.index)


def record_license(row: Mapping[str, Any]) -> str:
    """The licence of one row: that of its seeds where it holds their text."""
    if not row["query_seed_text"]:
        return OWN
    return join(seed["license"] for seed in row["seeds"])


# ---------------------------------------------------------------- facts

_PREFIX = "rows:"  # keys of facts, apart from those of other stages


def facts_of(table: pa.Table) -> Counter[str]:
    """Addends of a dataset's facts from rows of SAMPLE_SCHEMA; keys hold a group and a name."""
    facts: Counter[str] = Counter()
    for row in table.select(_FACTS).to_pylist():
        facts[_key("words", "")] += row["words"] or 0
        facts[_key("license", record_license(row))] += 1
        for group in ("exercise", "language"):
            facts[_key(group, row[group])] += 1
        for host in {urlsplit(seed["url"]).netloc or UNKNOWN for seed in row["seeds"]}:
            facts[_key("source", host)] += 1
        for name in {seed["license"] or UNKNOWN for seed in row["seeds"]}:
            facts[_key("seed_license", name)] += 1
        for model in {_model(model) for model in row["models"]}:
            facts[_key("model", model)] += 1
    return facts


_FACTS = ["words", "exercise", "language", "query_seed_text", "seeds", "models"]


def _model(model: Mapping[str, Any]) -> str:
    return orjson.dumps([model[key] or "" for key in ("name", "revision", "license")]).decode()


def _key(group: str, name: str) -> str:
    return f"{_PREFIX}{group}:{name}"


def method_fact(method: str) -> str:
    """The key under which samples of a method are counted."""
    return _key("method", method)


def gather(metrics: Iterable[tuple[str, int | float]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(facts by group, everything else by the part of its key before the first dot)."""
    facts: dict[str, dict[str, Any]] = {}
    others: dict[str, Any] = {}
    for key, n in sorted(metrics):
        if key.startswith(_PREFIX):
            _, group, name = key.split(":", 2)
            facts.setdefault(group, {})[name] = n
        elif "." in key:
            group, name = key.split(".", 1)
            others.setdefault(group, {})[name] = n
        else:
            others[key] = n
    return facts, others


def nested(measures: Mapping[str, int | float]) -> dict[str, dict[str, Any]]:
    """What generation took: {"total": {"calls": n}, "by_method": {"rag": {"calls": n}}, ...}.

    Keys of `measures` are those of `outcomes.summarise`. A cost comes in the prices' currency; a
    latency histogram maps the upper bound of each bin, in ms, to its calls.
    """
    found: dict[str, dict[str, Any]] = {}
    for key, n in sorted(measures.items()):
        group, _, measure = key.rpartition(":")
        kind, _, name = group.partition(":")  # a model's name may hold colons itself
        of = found.setdefault(f"by_{kind}" if group else "total", {})
        _add(of.setdefault(name, {}) if group else of, measure, n)
    return found


def _add(values: dict[str, Any], measure: str, n: int | float) -> None:
    if measure == "nano_cost":
        values["cost"] = n / 1e9
    elif measure.startswith(_LATENCY):
        bins = {**values.get("latency_ms", {}), measure.removeprefix(_LATENCY): n}
        values["latency_ms"] = {bound: bins[bound] for bound in sorted(bins, key=int)}
    else:
        values[measure] = n


_LATENCY = "latency_ms_"


def models_of(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Distinct models over the rows, with the number of rows that each had a part in."""
    keys = ("name", "revision", "license")
    return [
        {**dict(zip(keys, orjson.loads(model), strict=True)), "samples": n}
        for model, n in facts.get("model", {}).items()
    ]


# ---------------------------------------------------------------- card


def card(
    context: Mapping[str, Any],
    facts: Mapping[str, Any],
    accounts: Iterable[Account],
    configs: Mapping[str, str],
) -> str:
    """README.md of a run; `configs` maps a config's name to the glob of its files."""
    front = yaml.safe_dump(
        _front(context, facts, configs), sort_keys=False, allow_unicode=True, width=1000
    )
    return f"---\n{front}---\n\n{_body(context, facts, accounts)}"


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


def _size(n: int) -> str:
    return next((name for bound, name in _SIZES if n < bound), "n>1M")


def _body(context: Mapping[str, Any], facts: Mapping[str, Any], accounts: Iterable[Account]) -> str:
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"beam-synth:{context['identity']}")
    licence = join(facts.get("license", {}))
    sections = {
        "Dataset summary": f"{_total(facts):,} synthetic training samples "
        f"({facts.get('words', {}).get('', 0):,} words of reasoning and answers), made by "
        f"beam-synth {context['version']} from encyclopaedic articles. "
        f"Unique metadata identifier: `{identifier}`.",
        "Dataset description": _tables(facts),
        "Curated by": "The person or organisation that ran the job; the card is written by "
        "beam-synth and names nobody.",
        "Dataset sources": _listed(facts.get("source", {}), "samples")
        + "\n\nEvery row's `seeds` names the article (url, title, section), its revision, its "
        "licence and the SHA-256 of the passage that was used.",
        "Models": _models(facts),
        "Data collection and processing": _flow(accounts),
        "Source data producers": "The volunteers who wrote the articles; attribution is by url, "
        "title and revision in each row's `seeds`.",
        "Source metadata": "`manifest.json` lists the input files with size and checksum "
        f"(run identity `{context['identity']}`). Parents: "
        + (", ".join(f"`{p}`" for p in context["parents"]) or "none")
        + ".",
        "Licence": _licence(licence, facts),
        "Consent documentation location": "None: the sources are published under open licences.",
        "Bias, risks and limitations": "The samples carry the coverage and the errors of their "
        "sources, and whatever the models named above add. Checks are formal and per sample "
        "(`checks`); nobody has read them all.",
        "Personal and sensitive information": "What the source articles say of public persons.",
        "Privacy-enhancing technologies": "None.",
        "Dates": "Issue date and range of generation are left to whoever publishes the dataset: "
        "a run's bytes hold no clock. The sources' revisions date the text.",
        "Dataset card authors": "Generated by beam-synth.",
    }
    text = "\n\n".join(f"## {title}\n\n{body}" for title, body in sections.items())
    return f"# {_name(context)}\n\n{text}\n"


def _licence(licence: str, facts: Mapping[str, Any]) -> str:
    seeds = _listed(facts.get("seed_license", {}), "samples with such a seed")
    if licence == UNKNOWN:
        head = (
            "Some rows hold text of sources whose records name no licence, or one that this "
            "program does not know: clear those before you publish."
        )
    else:
        head = (
            f"{_NAMES[licence]} (`{licence}`), the most restrictive licence of the rows. Rows "
            f"that hold seed text are under their seeds' licence; others under {_NAMES[OWN]}."
        )
    return f"{head}\n\nLicences of the seeds:\n\n{seeds}"


def _tables(facts: Mapping[str, Any]) -> str:
    parts = []
    for group in ("exercise", "language", "method"):
        rows = "\n".join(f"| {name} | {n:,} |" for name, n in facts.get(group, {}).items())
        parts.append(f"| {group} | samples |\n|---|---|\n{rows}")
    return "\n\n".join(parts)


def _listed(values: Mapping[str, int], unit: str) -> str:
    return "\n".join(f"- {name}: {n:,} {unit}" for name, n in values.items()) or "None."


def _models(facts: Mapping[str, Any]) -> str:
    lines = [
        f"- `{model['name']}`"
        + "".join(f", {key} {model[key]}" for key in ("revision", "license") if model[key])
        + f": {model['samples']:,} samples"
        for model in models_of(facts)
    ]
    return "\n".join(lines) or "None."


def _flow(accounts: Iterable[Account]) -> str:
    rows = [
        f"| {a.name} | {a.entered:,} | {a.passed:,} | {sum(a.rejected.values()):,} "
        f"| {sum(a.failed.values()):,} | {a.out:,} |"
        for a in accounts
    ]
    head = "| stage | in | passed | rejected | failed | out |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(rows)
