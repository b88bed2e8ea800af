#!/usr/bin/env bash
# Runs one of the page's test files with the Node that built it: tests/page/run.sh core|page [PART OF A CASE'S NAME]
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/versions.sh
source scripts/node.sh
if ! node_is_new_enough; then
  echo "SKIPPED[installed]: no Node $NODE_LEAST or newer (scripts/setup_web.sh installs one)" >&2
  exit 77
fi
# A browser on a busy machine may miss a moment: where CCX_WEB_TRIES says so, a suite that fails is run again, and that is
# told. What fails twice is broken.
for ((try = 1; ; ++try)); do
  status=0
  node "tests/page/$1.test.mjs" "${@:2}" || status=$?
  if ((status == 0 || status == 77 || try >= ${CCX_WEB_TRIES:-1})); then exit "$status"; fi
  echo "AGAIN: $1 failed (attempt $try)" >&2
done
