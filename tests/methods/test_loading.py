"""A user's method that cannot be had is refused: where the fault stands, and what to do."""

from __future__ import annotations

import importlib
import itertools
import sys
from pathlib import Path

import pytest

from beam_synth.errors import Refused
from beam_synth.methods import load_method

_NUMBER = itertools.count()
HEAD = "from beam_synth.methods import method\n"
GOOD = '@method(exercise="a", calls=1)\nasync def good(seed, models, draw): ...\n'


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """What is said of `name` in a module of this text; {path} stands for the module's file."""

    def said(text: str, name: str = "wanted") -> str:
        module = f"own_methods_{next(_NUMBER)}"  # a module that was imported stays
        path = tmp_path / f"{module}.py"
        path.write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        with pytest.raises(Refused) as found:
            load_method(f"{module}:{name}")
        message = str(found.value)
        assert message.startswith(f"mixture: {module}:{name}: ")
        assert "\n" not in message
        return message.replace(str(path), "{path}")

    return said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\nimport jsonn\n", "{path}:2: ModuleNotFoundError: No module named 'jsonn'"),
        ("x = 1\n\nx.y\n", "{path}:3: AttributeError: 'int' object has no attribute 'y'"),
        ("def wanted(:\n", "{path}:1: invalid syntax"),
        ("import sys\nsys.exit('usage')\n", "{path}:2: SystemExit: usage"),
        ("raise ValueError('a\\nb')\n", "{path}:1: ValueError: a, while"),
        (HEAD + "@method(exercise='a', calls=1, prompt=())\nasync def f(s, m, d): ...\n",
         "{path}:2: TypeError: "),
        (HEAD + GOOD, "{path} has no 'wanted'; its methods are good"),
        (HEAD + GOOD.replace("good", "wantd"), "has no 'wanted' (did you mean 'wantd'?)"),
        ("async def wanted(seed, models, draw): ...\n", "{path}:1: 'wanted' is no method"),
        ("wanted = 3\n", "{path}: 'wanted' is no method: decorate"),
        (HEAD + '@method(exercise="a", calls=1)\ndef wanted(seed, models, draw): ...\n',
         "{path}:2: a method has to be 'async def wanted'"),
        (HEAD + '@method(exercise="a", calls=1)\nasync def wanted(seed, models, draw): yield 1\n',
         "{path}:2: a method has to be 'async def wanted'"),
    ],
)  # fmt: skip
def test_the_fault_is_told_with_its_place(text: str, expected: str, refused: object) -> None:
    assert callable(refused)
    assert expected in refused(text)


def test_a_wrapped_method_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "import functools\n" + HEAD + "def logged(f):\n"
        "    @functools.wraps(f)\n    def inner(*a): return f(*a)\n    return inner\n"
        '@method(exercise="a", calls=1)\n@logged\nasync def good(seed, models, draw): ...\n'
    )
    (tmp_path / "own_wrapped_methods.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load_method("own_wrapped_methods:good").exercise == "a"


def test_a_module_that_is_loaded_anew_gives_its_new_declaration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own_changed_methods.py"
    monkeypatch.syspath_prepend(str(tmp_path))
    name = "own_changed_methods:good"
    for exercise in ("first", "second and longer"):
        path.write_text(HEAD + GOOD.replace('"a"', f'"{exercise}"'), encoding="utf-8")
        monkeypatch.delitem(sys.modules, "own_changed_methods", raising=False)
        importlib.invalidate_caches()
        loaded = load_method(name)
        assert (loaded.name, loaded.exercise) == (name, exercise)
        assert load_method(name) is loaded
