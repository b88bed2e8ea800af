#!/usr/bin/env bash
# Captions examples/pairs to captions.jsonl with a build: scripts/caption_examples.sh BUILD_DIR
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
ccx=$1/ccx
if [ -e models/default/config.json ]; then
  "$ccx" caption --in examples/pairs --out captions.jsonl --overwrite
else
  say "there is no trained model in this tree yet: the tiny test checkpoint has random weights, its words mean nothing"
  "$ccx" caption --in examples/pairs --out captions.jsonl --overwrite --model tests/data/reference/tiny --max-new-tokens 12
fi
head -n 3 captions.jsonl
say "captions of examples/pairs are in captions.jsonl"
