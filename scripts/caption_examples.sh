#!/usr/bin/env bash
# Captions examples/pairs to captions.jsonl with a build, and makes a report of them: scripts/caption_examples.sh BUILD_DIR
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
ccx=$1/ccx
"$ccx" caption --in examples/pairs --out captions.jsonl --overwrite
report=("$ccx" report captions.jsonl --refs examples/pairs/references.json --out report.html --title "examples/pairs")
[ -d .deps/meteor ] && report+=(--meteor-data .deps/meteor)
"${report[@]}" >/dev/null

say "the first captions:"
head -n 5 captions.jsonl | sed -E 's/^\{"id":"([^"]*)".*"caption":"([^"]*)".*$/  \1  \2/'
say "all of them are in captions.jsonl, and with their pictures in $(pwd)/report.html"
