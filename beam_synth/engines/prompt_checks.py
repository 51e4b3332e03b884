"""Whether a job's templates can be rendered: looked at, and tried with examples, before any work.

Every wording of every step is, since each will be drawn by some task.

Two ways, since neither is enough. The syntax tree tells the names on every way through a template,
those that no example takes too; rendering tells what filters, loops and indices make of values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import nodes

from beam_synth.engines.prompts import ROLES, Prompts, TemplateFault
from beam_synth.errors import Refused, nearest

Example = Mapping[str, Any]  # a step's variables, as its method would give them
# What a method holds a model to by program: a template that never names it asks for something else.
MUST_SAY = ("trace_words",)
_ASK = ("defined", "undefined", "default", "d")  # tests and filters of what may not be there


def check_prompts(prompts: Prompts, asked: Mapping[str, Sequence[Example]]) -> None:
    """Refuse wordings that cannot be rendered, and files of the job's folder that do nothing.

    Args:
        prompts: the job's.
        asked: each step that the job's methods ask for -> examples of its variables. One
            without examples is parsed and not rendered.

    Raises Refused with a line for each wording: its file, the line and what is wrong there.
    """
    faults = [
        fault
        for template, examples in asked.items()
        for fault in _faults_of(prompts, template, examples)
    ]
    faults += _useless_files(prompts, asked)
    if faults:
        raise Refused("prompts: " + "\n  ".join(faults))


def _faults_of(prompts: Prompts, template: str, examples: Sequence[Example]) -> list[str]:
    """The first fault of each wording of a step."""
    try:
        wordings = prompts.wordings(template)
    except TemplateFault as fault:
        return [f"{prompts.path(fault.file) or Path(fault.file)}: {fault.what}"]
    faults = (_fault_of(prompts, wording, examples) for wording in wordings)
    return [fault for fault in faults if fault]


def _fault_of(prompts: Prompts, template: str, examples: Sequence[Example]) -> str:
    """The first fault of a wording, "" where it has none."""
    try:
        _check_blocks(prompts, template)
        names = [template, *prompts.included(template)]
        for name in names if examples else []:
            _check_names(prompts, name, template, examples)
        _check_said(prompts, names, examples)
        for example in examples:
            _check_rendered(prompts, template, example)
    except TemplateFault as fault:
        path = prompts.path(fault.file) or Path(fault.file)
        return f"{path}:{fault.line}: {fault.what}"
    return ""


def _check_blocks(prompts: Prompts, template: str) -> None:
    """Find what would never be sent: blocks of other names, and text beside the blocks."""
    tree, file = prompts.parsed(template), f"{template}.jinja"
    blocks = [node for node in tree.body if isinstance(node, nodes.Block)]
    if not blocks or tree.find(nodes.Extends):
        return
    for block in blocks:
        if block.name not in ROLES:
            what = f"the block {block.name!r} is never sent{nearest(block.name, ROLES)}"
            raise TemplateFault(file, block.lineno, f"{what}; blocks are {' and '.join(ROLES)}")
    if all(block.name != "user" for block in blocks):
        raise TemplateFault(file, blocks[0].lineno, "there is no block 'user'")
    for output in tree.body:
        if isinstance(output, nodes.Output) and not all(map(_blank, output.nodes)):
            what = "what stands outside of the blocks is never sent; put it into one"
            raise TemplateFault(file, _first_line(output), what)


def _blank(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.TemplateData) and not node.data.strip()


def _first_line(output: nodes.Output) -> int:
    """The line of an output's first words."""
    first = next(node for node in output.nodes if not _blank(node))
    if not isinstance(first, nodes.TemplateData):
        return int(first.lineno)
    return int(first.lineno) + first.data[: -len(first.data.lstrip())].count("\n")


# ---------------------------------------------------------------- names


