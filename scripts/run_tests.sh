#!/usr/bin/env bash
# Runs every test of a build: scripts/run_tests.sh BUILD_DIR
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
say "running the tests (minutes)"
ctest --test-dir "$1" --output-on-failure --no-tests=error -j "$(nproc)"
say "tests done in $(elapsed)"
