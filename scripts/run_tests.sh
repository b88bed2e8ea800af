#!/usr/bin/env bash
# Runs tests of a build and says how many passed, failed and were skipped: scripts/run_tests.sh BUILD_DIR [ctest's options]
# Of what may be missing only real data, which is no part of the project, and what the machine has not may be skipped.
# CCX_MAY_SKIP names the categories that may (tests/support/skip.h), where a build leaves more out.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/say.sh
source scripts/node.sh
build=$1
shift
read -r -a may_skip <<<"${CCX_MAY_SKIP:-real-data machine}"
results=$PWD/$build/tests.xml
rm -f "$results"
say "running the tests"
# What failed and what was skipped is read from the results; without any, ctest's own exit code counts.
status=0
ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$(nproc)" --output-junit "$results" \
  --test-output-size-passed 100000 "$@" || status=$?
say "tests done in $(elapsed)"
[ -f "$results" ] || exit "$status"
python3 scripts/count_tests.py "$results" "${may_skip[@]}"
