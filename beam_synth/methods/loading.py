"""From a method's name in a job to the method."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import traceback
from collections.abc import Iterable
from types import ModuleType

from beam_synth.errors import Refused, nearest
from beam_synth.job.schema import Job
from beam_synth.methods.declaration import Method
from beam_synth.records import REASONS, DatasetConfig

# name -> its module in beam_synth.methods
SHIPPED = {
    "memorization": "memorization",
    "rag": "rag.program",
    "rag_ends": "rag.program",
    "mcq": "mcq.program",
    "arithmetic": "arithmetic.program",
    "math_mcq": "arithmetic.program",
    "creative_writing": "writing.program",
    "constrained_writing": "writing.program",
    "editing": "editing.program",
    "multi_turn": "multi_turn.program",
    "rephrase": "rephrase.program",
}

_LOADED: dict[str, tuple[Method, Method]] = {}  # name -> as declared, and under that name


def load_method(name: str) -> Method:
    """The method of that name: a shipped one, or "package.module:function".

    The module is imported here, so that a run pays for the methods of its mixture alone.

    Raises Refused with the nearest known name when there is none; with the file and line where
    importing the module breaks; and where the function is no method, or not async.

    >>> load_method("rag").exercise
    'rag'
    """
    module_name, _, function_name = name.partition(":")
    if not function_name:
        if name not in SHIPPED:
            raise Refused(
                f"mixture: there is no method {name!r}{nearest(name, SHIPPED)}; shipped are "
                f"{', '.join(SHIPPED)}; your own is 'package.module:function'"
            )
        module_name, function_name = f"beam_synth.methods.{SHIPPED[name]}", name
    declared = _declared(name, module_name, function_name)
    known = _LOADED.get(name)
    if known is None or known[0] is not declared:  # a module that was loaded anew declares anew
        known = _LOADED[name] = declared, dataclasses.replace(declared, name=name)
    return known[1]


def load_methods(names: Iterable[str]) -> dict[str, Method]:
    """Several methods by name, in order of their names.

    Raises Refused as `load_method`, and where two of them mean different things by one reason or
    one config.
    """
    methods = {name: load_method(name) for name in sorted(names)}
    reasons: dict[str, tuple[str, str]] = {}
    configs: dict[str, str] = {}
    for name, method in methods.items():
        for reason, meaning in method.reasons.items():
            other, known = reasons.setdefault(reason, (name, meaning))
            if known != meaning:
                raise Refused(
                    f"mixture: {other!r} and {name!r} mean different things by the reason "
                    f"{reason!r}; rename one"
                )
        config = method.makes
        other = configs.setdefault(config.name, name)
        if config.schema != methods[other].makes.schema:
            raise Refused(
                f"mixture: {other!r} and {name!r} make records of different schemas under the "
                f"name {config.name!r}; rename one"
            )
    return methods


def reasons_of(names: Iterable[str]) -> dict[str, str]:
    """All reasons for which a run of these methods may turn a record down, with their meanings."""
    methods = load_methods(names)
    return REASONS | {r: text for method in methods.values() for r, text in method.reasons.items()}


def configs_of(names: Iterable[str]) -> list[DatasetConfig]:
    """The kinds of records that these methods make, by name, each once."""
    made = {method.makes.name: method.makes for method in load_methods(names).values()}
    return [made[name] for name in sorted(made)]


def wants_neighbors(job: Job) -> bool:
    """Whether a task of the job may have neighbours; where none does, nothing has to be embedded.

    Raises Refused as `load_method`.

    >>> job = Job(name="a", articles=["a.jsonl"], mixture={"editing": 1})
    >>> wants_neighbors(job), wants_neighbors(job.model_copy(update={"mixture": {"rag": 1}}))
    (False, True)
    """
    return job.neighbors.k > 0 and any(load_method(name).neighbors for name in job.mixture)


def _declared(name: str, module_name: str, function_name: str) -> Method:
    """The declaration that `@method` left on a function. Raises Refused where there is none."""
    module = _imported(name, module_name)
    place = getattr(module, "__file__", None) or module_name
    function = getattr(module, function_name, None)
    if function is None:
        methods = [key for key, value in vars(module).items() if _method_of(value) is not None]
        known = f"; its methods are {', '.join(methods)}" if methods else ""
        raise Refused(
            f"mixture: {name}: {place} has no {function_name!r}"
            f"{nearest(function_name, methods or vars(module))}{known}"
        )
    declared = _method_of(function)
    if declared is None:
        raise Refused(
            f"mixture: {name}: {_place_of(function, place)}: {function_name!r} is no method: "
            "decorate an async function with @beam_synth.methods.method(...)"
        )
    if not inspect.iscoroutinefunction(inspect.unwrap(declared.function)):
        raise Refused(
            f"mixture: {name}: {_place_of(declared.function, place)}: a method has to be "
            f"'async def {function_name}', and return what it makes"
        )
    return declared


def _imported(name: str, module_name: str) -> ModuleType:
    """The module. Raises Refused with the file and line where importing it breaks."""
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and f"{module_name}.".startswith(f"{error.name}."):
            raise Refused(
                f"mixture: {name}: there is no module {error.name!r}; the folder that holds it has "
                "to be on PYTHONPATH"
            ) from error
        raise Refused(_broken(name, module_name, error)) from error
    except (Exception, SystemExit) as error:  # whatever a user's module does when it is imported
        raise Refused(_broken(name, module_name, error)) from error


def _broken(name: str, module_name: str, error: BaseException) -> str:
    """What to say of an error while a module is imported: the innermost place outside of Python."""
    if isinstance(error, SyntaxError):
        return f"mixture: {name}: {error.filename}:{error.lineno}: {error.msg}"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<frozen ") and frame.filename != importlib.__file__
    ]
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if len(frames) > 1 else module_name
    first = str(error).partition("\n")[0]
    return f"mixture: {name}: {where}: {type(error).__name__}: {first}, while it was imported"


def _method_of(value: object) -> Method | None:
    declared = getattr(value, "__dict__", {}).get("beam_synth_method")
    return declared if isinstance(declared, Method) else None


def _place_of(value: object, otherwise: str) -> str:
    """File and line where a function or class stands; `otherwise` for anything else."""
    code = getattr(inspect.unwrap(value) if callable(value) else value, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else otherwise
