"""Facts of a dataset, as addends that shards send and as the groups that card and report show.

A fact is a number under a key such as "rows:language:en"; those of all shards add up, in any
order. Measures of other stages travel beside them under keys such as "generation.calls".
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


def facts_of(table: pa.Table) -> Counter[str]:
    """Addends of a dataset's facts from rows of SAMPLE_SCHEMA; keys hold a group and a name.

    Groups are "words" (with the name ""), "license", "exercise", "language", and "source" (host of
    a url), "seed_license" and "model", which count the rows that have such a seed or model.
    """
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
    """The key under which samples of a method are counted.

    >>> method_fact("rag")
    'rows:method:rag'
    """
    return _key("method", method)


def gather(metrics: Iterable[tuple[str, int | float]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(facts by group, everything else by the part of its key before the first dot).

    Each key comes once, with its sum. Keys without a dot stay at the top.

    >>> gather([("rows:language:en", 3), ("generation.calls", 5), ("tries", 1)])
    ({'language': {'en': 3}}, {'generation': {'calls': 5}, 'tries': 1})
    """
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
    [{'name': 'extractive', 'revision': '1', 'license': 'Apache-2.0', 'samples': 4}]
    """
    keys = ("name", "revision", "license")
    return [
        {**dict(zip(keys, orjson.loads(model), strict=True)), "samples": n}
        for model, n in facts.get("model", {}).items()
    ]
