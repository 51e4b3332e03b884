"""Prompts: one Jinja file a step, `templates/prompts/<method>/<step>.jinja`.

A file holds blocks `system` (optional) and `user`; each becomes one chat message. A job's own
folder overrides shipped files by name, and may add templates for the user's own methods.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta
import jinja2.nodes

from beam_synth.errors import Refused, nearest
from beam_synth.storage.shipped import shipped_folder

ROLES = ("system", "user")


class TemplateFault(Refused):
    """A template that does not parse, or does not render with what its step has.

    `file` is its name below the folders of prompts ("rag/query.jinja"), `line` counts from 1,
    `what` says what is wrong.

    >>> str(TemplateFault("rag/query.jinja", 3, "'pasage' is undefined"))
    "prompts: rag/query.jinja:3: 'pasage' is undefined"
    """

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"prompts: {file}:{line}: {what}")
        self.file = file
        self.line = line
        self.what = what

    def __reduce__(self) -> tuple[type[TemplateFault], tuple[str, int, str]]:
        return TemplateFault, (self.file, self.line, self.what)


class _Undefined(jinja2.StrictUndefined):
    """What is not there fails, with the nearest name that is."""

    @property
    def _undefined_message(self) -> str:
        value = self._undefined_obj
        names = value if isinstance(value, Mapping) else dir(value)
        missing = str(self._undefined_name)
        return f"{super()._undefined_message}{nearest(missing, map(str, names))}"


class Prompts:
    """The prompt templates of one job. `folder` (may be None) comes before the shipped ones.

    Pickles as its folder: a worker reads the templates again. Raises Refused for a folder that is
    none.

    >>> "memorization/query" in Prompts().names()
    True
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self._folders = [Path(folder)] if folder is not None else []
        if self._folders and not self._folders[0].is_dir():
            raise Refused(f"prompts: {folder} is not a folder")
        self._folders.append(shipped_folder("prompts"))
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([str(f) for f in self._folders], encoding="utf-8"),
            undefined=_Undefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,  # a job has one wording of each step, and looks at no file twice
        )
        self._compiled: dict[str, jinja2.Template] = {}
        self._sources: dict[str, str] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"folder": str(self._folders[0]) if len(self._folders) > 1 else None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["folder"])  # type: ignore[misc]

    def names(self) -> list[str]:
        """Every template that can be asked for, without `.jinja`, sorted."""
        templates = {
            path.relative_to(folder).with_suffix("").as_posix()
            for folder in self._folders
            for path in folder.glob("*/*.jinja")
        }
        return sorted(templates)

    @property
    def own_folder(self) -> Path | None:
        """The job's own folder; None where it has none."""
        return self._folders[0] if len(self._folders) > 1 else None

    def path(self, file: str) -> Path | None:
        """The file of that name that counts ("rag/query.jinja"): the job's own before ours."""
        found = (folder / file for folder in self._folders)
        return next((path for path in found if path.is_file()), None)

    def source(self, template: str) -> str:
        """The template's text. Raises Refused, naming the nearest known one, if there is none, and
        for one that is no text."""
        if template not in self._sources:
            path = self.path(f"{template}.jinja")
            if path is None:
                known = nearest(template, self.names())
                places = " or ".join(str(folder) for folder in self._folders)
                raise Refused(f"prompts: there is no {template}.jinja in {places}{known}")
            try:
                self._sources[template] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise Refused(f"prompts: {path}: cannot be read as UTF-8: {error}") from error
        return self._sources[template]

    def sha256(self, template: str) -> str:
        """Hex SHA-256 of the template's text, followed by the texts of what it includes, if any."""
        texts = [self.source(template), *(self.source(name) for name in self.included(template))]
        return hashlib.sha256("\0".join(texts).encode("utf-8")).hexdigest()

    def included(self, template: str) -> list[str]:
        """The templates that this one includes, imports or extends, and those that they do, sorted.

        Names are without `.jinja`; a name that is a variable's value is not followed. Raises
        TemplateFault for a template that there is not, and for one that does not parse.
        """
        found: set[str] = set()
        waiting = [template]
        while waiting:
            asking = waiting.pop()
            tree = self.parsed(asking)
            for file in jinja2.meta.find_referenced_templates(tree):
                name = (file or "").removesuffix(".jinja")
                if not name or name in found:
                    continue
                if self.path(f"{name}.jinja") is None:
                    what = f"there is no {file}{nearest(name, self.names())}"
                    raise TemplateFault(f"{asking}.jinja", _line_of(tree, file or ""), what)
                found.add(name)
                waiting.append(name)
        return sorted(found)

    def parsed(self, template: str) -> jinja2.nodes.Template:
        """The template's syntax tree. Raises TemplateFault where it has a fault of syntax."""
        try:
            return self._environment.parse(self.source(template), name=f"{template}.jinja")
        except jinja2.TemplateSyntaxError as error:
            raise self._misread(error, template) from error

    def undeclared(self, template: str) -> set[str]:
        """The variables that the template needs on some way through it.

        Raises TemplateFault as `parsed` does, and for a filter or a test that there is not.
        """
        try:
            return jinja2.meta.find_undeclared_variables(self.parsed(template))
        except jinja2.TemplateSyntaxError as error:
            raise self._misread(error, template) from error

    def render(self, template: str, variables: Mapping[str, Any]) -> list[dict[str, str]]:
        """Chat messages: `[{"role": "system", "content": …}, {"role": "user", "content": …}]`.

        A template without blocks is one user message. Raises TemplateFault for a template that
        does not parse, names a variable which the step does not have, or breaks in another way.
        """
        try:
            compiled = self._compiled.get(template) or self._compile(template)
            context = compiled.new_context({**compiled.globals, **variables}, shared=True)
            roles = [role for role in ROLES if role in compiled.blocks]
            if not roles:
                text = "".join(compiled.root_render_func(context))
                return [{"role": "user", "content": text.strip()}]
            return [
                {"role": role, "content": "".join(compiled.blocks[role](context)).strip()}
                for role in roles
            ]
        except jinja2.TemplateSyntaxError as error:
            raise self._misread(error, template) from error
        except jinja2.UndefinedError as error:
            raise TemplateFault(*_place(error, template), str(error)) from error
        except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            what = f"{type(error).__name__}: {error}"
            raise TemplateFault(*_place(error, template), what) from error

    def _misread(self, error: jinja2.TemplateSyntaxError, template: str) -> TemplateFault:
        """What is wrong with a template's syntax, and where; Jinja quotes the name of a filter."""
        what = str(error.message).removesuffix(".")
        _, quote, name = what.removesuffix("'").partition("named '")
        if quote:
            what += nearest(name, {*self._environment.filters, *self._environment.tests})
        file = error.name or ""
        known = file if file.endswith(".jinja") else f"{template}.jinja"
        return TemplateFault(known, error.lineno, what)

    def _compile(self, template: str) -> jinja2.Template:
        self.source(template)
        compiled = self._environment.get_template(f"{template}.jinja")
        compiled.globals = dict(compiled.globals)  # a chain of maps, which is slow to go through
        self._compiled[template] = compiled
        return compiled


def _line_of(tree: jinja2.nodes.Template, file: str) -> int:
    """The line in which a template names another."""
    named = list(tree.find_all(jinja2.nodes.Const))
    return next((node.lineno for node in named if node.value == file), 1)


def _place(error: BaseException, template: str) -> tuple[str, int]:
    """The file and line of the innermost template that an error came through."""
    found = (f"{template}.jinja", 1)
    for frame, line in traceback.walk_tb(error.__traceback__):
        compiled = frame.f_globals.get("__jinja_template__")
        if isinstance(compiled, jinja2.Template) and compiled.name:
            found = (compiled.name, compiled.get_corresponding_lineno(line))
    return found
