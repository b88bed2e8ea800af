"""measure.py EXPORT VECTORS: how far an export is from what the reference computed, as JSON on stdout.

VECTORS is tests/data/reference/vectors, or a folder of the same form: vectors_dev.json with the prompt's ids, and a
pairN_dev.safetensors a pair as `ccx inspect --dump` writes it. Differences are the largest absolute ones over all pairs;
`scale` beside them is the largest magnitude in the reference. The test that calls this judges the numbers.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
from safetensors.numpy import load_file

from exported import Exported
from saliency import expected_saliency


def difference(ours, reference):
    # No comparison is true of what is not a number, and no maximum keeps it.
    largest = float(np.abs(ours - reference).max())
    return largest if np.isfinite(largest) else 1e30


class Worst:
    """The largest difference that was seen, by what differed."""

    def __init__(self, pairs):
        names = ("visual_tokens", "saliency", "logits", "all_logits", "step_logits", "scored_tree")
        self.result = dict.fromkeys(names, 0) | {"greedy_equal": 0}
        self.result["scale"] = float(max(np.abs(pair["lm.logits"]).max() for pair in pairs))

    def add(self, name, ours, reference):
        self.result[name] = max(self.result[name], difference(ours, reference))


def compare_pair(model, worst, prompt, pair, before, after):
    before_tokens, after_tokens, saliency = model.see(before, after)
    worst.add("visual_tokens", np.concatenate([before_tokens, after_tokens]), pair["projector.out"])
    worst.add("saliency", saliency.reshape(1, -1), expected_saliency(pair, saliency.shape[-1]))
    embeddings = model.embed(prompt, before_tokens, after_tokens)
    logits, _ = model.step(embeddings, model.empty_cache(1))
    worst.add("logits", logits[:, 0], pair["lm.logits_last"])
    everything, _ = model.step(embeddings, model.empty_cache(1), asked=range(embeddings.shape[1]))
    worst.add("all_logits", everything, pair["lm.logits"])
    # In pieces of 1, 40 and the rest: what a cache gives must be what one pass gives.
    cache, pieces = model.empty_cache(1), []
    for part in np.split(embeddings, [1, 41], axis=1):
        step, cache = model.step(part, cache, asked=range(part.shape[1]))
        pieces.append(step)
    worst.add("step_logits", np.concatenate(pieces, 1), everything)
    # Greedily, feeding the reference's own tokens so that one near tie does not spoil the rest.
    logits, cache = model.step(embeddings, model.empty_cache(1))
    for token in pair["gen_nopen.ids"][0]:
        worst.result["greedy_equal"] += int(logits[0, -1].argmax() == token)
        logits, cache = model.step(model.table[[token]][None], cache)
    compare_tree(model, worst, prompt, embeddings)


def compare_tree(model, worst, prompt, embeddings):
    """Two continuations scored side by side in one row: the explicit mask keeps them apart."""
    _, prefix = model.step(embeddings, model.empty_cache(1))
    length, masked = embeddings.shape[1], model.manifest["language"]["masked"]
    words = [token for token in prompt if token >= 0]
    branches = [model.table[words[:4]][None], model.table[words[4:9]][None]]
    apart = [model.step(branch, prefix, asked=range(branch.shape[1]))[0] for branch in branches]
    bias = np.full((9, length + 9), masked, np.float32)
    bias[:, :length] = 0
    bias[:4, length:length + 4] = np.triu(np.full((4, 4), masked), 1)
    bias[4:, length + 4:] = np.triu(np.full((5, 5), masked), 1)
    positions = length + np.array([0, 1, 2, 3, 0, 1, 2, 3, 4])
    together, _ = model.step(np.concatenate(branches, 1), prefix, asked=range(9), bias=bias, positions=positions)
    worst.add("scored_tree", together, np.concatenate(apart, 1))


def compare_batch(model, result, prompt, pairs, before, after):
    """All pairs in one batch, against the reference and against each pair alone."""
    count = len(pairs)
    before_tokens, after_tokens, _ = model.see(before, after)
    logits, _ = model.step(model.embed(prompt, before_tokens, after_tokens), model.empty_cache(count))
    result["batch_logits"] = difference(logits[:, 0], np.concatenate([pair["lm.logits_last"] for pair in pairs]))
    singles = [model.step(model.embed(prompt, before_tokens[i:i + 1], after_tokens[i:i + 1]), model.empty_cache(1))[0]
               for i in range(count)]
    result["batch_rows"] = difference(logits, np.concatenate(singles))


def main():
    directory, vectors = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    model = Exported(directory)
    for graph in ("vision", "decoder"):
        onnx.checker.check_model(str(directory / model.manifest[graph]["file"]), full_check=True)
    prompt = json.loads((vectors / "vectors_dev.json").read_text())["prompt_ids"]
    pairs = [load_file(path) for path in sorted(vectors.glob("pair*_dev.safetensors"))]
    before = np.concatenate([pair["pixel_values"][:1] for pair in pairs])
    after = np.concatenate([pair["pixel_values"][1:] for pair in pairs])

    worst = Worst(pairs)
    for i, pair in enumerate(pairs):
        compare_pair(model, worst, prompt, pair, before[i:i + 1], after[i:i + 1])
    result = worst.result | {"damaged_files": model.damaged_files()}
    result["greedy_of"] = sum(len(pair["gen_nopen.ids"][0]) for pair in pairs)
    compare_batch(model, result, prompt, pairs, before, after)
    json.dump(result, sys.stdout, indent=1)


main()
