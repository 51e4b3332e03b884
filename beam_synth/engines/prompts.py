"""Prompts: one Jinja file a step, `templates/prompts/<method>/<step>.jinja`.

A file holds blocks `system` (optional) and `user`; each becomes one chat message. A job's own
folder overrides shipped files by name, and may add templates for the user's own methods.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from beam_synth.errors import Refused, nearest
from beam_synth.storage.shipped import shipped_folder

_ROLES = ("system", "user")


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
            undefined=jinja2.StrictUndefined,
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

    def source(self, template: str) -> str:
        """The template's text. Raises Refused, naming the nearest known one, if there is none."""
        if template not in self._sources:
            for folder in self._folders:
                path = folder / f"{template}.jinja"
                if path.is_file():
                    self._sources[template] = path.read_text(encoding="utf-8")
                    break
            else:
                known = nearest(template, self.names())
                places = " or ".join(str(folder) for folder in self._folders)
                raise Refused(f"prompts: there is no {template}.jinja in {places}{known}")
        return self._sources[template]

    def sha256(self, template: str) -> str:
        """Hex SHA-256 of the template's text (what it includes is not followed)."""
        return hashlib.sha256(self.source(template).encode("utf-8")).hexdigest()

    def render(self, template: str, variables: Mapping[str, Any]) -> list[dict[str, str]]:
        """Chat messages: `[{"role": "system", "content": …}, {"role": "user", "content": …}]`.

        A template without blocks is one user message. Raises Refused for a template that does
        not parse, or that names a variable which the step does not have.
        """
        try:
            compiled = self._compiled.get(template) or self._compile(template)
            context = compiled.new_context({**compiled.globals, **variables}, shared=True)
            roles = [role for role in _ROLES if role in compiled.blocks]
            if not roles:
                text = "".join(compiled.root_render_func(context))
                return [{"role": "user", "content": text.strip()}]
            return [
                {"role": role, "content": "".join(compiled.blocks[role](context)).strip()}
                for role in roles
            ]
        except jinja2.TemplateSyntaxError as error:
            raise Refused(f"prompts: {template}.jinja line {error.lineno}: {error}") from error
        except jinja2.UndefinedError as error:
            raise Refused(f"prompts: {template}.jinja: {error}") from error

    def _compile(self, template: str) -> jinja2.Template:
        self.source(template)
        compiled = self._environment.get_template(f"{template}.jinja")
        compiled.globals = dict(compiled.globals)  # a chain of maps, which is slow to go through
        self._compiled[template] = compiled
        return compiled
