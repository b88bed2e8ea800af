#!/usr/bin/env bash
# Installs what ccx needs to build: Debian packages, LibTorch from its Python wheel, and the data of METEOR (what tests need
# beyond it: scripts/setup_tests.sh). Everything but the Debian packages goes to .deps/. Safe to run again; a second run has nothing to do.
#
#   CCX_LIBTORCH=DIR   use this LibTorch (2.11 or newer, CPU or CUDA) instead of installing one
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
source scripts/packages.sh

install_packages "${APT_PACKAGES[@]}"

mkdir -p .deps
if [ -n "${CCX_LIBTORCH:-}" ]; then
  [ -f "$CCX_LIBTORCH/include/ATen/ATen.h" ] || fail "CCX_LIBTORCH=$CCX_LIBTORCH holds no include/ATen/ATen.h"
  ln -sfn "$(realpath "$CCX_LIBTORCH")" .deps/libtorch
fi
if [ ! -x .deps/python/bin/python ]; then
  say "making a Python environment in .deps/python (seconds)"
  python3 -m venv .deps/python
fi
python=.deps/python/bin/python
if [ ! -e .deps/libtorch/include/ATen/ATen.h ]; then
  say "installing LibTorch $TORCH_VERSION from the Python package torch (0.2 GB to download for CPU, several GB with CUDA)"
  "$python" -m pip install --quiet --disable-pip-version-check "torch==$TORCH_VERSION"
  found=$("$python" -c 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])')
  ln -sfn "$(realpath "$found")" .deps/libtorch
fi
if [ -f scripts/get_meteor_data.sh ]; then PIP="$python -m pip" bash scripts/get_meteor_data.sh; fi

touch .deps/setup.done
say "set-up done in $(elapsed)"
