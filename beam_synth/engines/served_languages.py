"""Which languages an engine's class says that it can serve: of everything, and step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from beam_synth.errors import Refused

Codes = tuple[str, ...]  # of languages


class ServedLanguages(NamedTuple):
    """What a class says by its `languages` and `fewer_languages`."""

    every: Codes | None = None  # whatever is asked; None: it does not say
    # A step ("mcq/answer"), or all steps of a folder ("mcq") -> those that it serves there.
    fewer: Mapping[str, Codes] = {}

    @classmethod
    def of_class(cls, what: str, maker: Any) -> ServedLanguages:
        """Read from an engine's class, or the function that makes it.

        Raises Refused, naming `what`, where a list of codes is something else.

        >>> class Mine:
        ...     languages = ("en", "fr", "ja")
        ...     fewer_languages = {"mcq": ("en",)}
        >>> ServedLanguages.of_class("Mine", Mine).fewer
        {'mcq': ('en',)}
        """
        every = getattr(maker, "languages", None)
        fewer = getattr(maker, "fewer_languages", {})
        if not isinstance(fewer, Mapping):
            raise Refused(
                f"models: {what}: fewer_languages: {fewer!r} is no mapping from a step, or a "
                "folder of steps, to codes of languages"
            )
        return cls(
            None if every is None else _codes(f"{what}: languages", every),
            {step: _codes(f"{what}: fewer_languages[{step!r}]", of) for step, of in fewer.items()},
        )

    def in_steps(self, steps: Iterable[str]) -> Codes | None:
        """Those that it serves in each of some steps, where it says so of one of them; else None.

        >>> mine = ServedLanguages(None, {"mcq": ("en", "fr"), "mcq/answer": ("en", "de")})
        >>> mine.in_steps(["mcq/query", "mcq/answer"]), mine.in_steps(["rag/query"])
        (('en',), None)
        """
        bounds = [codes for step in dict.fromkeys(steps) for codes in self._of(step)]
        if not bounds:
            return None
        return tuple(code for code in bounds[0] if all(code in codes for codes in bounds))

    def _of(self, step: str) -> Iterator[Codes]:
        for name in (step, step.partition("/")[0]):
            if name in self.fewer:
                yield self.fewer[name]


def _codes(what: str, found: Any) -> Codes:
    if isinstance(found, str) or not isinstance(found, Iterable):
        raise Refused(f"models: {what}: {found!r} is no list of codes of languages")
    codes = tuple(found)
    if not all(isinstance(code, str) for code in codes):
        raise Refused(f"models: {what}: {found!r} is no list of codes of languages")
    return codes
