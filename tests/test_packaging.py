"""The sdist that Beam stages for its workers, and the wheel: installed in clean environments."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.paths import ROOT

_PIP = ["-m", "pip", "--quiet", "--disable-pip-version-check"]
_OFFLINE = ["--no-deps", "--no-build-isolation"]


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that workers get with `--setup_file ./setup.py`."""
    from apache_beam.runners.portability.stager import Stager

    folder = tmp_path_factory.mktemp("sdist")
    return Path(Stager._build_setup_package(str(ROOT / "setup.py"), str(folder)))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the sdist: a build/ that lies in the checkout leaves nothing in it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [*_PIP, "wheel", *_OFFLINE, "--wheel-dir", str(folder), str(sdist)]
    subprocess.run([sys.executable, *build], check=True, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module", params=["sdist", "wheel"])
def clean_python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with our package installed; third-party packages come from this one's."""
    package: Path = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp("clean")
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / "bin" / "python"
    site = next((venv / "lib").glob("python*/site-packages"))
    # A .pth line adds the folder but not its own .pth files, so no editable install shows through.
    (site / "third_party.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [*_PIP, "install", *_OFFLINE, str(package)]
    subprocess.run([str(python), *install], check=True, cwd=folder)
    return python


def _run(python: Path, code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(python), "-c", code], cwd=cwd, capture_output=True, text=True)


def test_the_package_runs_from_any_folder(clean_python: Path, tmp_path: Path) -> None:
    code = (
        "import beam_synth, transforms, templates, pathlib\n"
        "from beam_synth.job.loading import shipped_jobs, load_job\n"
        "job = load_job('quickstart')\n"
        "from beam_synth.storage.inputs import expand\n"
        "print(len(expand(job.articles, 'articles')), beam_synth.__file__)\n"
        "from beam_synth.engines.prompts import Prompts\n"
        "print(Prompts(None).sha256('memorization/query'))\n"
    )
    done = _run(clean_python, code, tmp_path)
    assert done.returncode == 0, done.stderr
    files, where = done.stdout.splitlines()[0].split()
    assert int(files) == 3
    assert Path(where).is_relative_to(clean_python.parents[1])


def test_console_script_is_installed(clean_python: Path, tmp_path: Path) -> None:
    script = clean_python.with_name("beam-synth")
    done = subprocess.run([str(script), "jobs"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "quickstart" in done.stdout


def test_a_job_runs_from_an_empty_folder(clean_python: Path, tmp_path: Path) -> None:
    script = clean_python.with_name("beam-synth")
    command = [str(script), "run", "quickstart", "--set", "models.embedder={engine: hashing}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    run = tmp_path / "out" / "quickstart" / "1"
    files = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["files"]
    samples = [each["records"] for each in files if each["format"] == "parquet"]
    assert len(samples) == 8 and sum(samples) > 0


def test_the_wheel_holds_what_is_no_module(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    there = {
        "beam_synth/py.typed",
        "beam_synth/runs/flink_job_server/build.sh",
        "beam_synth/runs/flink_job_server/pom.xml",
    }
    there |= {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert there <= names, sorted(there - names)
    tops = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"beam_synth", "transforms", "templates"}


@pytest.mark.parametrize("name", ["transforms", "templates"])
def test_a_shadowing_distribution_is_refused(name: str, clean_python: Path, tmp_path: Path) -> None:
    other = tmp_path / name
    other.mkdir()
    (other / "__init__.py").write_text("raise SystemError('another distribution')\n")
    done = _run(clean_python, "import beam_synth", tmp_path)
    assert done.returncode != 0
    assert "shadows beam-synth's own" in done.stderr