def _check_names(prompts: Prompts, name: str, template: str, examples: Sequence[Example]) -> None:
    """Find names and fields that no example has, in a template or in what it includes.

    What the template itself asks about (`x is defined`, `x | default`) may not be there.
    """
    file, tree = f"{name}.jinja", prompts.parsed(name)
    known = {variable for example in examples for variable in example}
    free = prompts.undeclared(name)
    tolerated = set(_tolerated(tree))
    if name == template:  # what is included may use names that its includer sets
        for used in tree.find_all(nodes.Name):
            if used.name in free - known - tolerated:
                what = f"{used.name!r} is undefined{nearest(used.name, known)}"
                raise TemplateFault(file, used.lineno, f"{what}; known are {_listed(known)}")
    assigned = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    for node, variable, field in _fields(tree, (free & known) - assigned):
        values = [example[variable] for example in examples if variable in example]
        if f"{variable}.{field}" not in tolerated and not any(_has(v, field) for v in values):
            fields = {each for value in values for each in _field_names(value)}
            what = f"{variable!r} has no {field!r}{nearest(field, fields)}"
            raise TemplateFault(file, node.lineno, f"{what}; it has {_listed(fields)}")


def _check_said(prompts: Prompts, names: Sequence[str], examples: Sequence[Example]) -> None:
    """Find what the step is held to and a wording, with all that it includes, never names."""
    for variable in MUST_SAY:
        if any(variable in example for example in examples) and not any(
            variable in prompts.undeclared(name) for name in names
        ):
            what = f"{variable!r} is never named; rows are checked against it, so it has to be said"
            raise TemplateFault(f"{names[0]}.jinja", 1, what)


def _tolerated(tree: nodes.Template) -> Iterator[str]:
    """The names ("x") and fields ("x.y") that the template asks about before it uses them."""
    asked = [test.node for test in tree.find_all(nodes.Test) if test.name in _ASK]
    asked += [each.node for each in tree.find_all(nodes.Filter) if each.node and each.name in _ASK]
    for node in asked:
        if isinstance(node, nodes.Name):
            yield node.name
        elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            yield f"{node.node.name}.{node.attr}"


def _fields(tree: nodes.Template, variables: set[str]) -> Iterator[tuple[nodes.Expr, str, str]]:
    """(node, variable, field) of each `variable.field` and `variable["field"]`."""
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        field: Any = getattr(node, "attr", None)
        if isinstance(node, nodes.Getitem):
            field = getattr(node.arg, "value", None)
        assert isinstance(node, nodes.Getattr | nodes.Getitem)
        of = node.node
        if isinstance(of, nodes.Name) and of.name in variables and isinstance(field, str):
            yield node, of.name, field


def _has(value: Any, field: str) -> bool:
    return hasattr(value, field) or (isinstance(value, Mapping) and field in value)


def _field_names(value: Any) -> list[str]:
    names = list(value) if isinstance(value, Mapping) else dir(value)
    return [str(name) for name in names if not str(name).startswith("_")]


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


# ---------------------------------------------------------------- rendering and files


def _check_rendered(prompts: Prompts, template: str, example: Example) -> None:
    for message in prompts.render(template, example):
        if not message["content"]:
            what = f"the message of the {message['role']} comes out empty"
            raise TemplateFault(f"{template}.jinja", 1, what)


def _useless_files(prompts: Prompts, asked: Mapping[str, Sequence[Example]]) -> list[str]:
    """What to say of each file of the job's own folder that takes the place of no template.

    Hidden files, editors' copies (`name~`) and READMEs are left alone.
    """
    folder = prompts.own_folder
    if folder is None:
        return []
    shipped = Prompts()
    try:
        wordings = {each for template in asked for each in prompts.wordings(template)}
        included = {name for wording in wordings for name in prompts.included(wording)}
    except Refused:  # told already; what is included cannot be known
        return []
    steps = {*asked, *shipped.names()}
    named = {*steps, *wordings, *included}
    used = {f"{name}.jinja" for name in named} | set(shipped.files())
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        f"{folder / path}: it takes the place of no template that the job's methods ask for"
        f"{nearest(path.as_posix(), used)}; rename it, or move it elsewhere"
        for path in found
        if path.as_posix() not in used
        and not (path.suffix == ".jinja" and path.parent.as_posix() in steps)
        and not _left_alone(path)
    ]


def _left_alone(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return hidden or path.name.endswith("~") or path.name.startswith("README")
