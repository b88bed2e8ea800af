"""measure_unpacked.py EXPORT CHECKPOINT VECTORS: what an export in 4 bits makes of its weights, as JSON on stdout.

Every 4-bit weight is unpacked here, by the definition of its operator, and compared with the checkpoint's tensor of the
same name; then the graph runs again with the unpacked weights in plain products. How good a model is in 4 bits does not
enter: a half byte out of place, a scale of another block or a weight that is not transposed is seen in a model of random
weights too.

    count    weights in 4 bits
    error    the largest of their errors: root mean square of the difference in units of the block's scale. Rounding to
             the nearest value makes .29 of it; a value in another's place several
    digests  of each unpacked weight, by name: the same for every target
    logits   the largest difference of a logit between the graph as it is and with unpacked weights
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from safetensors.numpy import load_file

from exported import Exported


def attributes(node):
    return {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}


def unpack_nbits(packed, scales, given):
    """[N, blocks, 16] bytes, low half first, around 8 -> values, scales, both [N, K]"""
    halves = np.stack([packed & 15, packed >> 4], -1).astype(np.float32) - 8
    rows = halves.reshape(given["N"], -1)
    return rows[:, :given["K"]], np.repeat(scales.reshape(given["N"], -1), given["block_size"], 1)[:, :given["K"]]


def unpack_dequantize(values, scales, given):
    """int4 [K, N] with scales [blocks, N] -> values, scales, both [N, K]"""
    spread = np.repeat(scales, given["block_size"], given["axis"])[:values.shape[0]]
    return values.astype(np.float32).T, spread.T


def unpack(model):
    """Replaces the 4-bit weights of a graph by float32 ones in plain products: {name: (values, scales)}."""
    tensors = {each.name: each for each in model.graph.initializer}
    weights, nodes = {}, []
    for node in model.graph.node:
        given = attributes(node)
        if node.op_type == "MatMulNBits":
            name, scales = node.input[1], numpy_helper.to_array(tensors[node.input[2]])
            weights[name] = unpack_nbits(numpy_helper.to_array(tensors[name]), scales, given)
            nodes.append(onnx.helper.make_node("MatMul", [node.input[0], name + "/unpacked"], node.output))
            product = name + "/unpacked"
        elif node.op_type == "DequantizeLinear" and given.get("block_size", 0) > 0:
            name, scales = node.input[0], numpy_helper.to_array(tensors[node.input[1]])
            weights[name] = unpack_dequantize(numpy_helper.to_array(tensors[name]), scales, given)
            product = node.output[0]
        else:
            nodes.append(node)
            continue
        values, spread = weights[name]
        model.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray((values * spread).T), product))
    nodes = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return weights


def with_exact_products(model):
    """MatMulNBits may round activations to 8 bits where accuracy_level says so; that is not what is measured here."""
    for node in model.graph.node:
        for each in node.attribute:
            if each.name == "accuracy_level":
                each.i = 0
    return model


def session(model, config):
    options = onnxruntime.SessionOptions()
    for key, value in config.items():
        options.add_session_config_entry(key, value)
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def main():
    directory, checkpoint, vectors = map(pathlib.Path, sys.argv[1:])
    export = Exported(directory)
    truth = load_file(checkpoint / "model.safetensors")
    result = {"count": 0, "error": 0.0, "digests": {}, "logits": 0.0}
    graphs = {}
    for graph in ("vision", "decoder"):
        packed = with_exact_products(onnx.load(directory / export.manifest[graph]["file"]))
        plain = onnx.ModelProto.FromString(packed.SerializeToString())
        for name, (values, scales) in unpack(plain).items():
            assert np.isfinite(values).all() and (scales != 0).all(), name
            steps = values - truth[name].astype(np.float32) / scales
            result["count"] += 1
            result["error"] = max(result["error"], float(np.sqrt((steps**2).mean())))
            result["digests"][name] = hashlib.sha256(np.ascontiguousarray(values * scales).tobytes()).hexdigest()
        graphs[graph] = [session(each, export.manifest["session_config"]) for each in (packed, plain)]

    prompt = json.loads((vectors / "vectors_dev.json").read_text())["prompt_ids"]
    pair = load_file(vectors / "pair0_dev.safetensors")
    found = []
    for export.vision, export.decoder in zip(*graphs.values()):
        before, after, _ = export.see(pair["pixel_values"][:1], pair["pixel_values"][1:])
        embeddings = export.embed(prompt, before, after)
        found.append(export.step(embeddings, export.empty_cache(1), asked=range(embeddings.shape[1]))[0])
    assert all(np.isfinite(logits).all() for logits in found)
    result["logits"] = float(np.abs(found[0] - found[1]).max())
    json.dump(result, sys.stdout, indent=1)


main()
