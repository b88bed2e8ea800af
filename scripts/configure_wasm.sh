#!/usr/bin/env bash
# Configures the build of the WebAssembly core in BUILD_DIR/wasm: scripts/configure_wasm.sh BUILD_DIR
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
build=$1
[ ! -f "$build/wasm/build.ninja" ] || exit 0
say "configuring $build/wasm (seconds)"
mkdir -p "$build/wasm"
emcmake cmake -G Ninja -S . -B "$build/wasm" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CROSSCOMPILING_EMULATOR= \
  -DCCX_WERROR=ON >"$build/wasm/configure.log" 2>&1 || {
  cat "$build/wasm/configure.log" >&2
  fail "CMake could not configure the WebAssembly core; see above"
}
