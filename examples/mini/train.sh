#!/usr/bin/env bash
# Trains the default model from nothing: drawn scenes only, two CPU cores, a few hours. Run again after an
# interruption, it goes on where it was.
#
#   examples/mini/train.sh OUT [BUILD]      OUT: folder of the runs; BUILD: folder that holds ccx (default: build)
#
#   RANKS=2     processes that share each batch, one a core; 1, 2, 4 or 8
#   THREADS=1   CPU threads of each
#   PAIRS1, PAIRS2     scenes a run sees, each once
#   SCENES3=2000       scenes that the threshold is chosen on
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
tower=$here/../../.deps/towers/mobilenet_v2.safetensors
[ -e "$tower" ] || "$here/../../.deps/python/bin/python" "$here/../../scripts/get_tower_weights.py" mobilenet_v2
[ -e "$out/base/config.json" ] || "$ccx" train --init mini --tokenizer "$out/tokenizer" --tower-weights "$tower" --image-size 384 --head-feed instead --out "$out/base"

# Pairs are drawn 256 pixels wide, as LEVIR-CC's are, and seen at 384: what ImageNet showed the tower is larger than a house of 20 pixels.
# run NAME BATCH OPTIONS: one stage, to its end. Every scene is seen once: each stage has a seed of its own. Every fourth
# scene runs backwards, so that demolition is common.
run() {
  local name=$1 batch=$2 rank process
  local -a processes=()
  shift 2
  local -a command=("$ccx" train --out "$out/$name" --resume auto --batch $((batch / ranks)) --accumulate 1 --epochs 1
    --scene-size 256 --augment jitter --turned 0.25 --threads "$threads" --workers 1 --eval-limit 200
    --log-every 50 "$@")
  for ((rank = ranks - 1; rank >= 0; --rank)); do
    WORLD_SIZE=$ranks RANK=$rank LOCAL_RANK=$rank MASTER_ADDR=127.0.0.1 MASTER_PORT=${MASTER_PORT:-29500} \
      OMP_NUM_THREADS=$threads "${command[@]}" &
    processes+=($!)
  done
  for process in "${processes[@]}"; do wait "$process"; done
}

# 1. To see: the tower learns along at a twentieth of the rate of the head that reads it, and every other picture takes on a
# part of another's tones. The language model takes no part.
run stage1 16 --stage 1 --model "$out/base" --data "scenes:${PAIRS1:-8000}@301" --trainable tower change_head --caption-weight 0 --captions first \
  --change-weight 1 --mix-styles 0.5 --lr 2e-3 --tower-lr 1e-4 --warmup-ratio 0.04 --eval-steps 100 --save-steps 250
# 2. To speak of what the head found: vision rests. Every change is told in its usual sentence, and that nothing changed in one.
run stage2 16 --stage 2 --model "$out/stage1/last" --data "scenes:${PAIRS2:-48000}@402" --trainable projector language change_head \
  --captions first --summary-weight 0.5 --no-change-caption "the scene is the same as before" --lr 1.5e-3 --tower-lr same \
  --warmup-ratio 0.03 --eval-steps 125 --save-steps 125 --keep 8

# 3. Half the bytes; p_change of language model and head; and from which on a change is told of: chosen on scenes of their own.
rm -rf "$out/model"
"$ccx" average "$out"/stage2/checkpoints/* --save-dtype fp16 --out "$out/model"
"$here/fit_p_change.py" --mean --ccx "$ccx" --model "$out/model" --out "$out/fit"
"$here/choose_threshold.py" --ccx "$ccx" --model "$out/model" --out "$out/threshold" --scenes "${SCENES3:-2000}"
for name in stage1 stage2; do "$ccx" report "$out/$name" --out "$out/$name.html"; done
