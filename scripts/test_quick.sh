#!/usr/bin/env bash
# The tests for the daily loop: scripts/test_quick.sh BUILD_DIR
# Single layers, and parity with other implementations: a small part of what `make test` takes.
# Left out: the real command, the page, what models are good for, and the three slowest cases of parity.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
slow='three optimiser steps give|loss and every gradient equal|ONNX Runtime Web gives'
export CCX_MAY_SKIP="installed build real-data machine"
say "not run here, but by make test: command, page, quality; $slow"
exec bash scripts/run_tests.sh "$1" -L '^(unit|parity)$' -E "$slow"
