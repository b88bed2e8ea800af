#!/usr/bin/env python3
"""Measures a checkpoint on drawn scenes, and on real data sets in LEVIR-CC's layout where some are named.

    examples/mini/measure.py --ccx build/ccx --model models/default --out measured [--real DIR ...]

For each set of pairs: the scores of `ccx eval` beside those of two baselines (the constant sentence of no change; a
perfect flag with one constant sentence of change), flag accuracy, and what becomes of the captions when before and after
change places and when the same image is given twice. Prints a Markdown report; OUT keeps every caption.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

SAME = "the scene is the same as before"
CHANGE = "some houses are built along the road"

STRUCTURE = re.compile(r"^(house|building|villa|residence|home|road|path|street|lot|bungalow|cottage|block)s?$|^(roads?|lots?)$")
PLANTS = re.compile(r"^(tree|plant|vegetation|forest|wood|crown|bush|shrub|grove)s?(es)?$")
CAME = {"built", "constructed", "erected", "appear", "appears", "appeared", "show", "shows", "added", "new", "planted", "emerge",
        "emerges", "paved", "extended", "laid", "grow", "grown"}
WENT = {"removed", "demolished", "disappear", "disappears", "disappeared", "gone", "cut", "cleared", "destroyed", "vanish",
        "vanishes", "torn", "replaced"}


def direction(caption):
    """+1 where the caption says that something was built, -1 where it says that something went, 0 where neither.

    The first verb that follows a structure (houses, roads) decides; without one, the first that follows plants."""
    subject, found = None, {}
    for word in re.findall(r"[a-z]+", caption.lower()):
        if STRUCTURE.match(word):
            subject = "structure"
        elif PLANTS.match(word):
            subject = "plants"
        elif subject and word in CAME | WENT:
            found.setdefault(subject, 1 if word in CAME else -1)
    return found.get("structure", found.get("plants", 0))


def run(*command):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return done.stdout.decode()


class Measure:
    def __init__(self, options):
        self.ccx = options.ccx
        self.model = options.model
        self.out = options.out
        self.threads = options.threads

    def caption(self, name, pairs):
        """pairs: (id, before, after). Returns records by id."""
        manifest = self.out / f"{name}.pairs.jsonl"
        manifest.write_text("".join(json.dumps({"id": i, "before": str(a), "after": str(b)}) + "\n" for i, a, b in pairs))
        captions = self.out / f"{name}.jsonl"
        run(self.ccx, "caption", "--in", manifest, "--allow-outside", "--out", captions, "--model", self.model, "--overwrite",
            "--no-timings", "--threads", self.threads, "--quiet")
        return {r["id"]: r for r in map(json.loads, captions.read_text().splitlines())}

    def scores(self, name, captions, references):
        said = self.out / f"{name}.pred.jsonl"
        said.write_text("".join(json.dumps({"uid": i, "pred": text}) + "\n" for i, text in captions.items()))
        return json.loads(run(self.ccx, "eval", "--pred", said, "--refs", references, "--json"))

    def dataset(self, title, folders):
        """folders: data sets in LEVIR-CC's layout whose test pairs are measured together with all others of theirs."""
        images = []
        for folder in folders:
            for image in json.loads((folder / "LevirCCcaptions.json").read_text())["images"]:
                place = folder / "images" / image["filepath"]
                images.append((image, place / "A" / image["filename"], place / "B" / image["filename"]))
        name = re.sub(r"\W+", "_", title.lower()).strip("_")
        merged = self.out / f"{name}.references.json"
        merged.write_text(json.dumps({"images": [image for image, _, _ in images]}))
        ids = [pathlib.Path(image["filename"]).stem for image, _, _ in images]
        changed = {i: image["changeflag"] == 1 for i, (image, _, _) in zip(ids, images)}

        records = self.caption(name, [(i, a.resolve(), b.resolve()) for i, (_, a, b) in zip(ids, images)])
        said = {i: records[i]["caption"] for i in ids}
        rows = [("the model", self.scores(name, said, merged)),
                ("constant: " + SAME, self.scores(name + ".constant", {i: SAME for i in ids}, merged)),
                ("perfect flag: " + CHANGE, self.scores(name + ".flag", {i: CHANGE if changed[i] else SAME for i in ids}, merged))]
        print(f"### {title}: {len(ids)} pairs, {sum(changed.values())} changed\n")
        print("| captions | S*_m | BLEU-4 | METEOR | ROUGE-L | CIDEr-D | flag accuracy |\n|---|---|---|---|---|---|---|")
        for label, scores in rows:
            for part in ("all", "changed", "unchanged") if label == "the model" else ("all",):
                cells = [scores[part].get(key) for key in ("s_m", "bleu_4", "meteor", "rouge_l", "cider_d")]
                text = " | ".join("-" if cell is None else f"{cell:.3f}" for cell in cells)
                flag = f"{scores['flag']['accuracy']:.3f}" if part == "all" else ""
                print(f"| {label}{'' if part == 'all' else ', ' + part} | {text} | {flag} |")
        confusion = rows[0][1]["flag"]["confusion"]
        print(f"\nChanges found: {confusion['changed_as_changed']} of {sum(changed.values())}; "
              f"false alarms: {confusion['unchanged_as_changed']} of {len(ids) - sum(changed.values())}.")
        probabilities = [(records[i]["p_change"], changed[i]) for i in ids]
        up, down = [p for p, c in probabilities if c], [p for p, c in probabilities if not c]
        if up and down:
            wins = sum((a > b) + 0.5 * (a == b) for a in up for b in down)
            print(f"Area under the curve of p_change: {wins / len(up) / len(down):.3f}.")
        self.swapped(name, ids, images, changed, records)
        self.same(name, ids, images)
        print(flush=True)

    def swapped(self, name, ids, images, changed, records):
        back = self.caption(name + ".swapped", [(i, b.resolve(), a.resolve()) for i, (_, a, b) in zip(ids, images)])
        for said, verb in ((1, "built"), (-1, "removed")):
            asked = [i for i in ids if changed[i] and direction(records[i]["caption"]) == said]
            turned = [i for i in asked if direction(back[i]["caption"]) == -said]
            if asked:
                print(f"Swapped, of {len(asked)} changed pairs whose caption says {verb}: {len(turned)} then say the opposite "
                      f"({len(turned) / len(asked):.3f}).")
        flags = sum(back[i]["changed"] == changed[i] for i in ids)
        print(f"Flag accuracy of swapped pairs: {flags / len(ids):.3f}.")

    def same(self, name, ids, images):
        twice = self.caption(name + ".same", [(i, a.resolve(), a.resolve()) for i, (_, a, _) in zip(ids, images)])
        print(f"The same image twice is called unchanged in {sum(not twice[i]['changed'] for i in ids)} of {len(ids)}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ccx", default="build/ccx", help="the command")
    parser.add_argument("--model", type=pathlib.Path, default="models/default")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for captions and scenes")
    parser.add_argument("--scenes", type=int, default=1000, help="held-out scenes to draw, 0 for none")
    parser.add_argument("--seed", type=int, default=20261124, help="of these scenes")
    parser.add_argument("--real", type=pathlib.Path, nargs="*", default=[], help="data sets in LEVIR-CC's layout")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    measure = Measure(options)
    if options.scenes > 0:
        drawn = options.out / f"scenes-{options.scenes}-{options.seed}"
        if not (drawn / "LevirCCcaptions.json").exists():
            run(options.ccx, "scenes", "--out", drawn, "--count", options.scenes, "--seed", options.seed, "--splits", "test:1",
                "--resume")
        measure.dataset("Scenes", [drawn])
    if options.real:
        measure.dataset("Real pairs", options.real)


if __name__ == "__main__":
    main()
