#!/usr/bin/env bash
# The two commands of a newcomer:
#   ./run_local.sh                      install, run the quickstart job, train a tiny model
#   ./run_local.sh --articles PATH...   the same on your own Structured Wikipedia files
#   ./run_local.sh dataset [...]        the same without training, so without torch
#   ./run_local.sh test [--all]         lint, types and tests
set -euo pipefail
export BEAM_SYNTH_CALLED_FROM="$PWD" # paths that are typed are meant from there
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/environment.sh

case "${1:-}" in
  test)
    shift
    install_environment core,embed,train,llamacpp,dev
    echo "== lint"
    scripts/lint
    echo "== types"
    scripts/types
    echo "== test"
    exec scripts/test "$@"
    ;;
  -h | --help)
    sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    ;;
  dataset)
    shift
    install_environment core
    exec .venv/bin/python -m scripts.quickstart dataset "$@"
    ;;
  "" | --*)
    # A dataset needs no torch, so it stands before the larger part is installed.
    install_environment core
    .venv/bin/python -m scripts.quickstart dataset "$@"
    install_environment core,train
    exec .venv/bin/python -m scripts.quickstart model "$@"
    ;;
  *)
    echo "run_local.sh: unknown command '$1'; see ./run_local.sh --help" >&2
    exit 2
    ;;
esac
