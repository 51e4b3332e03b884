"""YAML read strictly: a key that stands twice in a mapping is a fault, not the later one's win."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml


class TwiceError(yaml.YAMLError):
    """A key that stands twice in one mapping."""


def read_yaml(text: str, loader: Any = yaml.SafeLoader) -> Any:
    """What one YAML document holds; `loader` is a safe one of PyYAML's.

    Raises yaml.YAMLError for what is no YAML, and TwiceError for a key that stands twice; keys that
    a merge (`<<`) brings in may be overridden.

    >>> read_yaml("a: &a {b: 1}\\nc: {<<: *a, b: 2}")
    {'a': {'b': 1}, 'c': {'b': 2}}
    >>> read_yaml("a: 1\\nb: 2\\na: 3")
    Traceback (most recent call last):
    ...
    beam_synth.storage.yaml_reading.TwiceError: 'a' stands twice: lines 1 and 3; leave one out
    """
    reader = loader(text)
    try:
        node = reader.get_single_node()
        if node is None:
            return None
        for key, first, second in _twice(node):
            raise TwiceError(f"{key!r} stands twice: lines {first} and {second}; leave one out")
        return reader.construct_document(node)
    finally:
        reader.dispose()


def _twice(root: yaml.Node) -> Iterator[tuple[str, int, int]]:
    """(key, its line, the line where it stands again), in the order of the text."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:  # an alias
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            yield from _twice_in(node)
            waiting += [value for _, value in reversed(node.value)]


def _twice_in(node: yaml.MappingNode) -> Iterator[tuple[str, int, int]]:
    lines: dict[tuple[str, str], int] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        line = key.start_mark.line + 1
        if (key.tag, key.value) in lines:
            yield key.value, lines[key.tag, key.value], line
        lines[key.tag, key.value] = line
