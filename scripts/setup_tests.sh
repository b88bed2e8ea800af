#!/usr/bin/env bash
# Installs what the tests need beyond what ccx is built from: shells, Python packages that exports are checked with, ONNX
# Runtime Web, towers' weights, and (scripts/setup_web.sh) what the browser page needs. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
source scripts/packages.sh
install_packages "${TEST_APT_PACKAGES[@]}"  # with which tests try completion and the man page
python=.deps/python/bin/python
if ! cmp -s tests/requirements.txt .deps/python/.ccx-requirements; then
  say "installing the Python packages that tests compare with (a minute): tests/requirements.txt"
  "$python" -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
  cp tests/requirements.txt .deps/python/.ccx-requirements
fi
bash scripts/setup_web.sh
source scripts/node.sh
source scripts/packages.sh
if [ -z "${CCX_FIREFOX:-}" ] && ! command -v firefox-esr >/dev/null && ! command -v firefox >/dev/null; then
  if apt-cache show "$FIREFOX_APT_PACKAGE" >/dev/null 2>&1; then
    install_packages "$FIREFOX_APT_PACKAGE"
  else
    say "no Firefox here and no package $FIREFOX_APT_PACKAGE: the page is tested in Chromium alone (CCX_FIREFOX=PATH names one)"
  fi
fi
if [ ! -d tests/support/onnx/node_modules/onnxruntime-web ]; then
  say "installing ONNX Runtime Web for the tests of exported models (0.15 GB on disk)"
  npm ci --prefix tests/support/onnx --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
fi
towers=()
for name in mobilenet_v2 efficientnet_lite0 efficientnet_lite1 efficientnet_lite2; do
  if [ ! -f ".deps/towers/$name.safetensors" ]; then towers+=("$name"); fi
done
if [ "${#towers[@]}" -gt 0 ]; then
  say "fetching the weights of ${towers[*]} (seconds)"
  # Reads what PyTorch wrote; a LibTorch of one's own (CCX_LIBTORCH) comes without it.
  "$python" -c 'import torch' 2>/dev/null || "$python" -m pip install --quiet --disable-pip-version-check "torch==$TORCH_VERSION"
  "$python" scripts/get_tower_weights.py "${towers[@]}" >/dev/null
fi
