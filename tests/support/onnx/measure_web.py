"""measure_web.py EXPORT VECTORS: the same as measure.py, in ONNX Runtime Web under Node, for the first pair.

Needs `npm ci` in tests/support/onnx and node on the PATH.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from safetensors.numpy import load_file

from saliency import expected_saliency


def main():
    export, vectors = sys.argv[1], pathlib.Path(sys.argv[2])
    pair = load_file(vectors / "pair0_dev.safetensors")
    prompt = json.loads((vectors / "vectors_dev.json").read_text())["prompt_ids"]
    first = int(pair["gen_nopen.ids"][0, 0])
    with tempfile.TemporaryDirectory() as folder:
        probe = pathlib.Path(folder) / "probe.json"
        probe.write_text(json.dumps({
            "before": pair["pixel_values"][0].ravel().tolist(), "after": pair["pixel_values"][1].ravel().tolist(),
            "prompt": prompt, "next": first}))
        script = pathlib.Path(__file__).with_name("logits.mjs")
        ran = subprocess.run(["node", script, export, probe], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        sys.exit(ran.stderr[-2000:])
    web = json.loads(ran.stdout)
    saliency = expected_saliency(pair, int(round(len(web["saliency"]) ** 0.5))).ravel()
    json.dump({
        "logits": float(np.abs(np.array(web["logits"]) - pair["lm.logits_last"][0]).max()),
        "saliency": float(np.abs(np.array(web["saliency"]) - saliency).max()),
        "first_equal": int(np.argmax(web["logits"])) == first,
        "second_equal": int(np.argmax(web["next_logits"])) == int(pair["gen_nopen.ids"][0, 1]),
    }, sys.stdout)


main()
