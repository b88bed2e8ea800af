#!/usr/bin/env python3
"""Chooses a model's min_p_change on drawn scenes and writes it into its config.json.

    examples/mini/choose_threshold.py --ccx build/ccx --model OUT/model --out OUT/threshold

Takes the highest threshold that costs at most a point and a half of the flag accuracy that the best one has. Real pairs differ
in more ways that are no change than scenes do, so what a model is unsure of is more often unchanged there than here; and
nothing but scenes is looked at. The scenes (seed 20261127) are neither trained on nor those that measure.py measures.
"""
import argparse
import json
import pathlib
import subprocess

LOSS = 0.015  # of flag accuracy
STEPS = [round(0.5 + 0.01 * i, 2) for i in range(50)]


def choose(pairs):
    """pairs: (p_change, changed). Returns the threshold, its flag accuracy, the best flag accuracy."""
    accuracy = {t: sum((p >= t) == changed for p, changed in pairs) / len(pairs) for t in STEPS}
    best = max(accuracy.values())
    threshold = max(t for t in STEPS if accuracy[t] >= best - LOSS)
    return threshold, accuracy[threshold], best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ccx", default="build/ccx", help="the command")
    parser.add_argument("--model", type=pathlib.Path, required=True, help="the checkpoint whose config.json is written")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for scenes and captions")
    parser.add_argument("--scenes", type=int, default=2000, help="how many to draw")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()

    scenes, captions = options.out / "scenes", options.out / "captions.jsonl"
    options.out.mkdir(parents=True, exist_ok=True)
    subprocess.run([options.ccx, "scenes", "--out", scenes, "--count", str(options.scenes), "--seed", "20261127", "--splits",
                    "val:1", "--resume"], check=True)
    references = scenes / "LevirCCcaptions.json"
    subprocess.run([options.ccx, "caption", "--in", references, "--out", captions, "--model", options.model, "--min-p-change",
                    "0", "--threads", str(options.threads), "--overwrite", "--quiet"], check=True)
    images = json.loads(references.read_text())["images"]
    changed = {pathlib.Path(image["filename"]).stem: image["changeflag"] == 1 for image in images}
    records = [json.loads(line) for line in captions.read_text().splitlines()]
    threshold, accuracy, best = choose([(record["p_change"], changed[record["id"]]) for record in records])

    path = options.model / "config.json"
    config = json.loads(path.read_text())
    config["min_p_change"] = threshold
    path.write_text(json.dumps(config, indent=2) + "\n")
    print(f"{path}: min_p_change {threshold}, flag accuracy {accuracy:.4f} on {len(records)} scenes (best {best:.4f})")


if __name__ == "__main__":
    main()
