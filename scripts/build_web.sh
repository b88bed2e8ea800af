#!/usr/bin/env bash
# Builds the browser page to web/dist with a build of the command: scripts/build_web.sh BUILD_DIR
#
# The C++ core by Emscripten (BUILD_DIR/wasm), the default model's export by `ccx export` (BUILD_DIR/web-models), its captions
# of the examples by `ccx caption` (BUILD_DIR/web-captions.jsonl), and the page by Vite.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
source scripts/node.sh
build=$1

export NODE_PATH=/usr/share/nodejs # Debian's Emscripten finds acorn there, which optimised links need
bash scripts/configure_wasm.sh "$build"
say "building the WebAssembly core (a minute the first time)"
cmake --build "$build/wasm" >"$build/wasm/build.log" 2>&1 || {
  cat "$build/wasm/build.log" >&2
  fail "the WebAssembly core did not build; see above"
}

model=models/default
if [ ! -e "$model/config.json" ]; then
  say "there is no trained model in this tree yet: the page gets the tiny test checkpoint, whose words mean nothing"
  model=tests/data/reference/tiny
fi
export=$build/web-models/default
if [ ! -e "$export/manifest.json" ] || [ -n "$(find -L "$model" "$build/ccx" -newer "$export/manifest.json" -print -quit)" ]; then
  say "exporting $model (seconds)"
  mkdir -p "$build/web-models"
  "$build/ccx" export --model "$model" --out "$export" --quantize int8 --target wasm --overwrite >/dev/null
fi
captions=$build/web-captions.jsonl
if [ ! -e "$captions" ] || [ -n "$(find -L "$model" examples/pairs -newer "$captions" -print -quit)" ]; then
  # Which examples the model gets right, which the page says. A build without LibTorch cannot tell.
  "$build/ccx" caption --in examples/pairs --model "$model" --out "$captions" --overwrite -q 2>/dev/null || rm -f "$captions"
fi
say "building the page"
(
  cd web
  CCX_WASM_CORE="$(realpath "../$build")/wasm/wasm" CCX_WEB_MODELS="$(realpath "../$build")/web-models" \
    CCX_WEB_CAPTIONS="$(realpath "../$build")/web-captions.jsonl" \
    npm run --silent build >/dev/null
)
say "the page is in web/dist ($(du -sh web/dist | cut -f 1)), built in $(elapsed)"
