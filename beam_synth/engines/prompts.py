"""Prompts: Jinja files, one wording a step or several that are drawn from.

A step ("rag/answer") is worded by `<method>/<step>.jinja`, or by every file of the folder
`<method>/<step>/`, its variants. A file holds blocks `system` (optional) and `user`; each becomes
one chat message. What several have in common lies in `shared/` and is included. A job's own folder
goes before the shipped ones (`prompt_variants` says how), and may word the user's own methods.
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

from beam_synth.engines.prompt_variants import SHARED, steps_in, variants_of
from beam_synth.errors import Refused, nearest
from beam_synth.records import language_name
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
            keep_trailing_newline=True,  # a text that is included ends its last line
            auto_reload=False,  # a job's wordings stay what they are: no file is looked at twice
        )
        self._environment.filters["language_name"] = language_name
        self._compiled: dict[str, jinja2.Template] = {}
        self._sources: dict[str, str] = {}
        self._trees: dict[str, jinja2.nodes.Template] = {}
        self._variants: dict[str, tuple[str, ...]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"folder": str(self._folders[0]) if len(self._folders) > 1 else None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["folder"])  # type: ignore[misc]

    def names(self) -> list[str]:
        """Every step that can be asked for ("rag/answer"), sorted."""
        return sorted(set().union(*map(steps_in, self._folders)))

    def variants(self, template: str) -> tuple[str, ...]:
        """The names of a step's variants, sorted; () where it has one wording, or none.

        Raises TemplateFault where the job's folder leaves open which of its files count.

        >>> len(Prompts().variants("memorization/query")) >= 10
        True
        """
        if template not in self._variants:
            try:
                self._variants[template] = variants_of(template, self._folders)
            except ValueError as error:
                raise TemplateFault(f"{template}.jinja", 1, str(error)) from error
        return self._variants[template]

    def wordings(self, template: str) -> list[str]:
        """What `render` takes to render each wording of a step: its name with the variants'.

        >>> Prompts().wordings("judge/verdict")
        ['judge/verdict']
        """
        return [f"{template}/{name}" for name in self.variants(template)] or [template]

    def files(self) -> dict[str, Path]:
        """Every file that counts, by its name below the folders: wordings and what is shared."""
        names = [f"{each}.jinja" for step in self.names() for each in self.wordings(step)]
        for folder in self._folders:
            shared = sorted((folder / SHARED).rglob("*.jinja"))
            names += [path.relative_to(folder).as_posix() for path in shared]
        found = {name: self.path(name) for name in names}
        return {name: path for name, path in found.items() if path is not None}

    @property
    def own_folder(self) -> Path | None:
        """The job's own folder; None where it has none."""
        return self._folders[0] if len(self._folders) > 1 else None

    def path(self, file: str) -> Path | None:
        """The file of that name that counts ("rag/query.jinja"): the job's own before ours."""
        found = (folder / file for folder in self._folders)
        return next((path for path in found if path.is_file()), None)

    def source(self, template: str) -> str:
        """The template's text: of a wording, or of a step's first one. Raises Refused, naming the
        nearest known step, if there is none, and for one that is no text."""
        if template not in self._sources:
            path = self.path(f"{self._wording(template)}.jinja")
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
        """Hex SHA-256 of the template's text, followed by the texts of what it includes, if any.

        Of a step with variants it is that of its first one; `wordings` gives the others.
        """
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
        if template not in self._trees:
            name = f"{self._wording(template)}.jinja"
            try:
                self._trees[template] = self._environment.parse(self.source(template), name=name)
            except jinja2.TemplateSyntaxError as error:
                raise self._misread(error, template) from error
        return self._trees[template]

    def _wording(self, template: str) -> str:
        """The first wording of a step that has variants; else the name itself."""
        known = self.path(f"{template}.jinja") is not None
        return template if known else self.wordings(template)[0]

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

        A template without blocks is one user message; of a step with variants the first one is
        rendered, "<step>/<variant>" names any. Raises TemplateFault for a template that
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
        compiled = self._environment.get_template(f"{self._wording(template)}.jinja")
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
