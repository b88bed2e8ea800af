"""write_gguf.py FILE bf16|q8_0|q4_0: the language model of the shape with random weights, for llama.cpp.

Types are those that llama.cpp's own quantiser gives this shape: norms and biases in float32, products in the type named, and
with q4_0 the embedding table, which is the head too, in Q8_0 (its rule is Q6_K, which rows of 896 do not divide into).
There is no tokenizer: prompts are token ids.
"""
import os
import sys

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

import shape


def tensors(product, table):
    """(name, shape, type) of every tensor, outermost dimension first."""
    hidden, inner = shape.TEXT["hidden_size"], shape.TEXT["intermediate_size"]
    keys = hidden // shape.TEXT["num_attention_heads"] * shape.TEXT["num_key_value_heads"]
    yield "token_embd.weight", (shape.TEXT["vocab_size"], hidden), table
    for layer in range(shape.TEXT["num_hidden_layers"]):
        block = f"blk.{layer}."
        yield block + "attn_norm.weight", (hidden,), Type.F32
        for name, rows in (("attn_q", hidden), ("attn_k", keys), ("attn_v", keys)):
            yield f"{block}{name}.weight", (rows, hidden), product
            yield f"{block}{name}.bias", (rows,), Type.F32
        yield block + "attn_output.weight", (hidden, hidden), product
        yield block + "ffn_norm.weight", (hidden,), Type.F32
        yield block + "ffn_gate.weight", (inner, hidden), product
        yield block + "ffn_up.weight", (inner, hidden), product
        yield block + "ffn_down.weight", (hidden, inner), product
    yield "output_norm.weight", (hidden,), Type.F32


def main():
    path, kind = sys.argv[1:]
    product = {"bf16": Type.BF16, "q8_0": Type.Q8_0, "q4_0": Type.Q4_0}[kind]
    table = Type.Q8_0 if product == Type.Q4_0 else product
    writer = gguf.GGUFWriter(path + ".part", "qwen2")
    writer.add_context_length(shape.TEXT["max_position_embeddings"])
    writer.add_embedding_length(shape.TEXT["hidden_size"])
    writer.add_block_count(shape.TEXT["num_hidden_layers"])
    writer.add_feed_forward_length(shape.TEXT["intermediate_size"])
    writer.add_head_count(shape.TEXT["num_attention_heads"])
    writer.add_head_count_kv(shape.TEXT["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(shape.TEXT["rms_norm_eps"])
    writer.add_rope_freq_base(shape.ROPE_THETA)
    writer.add_vocab_size(shape.TEXT["vocab_size"])
    writer.add_tokenizer_model("none")
    random = np.random.default_rng(shape.SEED)
    for name, size, kind_of_tensor in tensors(product, table):
        if name.endswith("norm.weight"):
            values = np.ones(size, np.float32)
        else:
            values = random.standard_normal(size, np.float32) * np.float32(shape.WEIGHT_DEVIATION)
        if kind_of_tensor != Type.F32:
            values = gguf.quants.quantize(values, kind_of_tensor)
        writer.add_tensor(name, values, raw_dtype=kind_of_tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.replace(path + ".part", path)


if __name__ == "__main__":
    main()
