"""captions.py EXPORT REQUEST: greedy captions of many pairs by an export, as `ccx caption` makes them by default.

REQUEST is a JSON file {"prompt": [ids, -200 at an image], "eos": [ids], "repetition_penalty": x, "max_new_tokens": n,
"pixels": FILE, "pairs": n}; FILE holds float32 [pairs, 2, 3, S, S]. Prints a JSON list of token ids a pair.
"""
import json
import sys

import numpy as np

from exported import Exported

BATCH = 10


def generate(model, request, pixels):
    """pixels [B, 2, 3, S, S] -> a list of ids a pair, end of sequence included"""
    before_tokens, after_tokens, _ = model.see(pixels[:, 0], pixels[:, 1])
    embeddings = model.embed(request["prompt"], before_tokens, after_tokens)
    logits, cache = model.step(embeddings, model.empty_cache(len(pixels)))
    captions = [[] for _ in pixels]
    for _ in range(request["max_new_tokens"]):
        scores = logits[:, -1].copy()
        for row, ids in zip(scores, captions):
            seen = sorted(set(ids))
            row[seen] = np.where(row[seen] > 0, row[seen] / request["repetition_penalty"], row[seen] * request["repetition_penalty"])
        chosen = scores.argmax(-1)
        for ids, token in zip(captions, chosen):
            if not ids or ids[-1] not in request["eos"]:
                ids.append(int(token))
        if all(ids[-1] in request["eos"] for ids in captions):
            break
        logits, cache = model.step(model.table[chosen][:, None], cache)
    return captions


def main():
    model = Exported(sys.argv[1], threads=1)  # other tests run beside this one
    with open(sys.argv[2], encoding="utf-8") as file:
        request = json.load(file)
    size = model.manifest["image"]["size"]
    pixels = np.memmap(request["pixels"], np.float32, "r", shape=(request["pairs"], 2, 3, size, size))
    captions = []
    for first in range(0, len(pixels), BATCH):
        captions += generate(model, request, np.asarray(pixels[first:first + BATCH]))
    json.dump(captions, sys.stdout)


main()
