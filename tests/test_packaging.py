"""The sdist that Beam stages for its workers, installed in a clean environment, run elsewhere."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.paths import ROOT


@pytest.fixture(scope="module")
def clean_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with our staged sdist installed; third-party packages come from this one's."""
    from apache_beam.runners.portability.stager import Stager

    folder = tmp_path_factory.mktemp("clean")
    sdist = Stager._build_setup_package(str(ROOT / "setup.py"), str(folder))
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / "bin" / "python"
    site = next((venv / "lib").glob("python*/site-packages"))
    # A .pth line adds the folder but not its own .pth files, so no editable install shows through.
    (site / "third_party.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", sdist]
    subprocess.run([str(python), *install], check=True, cwd=folder)
    return python


def _run(python: Path, code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(python), "-c", code], cwd=cwd, capture_output=True, text=True)


def test_staged_sdist_runs_from_any_folder(clean_python: Path, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("name", ["transforms", "templates"])
def test_a_shadowing_distribution_is_refused(name: str, clean_python: Path, tmp_path: Path) -> None:
    other = tmp_path / name
    other.mkdir()
    (other / "__init__.py").write_text("raise SystemError('another distribution')\n")
    done = _run(clean_python, "import beam_synth", tmp_path)
    assert done.returncode != 0
    assert "shadows beam-synth's own" in done.stderr
