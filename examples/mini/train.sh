#!/usr/bin/env bash
# Trains the default model from nothing: drawn scenes only, two CPU cores, a few hours. Run again after an
# interruption, it goes on where it was.
#
#   examples/mini/train.sh OUT [BUILD]      OUT: folder of the runs; BUILD: folder that holds ccx (default: build)
#
#   RANKS=2     processes that share each batch, one a core; 1, 2, 4 or 8
#   THREADS=1   CPU threads of each
#   PAIRS1, PAIRS2A, PAIRS2B, PAIRS3   scenes a run sees, each once
#   SCENES5=2000   scenes that the threshold is chosen on
#
# OUT/model is the result: what models/default holds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: examples/mini/train.sh OUT [BUILD]}
ccx=${2:-$here/../../build}/ccx
ranks=${RANKS:-2}
threads=${THREADS:-1}
mkdir -p "$out"

[ -e "$out/tokenizer/tokenizer.json" ] || "$ccx" data tokenizer --text scenes:3000@7 --vocab 1024 --out "$out/tokenizer"
[ -e "$out/base/config.json" ] || "$ccx" train --init mini --tokenizer "$out/tokenizer" --out "$out/base"

# run NAME BATCH OPTIONS: one stage, to its end. Every scene is seen once: each stage has a seed of its own. Every fourth
# scene runs backwards, so that demolition is common.
run() {
  local name=$1 batch=$2 rank process
  local -a processes=()
  shift 2
  local -a command=("$ccx" train --out "$out/$name" --resume auto --batch $((batch / ranks)) --accumulate 1 --epochs 1
    --captions random --tower-lr same --turned 0.25 --threads "$threads" --workers 1 --save-steps 250 --eval-limit 200
    --log-every 50 "$@")
  for ((rank = ranks - 1; rank >= 0; --rank)); do
    WORLD_SIZE=$ranks RANK=$rank LOCAL_RANK=$rank MASTER_ADDR=127.0.0.1 MASTER_PORT=${MASTER_PORT:-29500} \
      OMP_NUM_THREADS=$threads "${command[@]}" &
    processes+=($!)
  done
  for process in "${processes[@]}"; do wait "$process"; done
}

# 1. To see: tower, difference module and projector learn what covers the ground at each date and what changed. The
#    language model takes no part.
run stage1 16 --stage 1 --model "$out/base" --data "scenes:${PAIRS1:-24000}@11" --trainable tower difference projector \
  --caption-weight 0 --map-weight 1 --lr 1.5e-3 --warmup-ratio 0.02 --eval-steps 250
# 2. To speak: vision rests, the language model learns first the words and then to look for what they are about.
run stage2a 16 --stage 2 --model "$out/stage1/last" --data "scenes:${PAIRS2A:-5600}@12" --trainable projector language \
  --lr 1.5e-3 --eval-steps 175
run stage2b 8 --stage 2 --model "$out/stage2a/last" --data "scenes:${PAIRS2B:-9600}@22" --trainable projector language \
  --summary-weight 1 --lr 1e-3 --eval-steps 300
# 3. Everything together, and longest: this is what carries over to real pairs. That nothing changed is told in one
#    sentence instead of five.
run stage3 8 --stage 3 --model "$out/stage2b/last" --data "scenes:${PAIRS3:-70000}@23" --map-weight 0.3 \
  --summary-weight 0.5 --no-change-caption "the scene is the same as before" --lr 4e-4 --eval-steps 1250 --keep 100

# 4. The mean of its checkpoints, but for the first fifth.
checkpoints=("$out"/stage3/checkpoints/step-*)
rm -rf "$out/model"
"$ccx" average "${checkpoints[@]:${#checkpoints[@]}/5}" --save-dtype fp16 --out "$out/model"
# 5. From which probability on a change is told of, chosen on scenes of its own.
"$here/choose_threshold.py" --ccx "$ccx" --model "$out/model" --out "$out/threshold" --scenes "${SCENES5:-2000}"
for name in stage1 stage2a stage2b stage3; do "$ccx" report "$out/$name" --out "$out/$name.html"; done
