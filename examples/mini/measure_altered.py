#!/usr/bin/env python3
"""Nothing that is not a change is one: each real picture against itself, altered. Needs Pillow and NumPy.

    examples/mini/measure_altered.py --ccx build/ccx --model models/default --out measured --real DIR ...

DIR: data sets in LEVIR-CC's layout. Every picture of their test pairs, of both dates, stands as before image, and itself after a
tone curve, JPEG of quality 60, a blur, a shift of 4 pixels or half the resolution as after image. Prints how many of each are
captioned as changed.
"""
import argparse
import io
import json
import pathlib
import subprocess

import numpy
from PIL import Image, ImageFilter


def tone(image):
    """Lifted shadows and a little less contrast, as another processing of the same shot has."""
    table = [round(255 * (0.06 + 0.86 * (v / 255) ** 0.8)) for v in range(256)]
    return image.point(table * 3)


def jpeg(image):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=60)
    return Image.open(buffer).convert("RGB")


def blur(image):
    return image.filter(ImageFilter.GaussianBlur(1.5))


def shift(image):
    """4 pixels to the right and down; what comes in at the border is the border."""
    return Image.fromarray(numpy.pad(numpy.asarray(image), ((4, 0), (4, 0), (0, 0)), "edge")[:-4, :-4])


def half(image):
    small = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.BICUBIC)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ccx", default="build/ccx", help="the command")
    parser.add_argument("--model", type=pathlib.Path, default="models/default")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for pictures and captions")
    parser.add_argument("--real", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--limit", type=int, help="the first pictures alone")
    options = parser.parse_args()

    pictures = []
    for folder in options.real:
        for image in json.loads((folder / "LevirCCcaptions.json").read_text())["images"]:
            pictures += [folder / "images" / image["filepath"] / date / image["filename"] for date in "AB"]
    pictures = pictures[: options.limit]
    total, flagged = 0, 0
    for alter in (tone, jpeg, blur, shift, half):
        folder = options.out / alter.__name__
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for number, path in enumerate(pictures):
            before = Image.open(path).convert("RGB")
            names = [folder / f"{number:05d}_{date}.png" for date in "AB"]
            before.save(names[0], compress_level=1)
            alter(before).save(names[1], compress_level=1)
            lines.append(json.dumps({"id": f"{number:05d}", "before": str(names[0].resolve()), "after": str(names[1].resolve())}))
        pairs, captions = folder / "pairs.jsonl", folder / "captions.jsonl"
        pairs.write_text("\n".join(lines) + "\n")
        subprocess.run([options.ccx, "caption", "--in", pairs, "--allow-outside", "--out", captions, "--model", options.model,
                        "--overwrite", "--quiet"], check=True)
        records = [json.loads(line) for line in captions.read_text().splitlines()]
        said = [r for r in records if r["changed"]]
        print(f"{alter.__name__}: {len(said)} of {len(records)} called changed", flush=True)
        for record in said[:5]:
            print(f"    {pictures[int(record['id'])].name}: {record['caption']} (p_change {record['p_change']})")
        total, flagged = total + len(records), flagged + len(said)
    print(f"all: {flagged} of {total} ({100 * flagged / total:.1f} of 100)")


if __name__ == "__main__":
    main()
