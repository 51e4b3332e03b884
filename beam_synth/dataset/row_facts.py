"""Facts of a dataset, as addends that shards send and as the groups that card and report show.

A fact is a number under a key such as "rows:samples:language:en"; those of all shards add up, in
any order. Measures of other stages travel beside them under keys such as "generation.calls".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
import pyarrow as pa

from beam_synth.dataset.licenses import UNKNOWN, record_license

_PREFIX = "rows:"  # keys of facts, apart from those of other stages


def facts_of(config: str, methods: Iterable[str], table: pa.Table) -> Counter[str]:
    """Addends of a dataset's facts; keys hold a config, a group and a name.

    Args:
        config: name of the rows' DatasetConfig.
        methods: of each row, as the job's mixture names it.
        table: rows of the config's schema.

    Groups are "words" (with the name ""), "license", "exercise", "language", "method", and
    "source" (host of a url), "seed_license" and "model", which count the rows that have such a
    seed or model.
    """
    facts: Counter[str] = Counter()

    def add(group: str, name: str, n: int = 1) -> None:
        facts[f"{_PREFIX}{config}:{group}:{name}"] += n

    for method in methods:
        add("method", method)
    columns = [name for name in _FACTS if name in table.schema.names]
    for row in table.select(columns).to_pylist():
        add("words", "", row["words"] or 0)
        add("license", record_license(row))
        for group in ("exercise", "language"):
            add(group, row[group])
        for host in {urlsplit(seed["url"]).netloc or UNKNOWN for seed in row["seeds"]}:
            add("source", host)
        for name in {seed["license"] or UNKNOWN for seed in row["seeds"]}:
            add("seed_license", name)
        for model in {_model(model) for model in row["models"]}:
            add("model", model)
    return facts


_FACTS = ["words", "exercise", "language", "query_seed_text", "seeds", "models"]

# config -> group -> name -> number
Facts = Mapping[str, Mapping[str, Mapping[str, int]]]


def _model(model: Mapping[str, Any]) -> str:
    return orjson.dumps([model[key] or "" for key in ("name", "revision", "license")]).decode()


def gather(metrics: Iterable[tuple[str, int | float]]) -> tuple[Facts, dict[str, Any]]:
    """(facts by config and group, everything else by the part of its key before the first dot).

    Each key comes once, with its sum. Keys without a dot stay at the top.

    >>> gather([("rows:samples:language:en", 3), ("generation.calls", 5), ("tries", 1)])
    ({'samples': {'language': {'en': 3}}}, {'generation': {'calls': 5}, 'tries': 1})
    """
    facts: dict[str, dict[str, dict[str, Any]]] = {}
    others: dict[str, Any] = {}
    for key, n in sorted(metrics):
        if key.startswith(_PREFIX):
            _, config, group, name = key.split(":", 3)
            facts.setdefault(config, {}).setdefault(group, {})[name] = n
        elif "." in key:
            group, name = key.split(".", 1)
            others.setdefault(group, {})[name] = n
        else:
            others[key] = n
    return facts, others


def overall(facts: Facts) -> dict[str, dict[str, int]]:
    """Facts of all configs together, by group; "config" counts the rows of each.

    >>> overall({"samples": {"language": {"en": 3}}, "texts": {"language": {"en": 1}}})
    {'config': {'samples': 3, 'texts': 1}, 'language': {'en': 4}}
    """
    groups: dict[str, Counter[str]] = {}
    counts = {config: rows_in(of_config) for config, of_config in facts.items()}
    for of_config in facts.values():
        for group, names in of_config.items():
            groups.setdefault(group, Counter()).update(names)
    found = {group: dict(sorted(names.items())) for group, names in sorted(groups.items())}
    return {"config": counts, **found} if counts else {}


def rows_in(facts: Mapping[str, Mapping[str, int]]) -> int:
    """Number of rows that facts by group tell of."""
    return sum(facts.get("language", {}).values())


def nested(measures: Mapping[str, int | float]) -> dict[str, dict[str, Any]]:
    """What generation took: {"total": {"calls": n}, "by_method": {"rag": {"calls": n}}, ...}.

    Keys of `measures` are those of `call_figures`. A cost comes in the prices' currency; a
    latency histogram maps the upper bound of each bin, in ms, to its calls.

    >>> nested({"calls": 2, "method:rag:calls": 2, "method:rag:nano_cost": 1_500_000_000})
    {'total': {'calls': 2}, 'by_method': {'rag': {'calls': 2, 'cost': 1.5}}}
    >>> nested({"latency_ms_64": 3})
    {'total': {'latency_ms': {'64': 3}}}
    """
    groups: dict[str, dict[str, Any]] = {}
    for key, n in sorted(measures.items()):
        group, _, measure = key.rpartition(":")
        kind, _, name = group.partition(":")  # a model's name may hold colons itself
        values = groups.setdefault(f"by_{kind}" if group else "total", {})
        _add(values.setdefault(name, {}) if group else values, measure, n)
    return groups


def altered_sources(measures: Mapping[str, int]) -> dict[str, Any]:
    """What reading changed in the texts of sources; {} where nothing.

    >>> altered_sources({"control_tokens": 2, "markup_removed:link": 5})
    {'control_tokens': 2, 'markup_removed': {'link': 5}}
    """
    found: dict[str, Any] = {}
    for key, n in sorted(measures.items()):
        group, _, name = key.partition(":")
        if name:
            found.setdefault(group, {})[name] = n
        else:
            found[group] = n
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
    """Distinct models over the rows, with the number of rows that each had a part in.

    >>> models_of({"model": {'["extractive","1","Apache-2.0"]': 4}})
    [{'name': 'extractive', 'revision': '1', 'license': 'Apache-2.0', 'records': 4}]
    """
    keys = ("name", "revision", "license")
    return [
        {**dict(zip(keys, orjson.loads(model), strict=True)), "records": n}
        for model, n in facts.get("model", {}).items()
    ]
