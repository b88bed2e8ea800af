"""peer_llama.py --model FILE.gguf --threads N --repetitions N [--plain-buffers]: a prompt and steps behind it by llama.cpp.

llama.cpp's defaults hold but for the room: batches of 512 positions, attention as it chooses, keys and values in float16.
With --plain-buffers weights are not laid out anew for the processor; where that layout crashes it is the only way.
"""
import argparse
import importlib.metadata

import llama_cpp
import numpy as np

import shape
from measure import Stages, report


def load(path, threads, plain_buffers):
    llama_cpp.llama_backend_init()
    model_params = llama_cpp.llama_model_default_params()
    model_params.n_gpu_layers = 0
    if plain_buffers:
        model_params.use_extra_bufts = False
    model = llama_cpp.llama_model_load_from_file(path.encode(), model_params)
    if not model:
        raise RuntimeError(f"llama.cpp cannot load {path}")
    params = llama_cpp.llama_context_default_params()
    params.n_ctx = 2048
    params.n_batch = 2048
    params.n_threads = params.n_threads_batch = threads
    context = llama_cpp.llama_init_from_model(model, params)
    if not context:
        raise RuntimeError(f"llama.cpp can make no context of {path}")
    return context


def decode(context, ids):
    """Logits of the last position."""
    tokens = (llama_cpp.llama_token * len(ids))(*ids)
    status = llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(tokens, len(ids)))
    if status != 0:
        raise RuntimeError(f"llama_decode answered {status}")
    llama_cpp.llama_synchronize(context)
    return llama_cpp.llama_get_logits_ith(context, -1)


def caption(context, prompt, stages):
    llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), True)
    logits = stages.time("prefill", lambda: decode(context, prompt))
    for _ in range(shape.NEW_TOKENS - 1):
        row = np.ctypeslib.as_array(logits, (shape.TEXT["vocab_size"],))
        assert np.isfinite(row).all()
        token = int(row.argmax())
        logits = stages.time("step", lambda: decode(context, [token]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--repetitions", type=int, required=True)
    parser.add_argument("--plain-buffers", action="store_true")
    given = parser.parse_args()
    context = load(given.model, given.threads, given.plain_buffers)
    prompt = np.random.default_rng(shape.SEED).integers(0, shape.TEXT["vocab_size"], shape.POSITIONS).tolist()
    stages = Stages()
    caption(context, prompt, stages)
    stages.forget()
    for _ in range(given.repetitions):
        caption(context, prompt, stages)
    report(ms=stages.fastest(), positions=len(prompt), threads=given.threads,
           versions={"llama-cpp-python": importlib.metadata.version("llama-cpp-python")},
           system=llama_cpp.llama_print_system_info().decode())


if __name__ == "__main__":
    main()
