"""The examples of `layout` hold, and no name in it is used twice."""

from __future__ import annotations

import doctest

from beam_synth.storage import layout


def test_the_examples_hold() -> None:
    found = doctest.testmod(layout)
    assert found.attempted > 10 and not found.failed


def test_every_name_is_another_one() -> None:
    names = [value for name, value in vars(layout).items() if name.isupper() and type(value) is str]
    assert len(names) == len(set(names)) > 20
