#!/usr/bin/env bash
# Serves web/dist on localhost with the headers that allow threads: scripts/serve_web.sh PORT
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/versions.sh
source scripts/node.sh
exec node web/scripts/serve.mjs --port "$1"
