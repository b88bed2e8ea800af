#!/usr/bin/env bash
# Trains the default model from nothing: drawn scenes only, two CPU cores, a few hours. Run again after an interruption, it
# goes on where it was.
#
#   examples/mini/train.sh OUT [BUILD]      OUT: folder of the three runs; BUILD: folder that holds ccx (default: build)
#
#   THREADS=2   CPU threads of the model
#   PAIRS1, PAIRS2, PAIRS3   scenes a stage sees, each once
#
# OUT/model is the result: what models/default holds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: examples/mini/train.sh OUT [BUILD]}
ccx=${2:-$here/../../build}/ccx
threads=${THREADS:-2}
pairs1=${PAIRS1:-24000}
pairs2=${PAIRS2:-5600}
pairs3=${PAIRS3:-12000}
mkdir -p "$out"

[ -e "$out/tokenizer/tokenizer.json" ] || "$ccx" data tokenizer --text scenes:3000@7 --vocab 1024 --out "$out/tokenizer"
[ -e "$out/base/config.json" ] || "$ccx" train --init mini --tokenizer "$out/tokenizer" --out "$out/base"

# Every scene is seen once: a stage has its own seed, and every fourth scene runs backwards, so that demolition is common.
run() {
  local name=$1
  shift
  "$ccx" train --out "$out/$name" --resume auto --accumulate 1 --epochs 1 --captions random --tower-lr same \
    --turned 0.25 --threads "$threads" --workers 1 --save-steps 125 --eval-limit 200 --log-every 50 "$@"
}

# 1. To see: tower, difference module and projector learn what covers the ground at each date and what changed. The
#    language model takes no part.
run stage1 --stage 1 --model "$out/base" --data "scenes:$pairs1@11" --trainable tower difference projector \
  --batch 16 --caption-weight 0 --map-weight 1 --lr 1.5e-3 --warmup-ratio 0.02 --eval-steps 250
# 2. To speak: the language model learns to say what the visual tokens hold.
run stage2 --stage 2 --model "$out/stage1/last" --data "scenes:$pairs2@12" --trainable projector language --batch 16 \
  --lr 1.5e-3 --eval-steps 175
# 3. Everything together, maps still helping.
run stage3 --stage 3 --model "$out/stage2/last" --data "scenes:$pairs3@13" --batch 8 --map-weight 0.3 --lr 8e-4 --eval-steps 500 \
  --save-dtype fp16

rm -rf "$out/model"
mkdir "$out/model"
cp "$out"/stage3/last/{config.json,generation_config.json,model.safetensors,tokenizer.json} "$out/model/"
for stage in stage1 stage2 stage3; do "$ccx" report "$out/$stage" --out "$out/$stage.html"; done
