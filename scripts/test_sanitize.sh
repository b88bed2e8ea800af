#!/usr/bin/env bash
# Builds everything, LibTorch's callers included, with address and undefined-behaviour sanitizers, and runs every test but
# those of the page, which is no program of this build.
#   scripts/test_sanitize.sh light    what needs no LibTorch alone: minutes instead of an hour
# LibTorch itself is not instrumented: what it never frees at its end is passed over (scripts/lsan.supp says what).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
export ASAN_OPTIONS=detect_odr_violation=0:allocator_may_return_null=1:${ASAN_OPTIONS:-}
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:${UBSAN_OPTIONS:-}
export LSAN_OPTIONS=suppressions=$PWD/scripts/lsan.supp:print_suppressions=0:${LSAN_OPTIONS:-}
preset=sanitize-torch
if [ "${1:-}" = light ]; then
  preset=sanitize
  export CCX_MAY_SKIP="build real-data machine"
fi
bash scripts/setup_tests.sh
cmake --preset "$preset" >/dev/null
cmake --build "build/$preset"
bash scripts/run_tests.sh "build/$preset" -LE page
