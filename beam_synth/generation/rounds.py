"""Which methods of a mixture come after which: rounds, by what each starts from.

A method that starts from records comes after all methods whose records it may start from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from beam_synth.errors import Refused
from beam_synth.methods.declaration import Method


def makers_of(method: Method, methods: Iterable[Method]) -> tuple[str, ...]:
    """Names of the methods whose records this one starts from, sorted; none for one that starts
    from sources.

    Without exercises it starts from what is not made from records of the same kind.
    """
    start = method.starts_from
    if not start.is_made:
        return ()
    return tuple(sorted(m.name for m in methods if _is_maker(m, method)))


def _is_maker(maker: Method, method: Method) -> bool:
    start = method.starts_from
    if maker.makes.name != start.config:
        return False
    if start.exercises:
        return maker.exercise in start.exercises
    return not (maker.starts_from.is_made and maker.starts_from.config == start.config)


def rounds_of(methods: Mapping[str, Method], given: Iterable[str] = ()) -> dict[str, int]:
    """The round of each method, from 0 on: one more than that of the last method it starts from.

    Args:
        methods: by their name in the mixture.
        given: names of the configs that the job brings records of itself, "instructions".

    Raises Refused for a method that starts from what nothing makes, and for methods that wait for
    each other.
    """
    makers = {name: makers_of(method, methods.values()) for name, method in methods.items()}
    for name, method in methods.items():
        start = method.starts_from
        if start.is_made and not makers[name] and start.config not in given:
            raise Refused(
                f"mixture: {name!r} starts from {start}, and no other method of the mixture makes "
                f"them; add one that makes some{_or_give(start.config)}"
            )
    found: dict[str, int] = {}
    while len(found) < len(methods):
        ready = [n for n in methods if n not in found and all(m in found for m in makers[n])]
        if not ready:
            waiting = [name for name in methods if name not in found]
            raise Refused(f"mixture: {_cycle(waiting, makers)}: a cycle; leave one out")
        for name in ready:
            found[name] = 1 + max((found[maker] for maker in makers[name]), default=-1)
    return found


def _or_give(config: str) -> str:
    return ", or name some under `instructions`" if config == "instructions" else ""


def _cycle(waiting: list[str], makers: Mapping[str, tuple[str, ...]]) -> str:
    """The methods of one cycle, in words."""
    path = [waiting[0]]
    while path.count(path[-1]) < 2:
        path.append(next(maker for maker in makers[path[-1]] if maker in waiting))
    cycle = path[path.index(path[-1]) :]
    steps = [f"{name!r} starts from what {maker!r} makes" for name, maker in pairwise(cycle)]
    return ", and ".join(steps)
