"""What choose_threshold.py and fit_p_change.py share: their options, and a model's records of drawn scenes."""
import argparse
import json
import pathlib
import subprocess


def options_of(description, declare_more=lambda parser: None):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ccx", default="build/ccx", help="the command")
    parser.add_argument("--model", type=pathlib.Path, required=True, help="the checkpoint whose config.json is written")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for scenes and captions")
    parser.add_argument("--scenes", type=int, default=2000, help="how many to draw")
    parser.add_argument("--threads", type=int, default=0)
    declare_more(parser)
    return parser.parse_args()


def captioned(options, seed):
    """Draws the scenes of `seed` and captions them without a threshold. Returns (record, changed) of each."""
    scenes, captions = options.out / "scenes", options.out / "captions.jsonl"
    options.out.mkdir(parents=True, exist_ok=True)
    subprocess.run([options.ccx, "scenes", "--out", scenes, "--count", str(options.scenes), "--seed", str(seed), "--splits",
                    "val:1", "--resume"], check=True)
    references = scenes / "LevirCCcaptions.json"
    subprocess.run([options.ccx, "caption", "--in", references, "--out", captions, "--model", options.model, "--min-p-change",
                    "0", "--threads", str(options.threads), "--overwrite", "--quiet"], check=True)
    images = json.loads(references.read_text())["images"]
    changed = {pathlib.Path(image["filename"]).stem: image["changeflag"] == 1 for image in images}
    records = [json.loads(line) for line in captions.read_text().splitlines()]
    return [(record, changed[record["id"]]) for record in records]


def write_setting(model, key, value):
    """Sets `key` in a checkpoint's config.json. Returns the file's path."""
    path = model / "config.json"
    config = json.loads(path.read_text())
    config[key] = value
    path.write_text(json.dumps(config, indent=2) + "\n")
    return path
