"""vision.onnx of an export against `ccx inspect`: the largest difference of each output, and its largest value, as JSON.

    compare_vision.py EXPORT DUMP.safetensors
"""
import json
import pathlib
import sys

import numpy as np
import onnxruntime
from safetensors.numpy import load_file

export, dump = pathlib.Path(sys.argv[1]), load_file(sys.argv[2])
manifest = json.loads((export / "manifest.json").read_text())
options = onnxruntime.SessionOptions()
options.log_severity_level = 3
for key, value in manifest["session_config"].items():
    options.add_session_config_entry(key, value)
session = onnxruntime.InferenceSession(str(export / manifest["vision"]["file"]), options, ["CPUExecutionProvider"])
pixels = dump["pixel_values"]
outputs = dict(zip([o.name for o in session.get_outputs()],
                   session.run(None, {"before": pixels[0:1], "after": pixels[1:2]})))
kinds = dump["change.kinds"] - dump["change.kinds"].max(axis=1, keepdims=True)
shares = np.exp(kinds) / np.exp(kinds).sum(axis=1, keepdims=True)
expected = {"before_tokens": dump["projector.out"][0:1], "after_tokens": dump["projector.out"][1:2],
            "change_map": shares, "change_flag": dump["change.flag"]}
# The same pair twice at once, in both orders of a batch.
twice = dict(zip(outputs, session.run(None, {"before": pixels[[0, 1]], "after": pixels[[1, 0]]})))
result = {name: {"difference": float(np.abs(outputs[name] - value).max()), "largest": float(np.abs(value).max())}
          for name, value in expected.items()}
result["batch"] = max(float(np.abs(twice[name][0:1] - outputs[name]).max()) for name in expected)
result["grid"] = manifest["change_head"]["grid"]
result["kinds"] = manifest["change_head"]["kinds"]
print(json.dumps(result))
