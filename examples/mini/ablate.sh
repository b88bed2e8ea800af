#!/usr/bin/env bash
# What each part of the default model is worth: four models trained alike from nothing, each on as many drawn scenes, and what
# `ccx eval` says of each on drawn scenes of another seed and on DATA.
#
#   examples/mini/ablate.sh OUT [BUILD] [DATA...]      DATA: data sets in LEVIR-CC's layout, for measuring alone
#
#   PAIRS1=3200 PAIRS2=6400     scenes of the two stages; SCENES=500 to measure on; RANKS and THREADS as in train.sh
#
# At 256 pixels, which all four can be seen at:
#   whole     as train.sh makes it: pretrained tower, the change head instead of the difference module
#   scratch   the same with a tower that has seen nothing; it learns at the head's rate
#   both      difference module, and the change head's finds beside it
#   module    difference module alone: no change head
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: examples/mini/ablate.sh OUT [BUILD] [DATA...]}
build=${2:-$here/../../build}
ccx=$build/ccx
shift $(($# < 2 ? $# : 2))
ranks=${RANKS:-2}
threads=${THREADS:-1}
tower=$here/../../.deps/towers/mobilenet_v2.safetensors
mkdir -p "$out"

[ -e "$out/tokenizer/tokenizer.json" ] || "$ccx" data tokenizer --text scenes:3000@7 --vocab 1024 --out "$out/tokenizer"
[ -e "$tower" ] || "$here/../../.deps/python/bin/python" "$here/../../scripts/get_tower_weights.py" mobilenet_v2

# The same tower, drawn by chance (He et al. 2015).
[ -e "$out/scratch.safetensors" ] || "$here/../../.deps/python/bin/python" - "$tower" "$out/scratch.safetensors" <<'PY'
import sys

import numpy
from safetensors import safe_open
from safetensors.numpy import save_file

source, target = sys.argv[1:]
random = numpy.random.default_rng(504)
with safe_open(source, "numpy") as file:
    tensors = {}
    for name in file.keys():
        shape = file.get_tensor(name).shape
        inputs = int(numpy.prod(shape[1:]))
        drawn = random.standard_normal(shape) * (2 / inputs) ** 0.5 if len(shape) > 1 else numpy.zeros(shape)
        tensors[name] = drawn.astype(numpy.float32)
    save_file(tensors, target, file.metadata())
PY

# train NAME OPTIONS: one stage, to its end.
train() {
  local name=$1 rank process
  local -a processes=()
  shift
  local -a command=("$ccx" train --out "$out/$name" --resume auto --batch $((16 / ranks)) --accumulate 1 --epochs 1 --scene-size 256
    --augment jitter --turned 0.25 --threads "$threads" --workers 1 --eval-limit 200 --eval-steps 100 --save-steps 100 --captions first "$@")
  for ((rank = ranks - 1; rank >= 0; --rank)); do
    WORLD_SIZE=$ranks RANK=$rank LOCAL_RANK=$rank MASTER_ADDR=127.0.0.1 MASTER_PORT=${MASTER_PORT:-29500} \
      OMP_NUM_THREADS=$threads "${command[@]}" &
    processes+=($!)
  done
  for process in "${processes[@]}"; do wait "$process"; done
}

measure() {
  local name=$1 data set
  for data in "$out/scenes/LevirCCcaptions.json" "${@:2}"; do
    set=$(basename "$(dirname "$data")")-$(basename "$data")
    "$ccx" caption --in "$data" --model "$out/$name-2/last" --out "$out/$name-$set.jsonl" --min-p-change 0.5 --overwrite --quiet
    echo "== $name, $data"
    "$ccx" eval --pred "$out/$name-$set.jsonl" --refs "$data"
  done
}

# ablate NAME INIT OPTIONS OF STAGE 1 -- OPTIONS OF STAGE 2
ablate() {
  local name=$1 init=$2
  local -a first=() second=()
  shift 2
  while [ "$1" != -- ]; do first+=("$1"); shift; done
  shift
  second=("$@")
  # shellcheck disable=SC2086
  [ -e "$out/$name-base/config.json" ] || "$ccx" train --init mini --tokenizer "$out/tokenizer" $init --out "$out/$name-base"
  train "$name-1" --stage 1 --model "$out/$name-base" --data "scenes:${PAIRS1:-3200}@501" --lr 2e-3 --warmup-ratio 0.04 "${first[@]}"
  train "$name-2" --stage 2 --model "$out/$name-1/last" --data "scenes:${PAIRS2:-6400}@502" --lr 1.5e-3 --tower-lr same \
    --no-change-caption "the scene is the same as before" "${second[@]}"
  measure "$name" "${data[@]}"
}

data=("$@")
[ -e "$out/scenes/LevirCCcaptions.json" ] || "$ccx" scenes --out "$out/scenes" --count "${SCENES:-500}" --seed 503 --splits val:1
pretrained="--tower-weights $tower"
head=(--trainable tower change_head --caption-weight 0 --change-weight 1 --mix-styles 0.5)
words=(--trainable projector language change_head --summary-weight 0.5)
ablate whole "$pretrained --head-feed instead" "${head[@]}" --tower-lr 1e-4 -- "${words[@]}"
ablate scratch "--tower-weights $out/scratch.safetensors --head-feed instead" "${head[@]}" --tower-lr same -- "${words[@]}"
ablate both "$pretrained --head-feed context" "${head[@]}" --tower-lr 1e-4 -- --trainable projector language change_head difference
ablate module "$pretrained --head-feed none" --trainable tower projector difference language --tower-lr 1e-4 \
  -- --trainable projector language difference
