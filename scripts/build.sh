#!/usr/bin/env bash
# Configures and builds: scripts/build.sh BUILD_DIR TARGET
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
build=$1
target=$2
if [ ! -f "$build/build.ninja" ]; then
  say "configuring $build (seconds)"
  mkdir -p "$build"
  cmake --preset release -B "$build" >"$build/configure.log" 2>&1 || {
    cat "$build/configure.log" >&2
    fail "CMake could not configure; see above"
  }
fi
say "building $target (minutes the first time: files that include LibTorch take ten seconds each)"
cmake --build "$build" --target "$target"
say "built in $(elapsed)"
