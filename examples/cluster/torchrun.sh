#!/usr/bin/env bash
# Trains on every GPU of one or more machines with torchrun, which comes with the PyTorch that ccx was built against.
#
#   One machine, 8 GPUs:     GPUS=8 examples/cluster/torchrun.sh --stage 2 --model BASE --data mix.yaml --out RUN
#   On each of 2 machines:   NODES=2 NODE=0|1 MASTER=first.machine GPUS=8 examples/cluster/torchrun.sh ...
#
# Every option is passed on to ccx train. RUN must lie on a file system that all machines share: each rank writes its own
# part of the optimiser's state there. Start it again after a failure: --resume auto goes on from the last checkpoint.
set -euo pipefail
: "${GPUS:=1}" "${NODES:=1}" "${NODE:=0}" "${MASTER:=127.0.0.1}" "${PORT:=29500}" "${CCX:=ccx}"

exec torchrun --no-python --nnodes "$NODES" --node-rank "$NODE" --nproc-per-node "$GPUS" \
  --master-addr "$MASTER" --master-port "$PORT" \
  "$CCX" train --resume auto "$@"
