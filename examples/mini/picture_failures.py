#!/usr/bin/env python3
"""Draws the pairs that a model is most wrong about: missed changes, and changes told of where there is none. Needs Pillow.

    examples/mini/picture_failures.py --references SCENES/LevirCCcaptions.json --captions captions.jsonl --out failures.webp

References are a list in LEVIR-CC's layout, with its images beside it; captions are what `ccx caption` wrote for it. A row shows
before, after and, where the list has one, the mask; beside them what people (or the scenes' grammar) say and what was told. The pairs
whose `p_change` lies furthest on the wrong side come first.
"""
import argparse
import json
import pathlib
import textwrap

from PIL import Image, ImageDraw, ImageFont

SIDE, GAP, TEXT = 192, 8, 360


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--references", type=pathlib.Path, required=True)
    parser.add_argument("--captions", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=6, help="how many pairs")
    return parser.parse_args()


def failures(references, captions, count):
    """The `count` pairs that are most wrong: (image of the list, record)."""
    images = {pathlib.Path(image["filename"]).stem: image for image in json.loads(references.read_text())["images"]}
    wrong = []
    for record in map(json.loads, captions.read_text().splitlines()):
        image = images.get(pathlib.PurePosixPath(record["id"]).stem)
        if image is None or "changed" not in record or record["changed"] == (image["changeflag"] == 1):
            continue
        wrong.append((abs(record["p_change"] - image["changeflag"]), image, record))
    wrong.sort(key=lambda entry: (-entry[0], entry[2]["id"]))
    return [(image, record) for _, image, record in wrong[:count]], len(wrong)


def pictures(root, image):
    folder = root / "images" / image["filepath"]
    for name in ("A", "B", "label"):
        path = folder / name / image["filename"]
        if name != "label" or path.exists():
            yield Image.open(path).convert("L" if name == "label" else "RGB")


def row(root, image, record, font):
    out = Image.new("RGB", (3 * (SIDE + GAP) + TEXT, SIDE), "white")
    for i, picture in enumerate(pictures(root, image)):
        if picture.mode == "L":
            picture = picture.point(lambda value: 255 if value else 0).convert("RGB")
        out.paste(picture.resize((SIDE, SIDE), Image.LANCZOS), (i * (SIDE + GAP), 0))
    draw = ImageDraw.Draw(out)
    lines = ["there:"] + textwrap.wrap(image["sentences"][-1]["raw"].strip(), 44)
    lines += ["", f"told (p_change {record['p_change']:.2f}):"] + textwrap.wrap(record["caption"], 44)
    for i, line in enumerate(lines):
        draw.text((3 * (SIDE + GAP), 4 + 20 * i), line, fill="black", font=font)
    return out


def main():
    options = parse()
    chosen, count = failures(options.references, options.captions, options.count)
    if not chosen:
        raise SystemExit("no pair of these is wrong")
    font = ImageFont.load_default()
    for name in ("DejaVuSans.ttf", "LiberationSans-Regular.ttf"):
        try:
            font = ImageFont.truetype(name, 15)
            break
        except OSError:
            continue
    rows = [row(options.references.parent, image, record, font) for image, record in chosen]
    sheet = Image.new("RGB", (rows[0].width, len(rows) * (SIDE + GAP)), "white")
    for i, picture in enumerate(rows):
        sheet.paste(picture, (0, i * (SIDE + GAP)))
    sheet.save(options.out, quality=80)
    print(f"{options.out}: {len(rows)} of {count} wrong pairs")


if __name__ == "__main__":
    main()
