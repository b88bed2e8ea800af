"""captions.py EXPORT REQUEST: greedy captions of many pairs by an export, as `ccx caption` makes them by default.

REQUEST is a JSON file {"prompt": [ids, -200 at an image], "eos": [ids], "repetition_penalty": x, "max_new_tokens": n,
"no_change": [[ids] a sentence], "min_p_change": p, "pixels": FILE, "pairs": n}; FILE holds float32 [pairs, 2, 3, S, S].
Prints a JSON list of token ids a pair.
"""
import json
import sys

import numpy as np

from exported import Exported

BATCH = 10


def log_softmax(logits):
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def unchanged(model, request, logits, cache):
    """The likeliest sentence of no change, end included, for pairs whose probability of change is too low; else None"""
    first = log_softmax(logits[:, -1].astype(np.float64))
    scores, ends = [], []
    for sentence in request["no_change"]:
        embeddings = np.repeat(model.table[sentence][None], len(first), 0)
        rows = log_softmax(model.step(embeddings, cache, asked=range(len(sentence)))[0].astype(np.float64))
        words = first[:, sentence[0]] + sum(rows[:, i, token] for i, token in enumerate(sentence[1:]))
        end = rows[:, -1][:, request["eos"]]
        scores.append(np.exp(words) * np.exp(end).sum(-1))
        ends.append(np.asarray(request["eos"])[end.argmax(-1)])
    p_change = 1 - np.minimum(np.sum(scores, 0), 1)
    likeliest = np.argmax(scores, 0)
    return [request["no_change"][s] + [int(ends[s][i])] if p < request["min_p_change"] else None
            for i, (p, s) in enumerate(zip(p_change, likeliest))]


def generate(model, request, pixels):
    """pixels [B, 2, 3, S, S] -> a list of ids a pair, end of sequence included"""
    before_tokens, after_tokens, _ = model.see(pixels[:, 0], pixels[:, 1])
    embeddings = model.embed(request["prompt"], before_tokens, after_tokens)
    logits, cache = model.step(embeddings, model.empty_cache(len(pixels)))
    decided = unchanged(model, request, logits, cache) if request["min_p_change"] > 0 else [None] * len(pixels)
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
    return [fixed or ids for fixed, ids in zip(decided, captions)]


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
