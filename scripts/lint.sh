#!/usr/bin/env bash
# Checks layout with clang-format and the code with clang-tidy: scripts/lint.sh BUILD_DIR [all | FILE...]
# Without files, what of the product includes no LibTorch (whose headers take clang-tidy half a minute a file); `all` takes
# everything that is compiled: LibTorch's callers, the tests, and the WebAssembly core. What was clean once and has not changed is
# not read again (scripts/tidy.py).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
source scripts/packages.sh
install_packages "${LINT_APT_PACKAGES[@]}"
build=$1
shift
# clang reads no headers that GCC precompiled.
plain=$build
if grep -q "^CCX_PCH:BOOL=ON" "$build/CMakeCache.txt"; then
  plain=$build/lint/commands
  cmake --preset release -B "$plain" -DCCX_PCH=OFF >/dev/null
fi

# Sources under the folders named, as BUILD_DIR compiles them; without those of LibTorch where the first word is `quick`.
compiled() {
  python3 - "$@" <<'PYTHON'
import json, os, sys
which, build, *rooms = sys.argv[1:]
for entry in json.load(open(os.path.join(build, "compile_commands.json"))):
    path = os.path.relpath(os.path.join(entry["directory"], entry["file"]))
    torch = "/torch/csrc/" in entry["command"]
    wanted = which == "all" or not torch
    if path.startswith(tuple(rooms)) and os.path.exists(path) and wanted: print(path)
PYTHON
}

wasm_flags() {
  local sysroot
  sysroot=$(em-config CACHE)/sysroot
  printf '%s\n' --target=wasm32-unknown-emscripten -D__EMSCRIPTEN__ "--sysroot=$sysroot" \
    -isystem "$sysroot/include/c++/v1" -isystem "$sysroot/include/compat" -isystem "$sysroot/include" \
    -isystem "$build/wasm/wasm/headers" -msimd128 -fwasm-exceptions -include wasm/libcxx_shim.h -I. -std=c++20
}

say "clang-format"
git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror

wasm=()
case "${1:-}" in
  "") mapfile -t files < <(compiled quick "$plain" core/ train/ cli/ | sort -u) ;;
  all)
    command -v em++ >/dev/null || install_packages emscripten
    bash scripts/configure_wasm.sh "$build"
    mapfile -t files < <(compiled all "$plain" core/ train/ cli/ tests/ | sort -u)
    mapfile -t wasm < <(compiled all "$build/wasm" wasm/ | sort -u)
    ;;
  *) files=("$@") ;;
esac
say "clang-tidy on ${#files[@]} files"
printf '%s\n' "${files[@]}" | scripts/tidy.py "$build/lint" -p "$plain" --extra-arg=-Wno-unknown-warning-option
if [ ${#wasm[@]} -gt 0 ]; then
  say "clang-tidy on the WebAssembly core's ${#wasm[@]} files"
  mapfile -t flags < <(wasm_flags)
  printf '%s\n' "${wasm[@]}" | scripts/tidy.py "$build/lint" -- "${flags[@]}"
fi
say "clean"
