"""One name, one meaning: public names that stand in several modules are listed here."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from scripts.rooms import module_of, room_of, sources

# Name -> (why it stands in several modules, the modules or packages where it means the same).
# A further module outside them is a further meaning.
SAME_MEANING: dict[str, tuple[str, tuple[str, ...]]] = {
    "main": ("what a module does when it is run", ("beam_synth",)),
    "Tokenizer": ("the protocol and what keeps it", ("beam_synth.engines", "beam_synth.knowledge")),
    "verify": ("makes the checks of a method's row again", ("beam_synth.methods",)),
    "checks_of": ("all checks of what a method made, in order", ("beam_synth.methods",)),
    "query_checks": ("those checks that look at the query alone", ("beam_synth.methods",)),
    "query": (
        "the rule for that template of a method",
        ("beam_synth.rule_engine.conversation", "beam_synth.rule_engine.mcq"),
    ),
    **dict.fromkeys(
        ("check_answer", "check_conclusion", "check_entailment", "check_key", "check_leaks",
         "check_options", "check_supported"),
        ("the check that rows record under that name, of a method's own kind of sample",
         ("beam_synth.checks", "beam_synth.methods")),
    ),
}  # fmt: skip

# Rooms whose modules are named after what they are for, which has its algorithms in another room.
NAMED_AFTER = {
    "records": "what the thing is: its types and Arrow schemas",
    "rule_engine": "how the rules do that method, or that part of one",
    "transforms": "the stage",
    "commands": "the command",
}

# Last part of a module's name -> why several packages have one.
SAME_ROLE = {
    "base": "the types and protocols that the modules beside it share",
    "examples": "what the prompts of a method are tried with",
    "checks": "the checks of a method; those of several methods are the room of that name",
    "forms": "the form of what is written: of any answer, and of edited texts",
    "loading": "from a name in a job to what it names",
    "program": "the programs of a method, and what drives programs",
    "seeds": "what a method starts from: the types, and how tasks get their texts",
    "sampling": "draws one of that material",
}


def _public_names() -> dict[str, list[str]]:
    """Name of a public class or function at the top of a module -> the modules that define it."""
    names: dict[str, list[str]] = {}
    for path in sources("beam_synth", "transforms"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if not node.name.startswith("_"):
                names.setdefault(node.name, []).append(module_of(path))
    return names


def _meanings(name: str, modules: list[str]) -> list[str]:
    """The modules, those with the shared meaning as one."""
    _, same = SAME_MEANING.get(name, ("", ()))
    shared = [m for m in modules if any(f"{m}.".startswith(f"{package}.") for package in same)]
    others = [module for module in modules if module not in shared]
    return [*shared[:1], *others]


def _module_names() -> dict[str, list[str]]:
    """Last part of a module's name -> the modules that have it."""
    names: dict[str, list[str]] = {}
    for path in sources("beam_synth", "transforms"):
        module = module_of(path)
        names.setdefault(module.rpartition(".")[2], []).append(module)
    return names


def _told(names: Mapping[str, list[str]]) -> str:
    return "\n".join(f"{name}: {', '.join(modules)}" for name, modules in sorted(names.items()))


def test_no_two_things_share_a_name() -> None:
    several = {
        name: modules
        for name, modules in _public_names().items()
        if len(_meanings(name, modules)) > 1
    }
    assert not several, f"rename, or say why in SAME_MEANING:\n{_told(several)}"


def test_no_two_modules_share_a_name() -> None:
    several: dict[str, list[str]] = {}
    for name, modules in _module_names().items():
        # Data of a language is named by its code, wherever it lies.
        own = [m for m in modules if room_of(m) not in NAMED_AFTER and len(name) > 2]
        if len(own) > 1 and name not in SAME_ROLE:
            several[name] = own
    assert not several, f"rename, or say why in SAME_ROLE:\n{_told(several)}"


def test_every_exception_is_needed() -> None:
    names, modules = _public_names(), _module_names()
    unneeded = [n for n in SAME_MEANING if _meanings(n, names.get(n, [])) == names.get(n, [])]
    unneeded += [name for name in SAME_ROLE if len(modules.get(name, [])) < 2]
    assert unneeded == []
