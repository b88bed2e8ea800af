#!/usr/bin/env python3
"""Makes the vectors beside it: what the field's scorers give for pathological input, and how METEOR 1.5 prepares and aligns.

    pip install pycocoevalcap==1.2      # needs Java for METEOR
    python tests/data/metrics/make_vectors.py

The texts are invented here. ccx is tested against the files; neither Python nor Java takes part in the tests.
"""
import json
import pathlib
import random
import subprocess
import tempfile

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor import meteor
from pycocoevalcap.rouge.rouge import Rouge

HERE = pathlib.Path(__file__).parent
WORDS = ("the a on of in houses house building buildings built build road roads are is and trees tree some several many "
         "been have were villas replaced replace large big near next to left right side row rows new appear appears").split()
ODD = ["it's", "don't", "U.S.", "e.g.", "...", "—", "“x”", "10,000", "3.5", "road-side", "a.b.", "Mr.", "|||", "é", "ΑΣ",
       "😀", "中文", "İ", ",", ".", "(removed)", "!", "?", "'s", "''", "--", "c0", "an", "\u00a0", "\u200b", "ß", "#"]


METEOR = meteor.Meteor()  # one Java process for everything


def meteor_lines(pairs):
    lines = [METEOR._stat(h, refs) for h, refs in pairs]
    return [" ".join(str(int(float(x))) for x in line.split()) for line in lines]


def score(pairs):
    gts = {i: refs for i, (_, refs) in enumerate(pairs)}
    res = {i: [h] for i, (h, _) in enumerate(pairs)}
    corpus, single = {}, {}
    bleu, bleus = Bleu(4).compute_score(gts, res, verbose=0)
    for k in range(4):
        corpus[f"bleu_{k + 1}"], single[f"bleu_{k + 1}"] = float(bleu[k]), [float(x) for x in bleus[k]]
    for name, scorer in (("rouge_l", Rouge()), ("cider_d", Cider()), ("meteor", METEOR)):
        total, each = scorer.compute_score(gts, res)
        corpus[name], single[name] = float(total), [float(x) for x in each]
    if len(pairs) == 1:  # 0 here, while CCExpert's copy takes the logarithm of one pair as 1 (scorers_dev.json, "single")
        del corpus["cider_d"], single["cider_d"]
        return {"pairs": [{"hypothesis": h, "references": refs} for h, refs in pairs], "corpus": corpus, "per_sentence": single}
    corpus["s_m"] = (corpus["bleu_4"] + corpus["meteor"] + corpus["rouge_l"] + corpus["cider_d"]) / 4
    return {"pairs": [{"hypothesis": h, "references": refs} for h, refs in pairs], "corpus": corpus, "per_sentence": single}


def pathological():
    rng = random.Random(4)
    usual = ("a house is built beside the road", ["a house was built near the road", "some houses appear", "a new building"])
    many = " ".join(rng.choice(WORDS) for _ in range(2000))
    sets = {
        "an empty hypothesis": [("", ["a road appears", "the road"]), usual],
        "an empty reference": [("a road", ["", "the road"]), ("house", [""]), usual],
        "only punctuation": [("?!,;:", ["a road appears"]), (", , ,", [", ."]), ("-", ["-"]), usual],
        "2000 words": [(many, usual[1]), ("the " * 2000, usual[1]), usual],
        "non-ASCII text": [("une maison près de la forêt", ["une maison à côté d'une forêt", "la maison"]),
                           ("道路 旁边 有 房子", ["道路 旁边 有 很多 房子"]), ("дом у дороги", ["дом возле дороги"]),
                           ("😀 house", ["house 😀"]), usual],
        "one pair only": [usual],
        "one identical pair": [("the same words", ["the same words"])],
        "identical corpora": [(s, [s]) for s in ("a road appears", "many houses are built", "trees", "a b c d e f")],
        "all references alike": [("the scene is the same", ["no change has occurred"] * 5)] * 3,
        "stray spaces": [("  a road  appears ", [" a road  appears", "a  b"]), (" ", [" "]), usual],
        "one repeated word": [("house house house house", ["house"]), ("house", ["house house house"]), usual],
        "a separator inside": [("a road ||| b", ["a road ||| a house", "b|||c"]), usual],
    }
    return {name: score(pairs) for name, pairs in sets.items()}


def alignments():
    rng = random.Random(5)
    pairs = []
    for k in range(400):
        vocabulary = [WORDS, WORDS[:12], WORDS[:5], WORDS + ODD][k % 4]
        longest = rng.choice([3, 8, 20, 40])
        text = lambda: " ".join(rng.choice(vocabulary) for _ in range(rng.randint(0, longest)))
        pairs.append((text(), [text() for _ in range(rng.randint(1, 3))]))
    return [{"hypothesis": h, "references": refs, "stats": line} for (h, refs), line in zip(pairs, meteor_lines(pairs))]


def normalized():
    rng = random.Random(6)
    alphabet = "aabbcdeorstn ABCDENRS10259.,-'`\"–—“”’‘…éÉжα()!?&;:%$\u00a0\u200b\u3000/|" + "   "
    tokens = ("Mr. Mr No. no. Nr 5 12 e.g. i.e pp. art. U.S. u.s.a. it's don't -- - ... .. . , ; a b houses road road-side "
              "x.y 1,000 1.5 3. St. st. A. a. é.g. É. 'tis rock'n'roll ''").split()
    texts = ["".join(rng.choice(alphabet) for _ in range(rng.randint(1, 30))) for _ in range(300)]
    texts += ["".join(rng.choice(tokens) + rng.choice([" ", " ", "", "  "]) for _ in range(rng.randint(1, 8))) for _ in range(300)]
    jar = pathlib.Path(meteor.__file__).parent / "meteor-1.5.jar"
    program = """
        import java.io.*;
        public class Normalize { public static void main(String[] a) throws Exception {
          BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
          PrintStream out = new PrintStream(System.out, false, "UTF-8");
          for (String s; (s = in.readLine()) != null;)
            out.println(edu.cmu.meteor.util.Normalizer.normalizeLine(s, 0, true));
          out.flush(); } }"""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "Normalize.java"
        source.write_text(program)
        run = subprocess.run(["java", "-cp", str(jar), str(source)], input="\n".join(texts) + "\n", capture_output=True,
                             encoding="utf-8", check=True)
    return [{"text": t, "normalized": n} for t, n in zip(texts, run.stdout.split("\n"))]


def main():
    for name, make in (("scorers_pathological", pathological), ("meteor_alignments", alignments),
                       ("meteor_normalizer", normalized)):
        (HERE / f"{name}.json").write_text(json.dumps(make(), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
