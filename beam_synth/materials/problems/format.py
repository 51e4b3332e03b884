"""The template format: strict YAML, one file a topic.

    topic: percentages
    problems:
      discount:
        values:                        # original values stand after "="
          price: 20..900 by 10 = 80    # integers; also "1/2, 2/3 = 2/3" (choices), "people = Anna"
          rate: 5..60 by 5 = 25
        where: [price * rate % 100 == 0]
        steps:                         # label: name = expression; every number is computed
          - "discount: off = price * rate / 100"
          - "reduced price: left = price - off"
        answer: price * (100 - rate) / 100
        type: integer                  # integer | rational | decimal N | percent
        unit: km                       # optional; a symbol, the same in every language
        check:                         # the second route: equations, or an enumeration
          unknowns: [x, y]             # the first is the answer
          equations: [x + y = price, y = price * rate / 100]
        text:
          en: "A coat costs {price} euros. …"

`check: {search: {k: 1..n}, where: [...], take: count}` enumerates instead; `take` is count, or
`sum E`, `min E`, `max E`. `signed: true` allows steps that are not positive. Names of steps may be
used in later steps, not in `answer`. A step may end in `| rational` (or another type) where its
type is not the answer's.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import yaml

from beam_synth.errors import Refused, nearest
from beam_synth.materials.problems.exact_arithmetic import ExpressionError
from beam_synth.materials.problems.expressions import (
    Node,
    Value,
    is_arithmetic,
    names_in,
    parse_expression,
)
from beam_synth.materials.problems.rendering import slots
from beam_synth.materials.problems.templates import (
    Domain,
    Instance,
    Problem,
    Search,
    SearchRange,
    SolutionStep,
    TemplateError,
    canonical_json,
    of_type,
    read_domain,
)
from beam_synth.records import LANGUAGES
from beam_synth.storage.shipped import shipped_folder
from beam_synth.storage.yaml_reading import read_yaml
from beam_synth.text.control_tokens import neutral, neutral_tree

__all__ = [
    "Instance",
    "Problem",
    "TemplateError",
    "load_problems",
    "of_type",
    "problem_of",
    "read_file",
    "read_template",
]

_STEP = re.compile(r"([^:|=]+): ([a-z_]\w*) = ([^|]+?)(?: \| ([a-z 0-9]+))?")
_TYPE = re.compile(r"integer|rational|percent|decimal [1-6]")
_KEYS = {
    "values": dict,
    "where": list,
    "steps": list,
    "answer": str,
    "type": str,
    "unit": str,
    "check": dict,
    "signed": bool,
    "text": dict,
}
_NEEDED = ("values", "steps", "answer", "type", "check", "text")
_CHECK_KEYS = ("unknowns", "equations", "given", "search", "where", "take")


def problem_of(record: Mapping[str, Any]) -> Problem:
    """The problem of a record that `Problem.record` made; equal records give the same object.

    Raises TemplateError where the template is wrong, KeyError where the record lacks a key.
    """
    return _problem_of(canonical_json(record))


@functools.lru_cache(maxsize=4096)
def _problem_of(raw: bytes) -> Problem:
    record = orjson.loads(raw)
    return read_template(record["name"], record["topic"], record["template"])


# ---------------------------------------------------------------- reading one template


def read_template(name: str, topic: str, source: Mapping[str, Any]) -> Problem:
    """A template from its YAML object, as the module's text shows it.

    It is not worked out here: whether the original values work is seen by `read_file`.

    Raises TemplateError, with the key, for a key that is unknown, missing or of another type, an
    expression that is none or uses an unknown name, and a text whose slots are not the values.
    """
    _check_keys(source)
    domains: dict[str, Domain] = {}
    original: dict[str, Value] = {}
    for key, written_domain in source["values"].items():
        domains[key], original[key] = read_domain(f"values.{key}", str(written_domain))
    steps, known = _steps(source, set(domains))
    check = source["check"]
    unknowns = tuple(str(unknown) for unknown in check.get("unknowns", ()))
    local = set(domains) | set(unknowns)
    return Problem(
        name=name,
        topic=topic,
        domains=domains,
        original=original,
        where=_expressions("where", source.get("where", []), known),
        steps=steps,
        answer=_expression("answer", source["answer"], set(domains)),
        type=source["type"],
        unit=source.get("unit", ""),
        signed=source.get("signed", False),
        unknowns=unknowns,
        equations=tuple(_equation(equation, local) for equation in check.get("equations", ())),
        given=_expressions("check.given", check.get("given", []), local),
        search=_search(check, set(domains)) if "search" in check else None,
        text=_texts(source["text"], domains),
        source=source,
    )


def _check_keys(source: Mapping[str, Any]) -> None:
    for key, value in source.items():
        if key not in _KEYS:
            raise TemplateError(key, f"is no key of a template{nearest(key, _KEYS)}")
        if not isinstance(value, _KEYS[key]):
            raise TemplateError(key, f"must be a {_KEYS[key].__name__}, not {value!r}")
    for key in _NEEDED:
        if not source.get(key):
            raise TemplateError(key, "is missing; every template has it")
    if not _TYPE.fullmatch(source["type"]):
        raise TemplateError("type", f"{source['type']!r} is no type; write integer, rational, …")
    check = source["check"]
    for key in check:
        if key not in _CHECK_KEYS:
            raise TemplateError(f"check.{key}", f"is no key{nearest(key, _CHECK_KEYS)}")
    if ("search" in check) == ("equations" in check):
        raise TemplateError("check", "needs either equations with unknowns, or search with take")
    needed = "take" if "search" in check else "unknowns"
    if not check.get(needed):
        raise TemplateError(f"check.{needed}", "is missing")


def _expression(key: str, text: object, known: set[str]) -> Node:
    try:
        node = parse_expression(str(text))
    except ExpressionError as error:
        raise TemplateError(key, str(error)) from error
    for name in names_in(node) - known:
        raise TemplateError(key, f"{name!r} is no value{nearest(name, known)}")
    return node


def _expressions(key: str, texts: list[Any], known: set[str]) -> tuple[Node, ...]:
    return tuple(_expression(f"{key}[{i}]", text, known) for i, text in enumerate(texts))


def _equation(text: object, known: set[str]) -> tuple[Node, Node]:
    left, equals, right = str(text).partition(" = ")
    if not equals:
        raise TemplateError("check.equations", f"{text!r} is no equation; write 'a + b = c'")
    return (
        _expression("check.equations", left, known),
        _expression("check.equations", right, known),
    )


def _steps(source: Mapping[str, Any], known: set[str]) -> tuple[tuple[SolutionStep, ...], set[str]]:
    steps = []
    for i, line in enumerate(source["steps"]):
        step = _step(f"steps[{i}]", str(line), source["type"], known)
        steps.append(step)
        known = known | {step.name}
    if not is_arithmetic(steps[-1].node) or not steps[-1].node.args:
        raise TemplateError(f"steps[{len(steps) - 1}]", "the last step must be a sum to write out")
    return tuple(steps), known


def _step(key: str, line: str, answer_type: str, known: set[str]) -> SolutionStep:
    match = _STEP.fullmatch(line)
    if not match:
        raise TemplateError(key, f"{line!r} is no step; write 'label: name = expression'")
    label, name, expression = match[1], match[2], match[3]
    kind = (match[4] or answer_type).strip()
    if not _TYPE.fullmatch(kind):
        raise TemplateError(key, f"{kind!r} is no type")
    if name in known:
        raise TemplateError(key, f"{name!r} is a value already; give it another name")
    if re.search(r"\d", label):
        raise TemplateError(key, "a label holds no number")
    return SolutionStep(label.strip(), name, _expression(key, expression, known), kind)


def _search(check: Mapping[str, Any], known: set[str]) -> Search:
    ranges = []
    for name, bounds in check["search"].items():
        first, dots, last = str(bounds).partition("..")
        if not dots:
            raise TemplateError(f"check.search.{name}", f"{bounds!r} is no range; write '1..n'")
        key = f"check.search.{name}"
        low, high = _expression(key, first, known), _expression(key, last, known)
        ranges.append(SearchRange(str(name), low, high))
        known = known | {str(name)}
    take, _, operand = str(check["take"]).partition(" ")
    if take not in ("count", "sum", "min", "max") or (take == "count") == bool(operand):
        raise TemplateError("check.take", "write count, or 'sum E', 'min E', 'max E'")
    return Search(
        tuple(ranges),
        _expressions("check.where", check.get("where", []), known),
        take,
        _expression("check.take", operand, known) if operand else None,
    )


def _texts(texts: Mapping[str, Any], domains: Mapping[str, Domain]) -> dict[str, str]:
    for language, text in texts.items():
        key = f"text.{language}"
        if language not in LANGUAGES:
            raise TemplateError(key, f"is none of {', '.join(LANGUAGES)}")
        if not isinstance(text, str) or slots(text) != set(domains):
            difference = ", ".join(sorted(slots(str(text)) ^ set(domains))) or "no text"
            raise TemplateError(key, f"its slots are not the template's values: {difference}")
        if re.sub(r"\{\w+\}", "", text).count("{"):
            raise TemplateError(key, "a bracket is left open")
    return dict(texts)


# ---------------------------------------------------------------- files


def load_problems(folder: str | None = None) -> tuple[Problem, ...]:
    """The shipped templates with those of a folder (*.yaml), which replace them by name, in the
    order of their names.

    Raises Refused for a folder without such files and for a template that is wrong, with file, key
    and what to do. Files are read once a process.
    """
    return _load(folder)


@functools.lru_cache(maxsize=8)
def _load(folder: str | None) -> tuple[Problem, ...]:
    problems: dict[str, Problem] = {}
    for folder_of_files in (shipped_folder("problems"), *([Path(folder)] if folder else [])):
        files = sorted(folder_of_files.glob("*.yaml"))
        if not files:
            raise Refused(f"problems: {folder_of_files} is no folder with *.yaml files")
        for path in files:
            problems.update({problem.name: problem for problem in read_file(path)})
    return tuple(problems[name] for name in sorted(problems))


def read_file(path: Path) -> list[Problem]:
    """The templates of one file, in its order; each works at its original values.

    Control tokens in their texts are neutral.

    Raises Refused where the file cannot be read, is no object of topic and problems, or holds a
    template that is wrong.
    """
    from beam_synth.materials.problems.sampling import fault

    try:
        fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        document = read_yaml(path.read_text("utf-8"), fast)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused(f"problems: {path}: cannot be read: {error}") from error
    if not isinstance(document, dict) or set(document) != {"topic", "problems"}:
        raise Refused(f"problems: {path}: must hold the keys topic and problems, and no other")
    problems = []
    for name, source in document["problems"].items():
        try:
            if not isinstance(source, dict):
                raise TemplateError("template", "must be an object of keys")
            topic = neutral(str(document["topic"]))
            problem = read_template(neutral(str(name)), topic, neutral_tree(source))
            reason = fault(problem, problem.original, original=True)
            if reason:
                raise TemplateError("values", f"the original values do not work: {reason}")
        except (TemplateError, ExpressionError) as error:
            raise Refused(f"problems: {path}: {name}: {error}") from error
        problems.append(problem)
    return problems
