#!/usr/bin/env python3
"""Fits how a model's p_change comes from language model and change head, and writes it into its config.json.

    examples/mini/fit_p_change.py --ccx build/ccx --model OUT/model --out OUT/fit [--mean]

A logistic regression on drawn scenes: p_change = sigmoid(bias + language * logit(q) + head * flag), q being the language
model's probability and flag the change head's logit (p_parts of the records). A weak pull towards the mean of the two
keeps it finite where both are always right. --mean writes that mean itself and draws nothing: of scenes a head is surer than of
photographs, and a fit on scenes believes it. The scenes (seed 20261128) are neither trained on nor measured elsewhere.
"""
import math

from drawn_scenes import captioned, options_of, write_setting

PULL = 1.0  # pairs' worth
START = (0.0, 0.5, 0.5)


def logit(q):
    q = min(max(q, 1e-6), 1 - 1e-6)  # as core/model/change_probability.h
    return math.log(q / (1 - q))


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def solve(matrix, vector):
    """A 3 x 3 system by elimination."""
    rows = [list(row) + [value] for row, value in zip(matrix, vector)]
    for i in range(3):
        best = max(range(i, 3), key=lambda k: abs(rows[k][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for k in range(3):
            if k != i:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    return [rows[i][3] / rows[i][i] for i in range(3)]


def fit(pairs):
    """pairs: (logit of the language model, logit of the head, changed). Returns bias, language, head."""
    weights = list(START)
    for _ in range(50):
        gradient = [PULL * (w - s) for w, s in zip(weights, START)]
        curvature = [[PULL if i == k else 0.0 for k in range(3)] for i in range(3)]
        for language, head, changed in pairs:
            x = (1.0, language, head)
            p = sigmoid(sum(w * v for w, v in zip(weights, x)))
            for i in range(3):
                gradient[i] += (p - changed) * x[i]
                for k in range(3):
                    curvature[i][k] += p * (1 - p) * x[i] * x[k]
        step = solve(curvature, gradient)
        weights = [w - s for w, s in zip(weights, step)]
        if max(abs(s) for s in step) < 1e-9:
            break
    return weights


def main():
    options = options_of(__doc__, lambda parser: parser.add_argument(
        "--mean", action="store_true", help="the mean of the two logits, without a fit"))
    if options.mean:
        found = dict(zip(("bias", "language", "head"), START))
        print(f"{write_setting(options.model, 'p_change_fit', found)}: p_change_fit {found}")
        return
    pairs = [(logit(record["p_parts"]["language"]), record["p_parts"]["head"], changed)
             for record, changed in captioned(options, 20261128)]
    bias, language, head = fit(pairs)
    found = {"bias": round(bias, 4), "language": round(language, 4), "head": round(head, 4)}
    path = write_setting(options.model, "p_change_fit", found)
    right = sum((bias + language * a + head * b > 0) == c for a, b, c in pairs)
    print(f"{path}: p_change_fit {found}, flag accuracy {right / len(pairs):.4f} on {len(pairs)} scenes "
          f"(language {sum((a > 0) == c for a, _, c in pairs) / len(pairs):.4f}, head "
          f"{sum((b > 0) == c for _, b, c in pairs) / len(pairs):.4f})")


if __name__ == "__main__":
    main()
