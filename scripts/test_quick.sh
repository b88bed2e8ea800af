#!/usr/bin/env bash
# The tests for the daily loop: scripts/test_quick.sh BUILD_DIR
# Single layers, and parity with other implementations: 110 core-seconds of `make test`'s 1200, a minute on two cores.
# Left out: the real command, the page, what models are good for, and three cases of parity that take half a minute each.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
slow='three optimiser steps give|loss and every gradient equal|ONNX Runtime Web gives'
export CCX_MAY_SKIP="installed build real-data machine"
say "not run here, but by make test: command, page, quality; $slow"
exec bash scripts/run_tests.sh "$1" -L '^(unit|parity)$' -E "$slow"
