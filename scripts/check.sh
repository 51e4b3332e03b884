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
  exec $bin/python -m pytest --run-slow "$@"
fi
exec $bin/python -m pytest "$@"
