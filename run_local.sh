#!/usr/bin/env bash
# The two commands of a newcomer:
#   ./run_local.sh                      install, run the quickstart job, train a tiny model
#   ./run_local.sh --articles PATH...   the same on your own Structured Wikipedia files
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
    sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    ;;
  "" | --*)
    install_environment core,embed,train
    exec .venv/bin/python -m scripts.quickstart "$@"
    ;;
  *)
    echo "run_local.sh: unknown command '$1'; see ./run_local.sh --help" >&2
    exit 2
    ;;
esac
