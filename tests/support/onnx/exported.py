"""Runs what `ccx export` wrote, by its manifest alone, with ONNX Runtime: the contract of docs/export.md in Python."""
import hashlib
import json
import pathlib

import numpy as np
import onnxruntime


class Exported:
    def __init__(self, directory, threads=0):
        self.directory = pathlib.Path(directory)
        self.manifest = json.loads((self.directory / "manifest.json").read_text())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        for key, value in self.manifest["session_config"].items():
            options.add_session_config_entry(key, value)
        self.vision, self.decoder = (
            onnxruntime.InferenceSession(
                str(self.directory / self.manifest[graph]["file"]), options, providers=["CPUExecutionProvider"])
            for graph in ("vision", "decoder"))
        self.table = self._read_table()

    def damaged_files(self):
        """Names of files whose size or checksum is not the manifest's."""
        damaged = []
        for entry in self.manifest["files"]:
            content = (self.directory / entry["name"]).read_bytes()
            if len(content) != entry["bytes"] or hashlib.sha256(content).hexdigest() != entry["sha256"]:
                damaged.append(entry["name"])
        return damaged

    def _read(self, location, dtype):
        return np.fromfile(self.directory / location["file"], dtype, offset=location["offset"],
                           count=location["bytes"] // np.dtype(dtype).itemsize)

    def _read_table(self):
        embeddings = self.manifest["embeddings"]
        pieces = []
        for piece in embeddings["pieces"]:
            values = self._read(piece["values"], embeddings["dtype"]).reshape(piece["rows"], -1).astype(np.float32)
            if "scales" in piece:
                values *= self._read(piece["scales"], np.float32)[:, None]
            pieces.append(values)
        return np.concatenate(pieces)

    def see(self, before, after):
        """pixels [B, 3, S, S] each -> before_tokens, after_tokens [B, N, H], saliency [B, g, g]"""
        return self.vision.run(["before_tokens", "after_tokens", "saliency"], {"before": before, "after": after})

    def embed(self, ids, before_tokens, after_tokens):
        """ids with -200 at the place of each image -> [B, T, H]"""
        first, second = [i for i, token in enumerate(ids) if token == -200]
        batch = before_tokens.shape[0]
        text = [np.repeat(self.table[ids[a:b]][None], batch, 0)
                for a, b in ((0, first), (first + 1, second), (second + 1, len(ids)))]
        return np.concatenate([text[0], before_tokens, text[1], after_tokens, text[2]], 1)

    def empty_cache(self, batch):
        language = self.manifest["language"]
        shape = (batch, language["kv_heads"], 0, language["head_size"])
        return [np.zeros(shape, np.float32) for _ in range(2 * language["layers"])]

    def step(self, embeddings, cache, asked=None, bias=None, positions=None):
        """One run of the decoder: logits [B, K, V] of the positions `asked` (the last one by default), and the cache."""
        batch, tokens, _ = embeddings.shape
        past = cache[0].shape[2]
        if positions is None:
            positions = np.arange(past, past + tokens)
        if bias is None:
            masked = np.float32(self.manifest["language"]["masked"])
            bias = np.triu(np.full((tokens, past + tokens), masked), past + 1)
        feeds = {
            "inputs_embeds": embeddings.astype(np.float32),
            "position_ids": np.repeat(np.asarray(positions, np.int64)[None], batch, 0),
            "attention_bias": bias.astype(np.float32),
            "logits_positions": np.asarray([tokens - 1] if asked is None else asked, np.int64),
        }
        layers = self.manifest["language"]["layers"]
        pairs = [f"{layer}.{what}" for layer in range(layers) for what in ("key", "value")]
        feeds.update({f"past_key_values.{pair}": value for pair, value in zip(pairs, cache)})
        logits, *cache = self.decoder.run(["logits"] + [f"present.{pair}" for pair in pairs], feeds)
        return logits, cache

    def greedy(self, embeddings, new_tokens):
        """ids [B, new_tokens]"""
        logits, cache = self.step(embeddings, self.empty_cache(embeddings.shape[0]))
        ids = [logits[:, -1].argmax(-1)]
        while len(ids) < new_tokens:
            logits, cache = self.step(self.table[ids[-1]][:, None], cache)
            ids.append(logits[:, -1].argmax(-1))
        return np.stack(ids, 1)
