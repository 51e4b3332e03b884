"""From a job file's YAML to a job, or to what is wrong with it, one line a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from beam_synth.errors import Refused, nearest
from beam_synth.job.row_keys import DocumentRows, InstructionRows
from beam_synth.job.schema import ONE, SECRET, SEVERAL, Job, Model, Price, Property
from beam_synth.job.strict import Strict
from beam_synth.storage.yaml_reading import read_yaml


def parse_job(data: Any, where: str) -> Job:
    """Validate a parsed job; `where` names its origin in messages.

    Raises Refused with one line a fault: the key and what to do.

    >>> parse_job({"name": "a", "sede": 1, "articles": ["a"], "mixture": {"rag": 1}}, "a.yaml")
    Traceback (most recent call last):
    ...
    beam_synth.errors.Refused: a.yaml: the job is not valid:
      sede: unknown key (did you mean 'seed'?)
    """
    if not isinstance(data, dict):
        raise Refused(f"{where}: a job is a mapping of keys, found {type(data).__name__}")
    try:
        return Job.model_validate(data)
    except ValidationError as error:
        lines = [_explain(fault, data) for fault in error.errors()]
        raise Refused(f"{where}: the job is not valid:\n  " + "\n  ".join(lines)) from None


def _explain(fault: Any, data: dict[str, Any]) -> str:
    path = [str(part) for part in fault["loc"] if part not in (ONE, SEVERAL, "[key]")]
    key = ".".join(path)
    if fault["type"] == "extra_forbidden":
        known = _known_keys(path[:-1])
        if SEVERAL in fault["loc"] and len(path) == 3:
            return f"{key}: a role has one model's keys or a pool of models, not both"
        return f"{key}: unknown key{nearest(path[-1], known)}"
    if fault["type"] == "missing":
        return f"{key}: this key is required"
    if fault["type"] == SECRET:
        return "\n  ".join(f"{key}.{line}" for line in fault["msg"].splitlines())
    if not path:  # of the job as a whole
        return str(fault["ctx"]["error"])
    return f"{key}: {fault['msg']}, found {fault['input']!r}"


def _known_keys(path: list[str]) -> list[str]:
    model: Any = Job
    if path[:1] == ["models"] and len(path) > 1:
        return [*Model.model_fields, *(["pool"] if len(path) == 2 else [])]
    for part in path:
        field = model.model_fields.get(part) if hasattr(model, "model_fields") else None
        model = field.annotation if field is not None else _MAPPED.get(path[0])
        if not hasattr(model, "model_fields"):
            model = _MAPPED.get(path[0])
    return list(model.model_fields) if hasattr(model, "model_fields") else []


_MAPPED: dict[str, type[Strict]] = {
    "documents": DocumentRows,
    "instructions": InstructionRows,
    "models": Model,
    "prices": Price,
    "expand": Property,
}


def load_yaml(path: Path) -> Any:
    """What a YAML file holds.

    Raises Refused, naming the file and the line, where it cannot be read or is not valid, and where
    a key stands twice.
    """
    try:
        return read_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: not valid YAML: {error}") from error
