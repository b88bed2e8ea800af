"""peer_onnxruntime.py EXPORT CAPTIONS --repetitions N: the default model's export in ONNX Runtime, one thread.

Each pair goes the way of `ccx caption`: read and normalised, vision, prompt, sentences of no change scored on its cache,
steps. CAPTIONS is what `ccx caption` wrote of the same pairs; how many captions are equal to it is reported with the times.
"""
import argparse
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import tokenizers
from PIL import Image

from measure import Stages, report

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/support/onnx"))
from exported import Exported  # noqa: E402  the contract of docs/export.md in Python

IMAGE = -200  # stands for an image among token ids
# The parts of the question around its two images (core/text/prompt.h), each tokenised by itself.
PROMPT = ("<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nThis is the Image1 ",
          ". This is the second Image2 ",
          ".\nWhat difference happened from Image1 to Image2?<|im_end|>\n<|im_start|>assistant\n")
LONGEST = 128  # tokens of a caption


def log_softmax(logits):
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


class Captioner:
    def __init__(self, directory):
        self.model = Exported(directory, threads=1)
        self.manifest = self.model.manifest
        self.tokenizer = tokenizers.Tokenizer.from_file(str(directory / "tokenizer.json"))
        generation = json.loads((directory / "generation_config.json").read_text())
        assert generation.get("repetition_penalty", 1.0) == 1.0 and not generation.get("do_sample")
        ends = generation["eos_token_id"]
        self.ends = ends if isinstance(ends, list) else [ends]
        parts = [self.encode(part) for part in PROMPT]
        self.prompt = parts[0] + [IMAGE] + parts[1] + [IMAGE] + parts[2]
        self.sentences = [self.encode(text) for text in self.manifest["no_change_sentences"]]
        self.packed_ids = np.concatenate(self.sentences)

    def encode(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def read(self, path):
        """[1, 3, S, S], normalised as for SigLIP"""
        picture = Image.open(path).convert("RGB")
        size = self.manifest["image"]["size"]
        if picture.size != (size, size):
            picture = picture.resize((size, size), Image.Resampling.BICUBIC)
        return (np.asarray(picture, np.float32).transpose(2, 0, 1)[None] / 127.5) - 1

    def probability_of_no_change(self, first, cache):
        """The likeliest sentence of no change, and the sum of all: they stand side by side behind the prompt, as one step."""
        past = cache[0].shape[2]
        lengths = [len(sentence) for sentence in self.sentences]
        bias = np.full((sum(lengths), past + sum(lengths)), self.manifest["language"]["masked"], np.float32)
        bias[:, :past] = 0
        start = 0
        for length in lengths:
            block = bias[start:start + length, past + start:past + start + length]
            block[np.tril_indices(length)] = 0
            start += length
        positions = np.concatenate([past + np.arange(length) for length in lengths])
        logits, _ = self.model.step(self.model.table[self.packed_ids][None], cache, asked=np.arange(sum(lengths)),
                                    bias=bias, positions=positions)
        rows = log_softmax(logits[0].astype(np.float64))
        scores, start = [], 0
        for sentence, length in zip(self.sentences, lengths):
            words = first[sentence[0]] + rows[np.arange(start, start + length - 1), sentence[1:]].sum()
            scores.append(np.exp(words + np.logaddexp.reduce(rows[start + length - 1, self.ends])))
            start += length
        return self.sentences[int(np.argmax(scores))], min(sum(scores), 1.0)

    def caption(self, before, after, stages):
        pixels = stages.time("read", lambda: (self.read(before), self.read(after)))
        seen = stages.time("vision", lambda: self.model.see(*pixels))
        logits, cache = stages.time("prefill", lambda: self.model.step(
            self.model.embed(self.prompt, seen[0], seen[1]), self.model.empty_cache(1)))
        return stages.time("decode", lambda: self.write(logits[0, -1], cache))

    def write(self, logits, cache):
        sentence, no_change = self.probability_of_no_change(log_softmax(logits.astype(np.float64)), cache)
        if 1 - no_change < self.manifest["min_p_change"]:
            return self.tokenizer.decode(sentence)
        ids = [int(logits.argmax())]
        while ids[-1] not in self.ends and len(ids) < LONGEST:
            row, cache = self.model.step(self.model.table[ids[-1]][None, None], cache)
            ids.append(int(row[0, -1].argmax()))
        return self.tokenizer.decode(ids, skip_special_tokens=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("export", type=pathlib.Path)
    parser.add_argument("captions", type=pathlib.Path)
    parser.add_argument("--repetitions", type=int, required=True)
    given = parser.parse_args()
    captioner = Captioner(given.export)
    records = [json.loads(line) for line in given.captions.read_text().splitlines()]
    fastest, equal = {}, 0
    for record in records:
        paths = [pathlib.Path(record[side]) for side in ("before", "after")]
        stages = Stages()
        caption = captioner.caption(*paths, stages)
        equal += caption.strip() == record["caption"]
        stages.forget()
        for _ in range(given.repetitions):
            stages.time("pair", lambda: captioner.caption(*paths, stages))
        for name, ms in stages.fastest().items():
            fastest[name] = fastest.get(name, 0) + ms / len(records)
    report(ms=fastest, pairs=len(records), equal_captions=equal, threads=1,
           versions={"onnxruntime": onnxruntime.__version__})


if __name__ == "__main__":
    main()
