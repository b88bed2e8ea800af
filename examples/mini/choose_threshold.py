#!/usr/bin/env python3
"""Chooses a model's min_p_change on drawn scenes and writes it into its config.json.

    examples/mini/choose_threshold.py --ccx build/ccx --model OUT/model --out OUT/threshold

Takes the highest threshold, in steps of .05, that costs at most a point of the flag accuracy that the best one has. Real pairs differ
in more ways that are no change than scenes do, so what a model is unsure of is more often unchanged there than here; and
nothing but scenes is looked at. The scenes (seed 20261127) are neither trained on nor those that measure.py measures.
"""
from drawn_scenes import captioned, options_of, write_setting

LOSS = 0.01  # of flag accuracy
STEPS = [round(0.5 + 0.05 * i, 2) for i in range(10)]


def choose(pairs):
    """pairs: (p_change, changed). Returns the threshold, its flag accuracy, the best flag accuracy."""
    accuracy = {t: sum((p >= t) == changed for p, changed in pairs) / len(pairs) for t in STEPS}
    best = max(accuracy.values())
    threshold = max(t for t in STEPS if accuracy[t] >= best - LOSS)
    return threshold, accuracy[threshold], best


def main():
    options = options_of(__doc__)
    pairs = [(record["p_change"], changed) for record, changed in captioned(options, 20261127)]
    threshold, accuracy, best = choose(pairs)
    path = write_setting(options.model, "min_p_change", threshold)
    print(f"{path}: min_p_change {threshold}, flag accuracy {accuracy:.4f} on {len(pairs)} scenes (best {best:.4f})")


if __name__ == "__main__":
    main()
