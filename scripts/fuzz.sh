#!/usr/bin/env bash
# Builds the fuzz targets with clang and runs each for FUZZ_SECONDS (60): scripts/fuzz.sh [NAME...]
# New inputs are kept in build/fuzz/corpus; a fault is left as build/fuzz/NAME-crash-* and ends the script with 1. Mend
# it, and put the input into tests/fuzz/corpus/NAME, where `make test` replays it.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
command -v clang++ >/dev/null || fail "fuzzing needs clang with its libFuzzer: apt-get install clang libclang-rt-14-dev"
seconds=${FUZZ_SECONDS:-60}
cmake --preset fuzz >/dev/null
names=("$@")
if [[ ${#names[@]} == 0 ]]; then
  for file in tests/fuzz/fuzz_*.cpp; do name=${file##*/fuzz_}; names+=("${name%.cpp}"); done
fi
cmake --build build/fuzz --target "${names[@]/#/fuzz_}"
# GDAL, for one, keeps what it allocates until its process ends.
export LSAN_OPTIONS=suppressions=$PWD/scripts/lsan.supp:print_suppressions=0:${LSAN_OPTIONS:-}
status=0
for name in "${names[@]}"; do
  mkdir -p "build/fuzz/corpus/$name"
  words=()  # that the format is made of
  [[ -f tests/fuzz/dictionaries/$name.dict ]] && words=(-dict="tests/fuzz/dictionaries/$name.dict")
  say "fuzzing $name for $seconds s"
  "build/fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=2048 -timeout=20 \
    -print_final_stats=1 -verbosity=0 -artifact_prefix="build/fuzz/$name-" "${words[@]}" "build/fuzz/corpus/$name" \
    "tests/fuzz/corpus/$name" || { say "FAULT in $name: build/fuzz/$name-*"; status=1; }
done
say "fuzzed ${#names[@]} targets in $(elapsed)"
exit $status
