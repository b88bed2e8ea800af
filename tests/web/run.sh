#!/usr/bin/env bash
# Runs one of the page's test files with the Node that built it: tests/web/run.sh core|page [PART OF A CASE'S NAME]
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/versions.sh
source scripts/node.sh
if ! node_is_new_enough; then
  echo "SKIPPED: no Node $NODE_LEAST or newer (scripts/setup_web.sh installs one)" >&2
  exit 77
fi
exec node "tests/web/$1.test.mjs" "${@:2}"
