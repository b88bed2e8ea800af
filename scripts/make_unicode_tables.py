#!/usr/bin/env python3
"""Writes core/base/unicode_tables.cpp: what the tokenizer needs of the Unicode character database.

    pip install tokenizers==0.23.3 unicodedata2==16.0.0
    scripts/make_unicode_tables.py > core/base/unicode_tables.cpp

A tokenizer must split and normalise text as the library did with which the model was trained, not as the newest Unicode
has it. So the classes are those that the regular expressions of Hugging Face's tokenizers give (Unicode 16), and
decompositions and combining classes are Unicode's but for characters that the library's normaliser does not know: it is
older, and each character is asked.
"""
import sys

import tokenizers
import unicodedata2 as unicode
from tokenizers import Regex, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xAC00 + 11172)  # by rule, not by table
NORMALIZE = normalizers.NFC().normalize_str
LETTER, NUMBER, SPACE, OTHER = 0, 1, 2, 3


def members(pattern):
    """The code points that a regular expression of the library matches."""
    remove = pre_tokenizers.Split(Regex(pattern), "removed")
    found = set()
    for start in range(0, len(CODE_POINTS), 4096):
        text = "".join(map(chr, CODE_POINTS[start : start + 4096]))
        left = "".join(piece for piece, _ in remove.pre_tokenize_str(text))
        found |= {ord(c) for c in set(text) - set(left)}
    return found


def runs(values, bits):
    """Where each run of equal values begins, with the value in the low bits."""
    last, out = None, []
    for code_point, value in enumerate(values):
        if value != last:
            out.append(code_point << bits | value)
            last = value
    return out


def combining_class(c):
    """The class by which the library reorders marks: 0 where it does not know the character."""
    value = unicode.combining(chr(c))
    if value == 0:
        return 0
    # A mark of a lower class behind it, or of a higher one before it, changes places with it where it is known.
    lower, higher = "\u0334", "\u0345"  # of class 1 and 240
    if value > 1:
        return value if NORMALIZE("q" + chr(c) + lower) == "q" + lower + chr(c) else 0
    return value if NORMALIZE("q" + higher + chr(c)) == "q" + chr(c) + higher else 0


def decompositions():
    """Rows of code point, first, second (0 for none); the first with bit 31 where the pair is not composed again."""
    rows = []
    for c in CODE_POINTS:
        parts = unicode.decomposition(chr(c))
        if not parts or parts.startswith("<") or c in HANGUL:
            continue
        parts = [int(part, 16) for part in parts.split()]
        pair = "".join(map(chr, parts))
        composed = unicode.normalize("NFC", pair) == chr(c)
        known = NORMALIZE(pair if composed else chr(c)) == (chr(c) if composed else unicode.normalize("NFC", chr(c)))
        if known:
            rows += [c, parts[0] | (0 if composed else 1 << 31), parts[1] if len(parts) == 2 else 0]
    return rows


def array(name, numbers):
    lines, line = [], "   "
    for number in numbers:
        text = f" {number:#x},"
        if len(line) + len(text) > 120:
            lines.append(line)
            line = "   "
        line += text
    return f"const std::array<std::uint32_t, {len(numbers)}> {name} = {{\n" + "\n".join(lines + [line]) + "\n};\n"


def main():
    letters, numbers, spaces = members(r"\p{L}"), members(r"\p{N}"), members(r"\s")
    classes = [
        LETTER if c in letters else NUMBER if c in numbers else SPACE if c in spaces else OTHER
        for c in range(0x110000)
    ]
    combining = [0 if 0xD800 <= c < 0xE000 else combining_class(c) for c in range(0x110000)]
    class_runs, combining_runs, rows = runs(classes, 2), runs(combining, 8), decompositions()
    sys.stdout.write(
        "// Written by scripts/make_unicode_tables.py from tokenizers "
        f"{tokenizers.__version__} and Unicode {unicode.unidata_version}: do not edit.\n"
        '#include "core/base/unicode_tables.h"\n\nnamespace ccx::text {\n\n// clang-format off\n'
        + "\n".join([
            array("kClassRuns", class_runs),
            array("kCombiningRuns", combining_runs),
            array("kDecompositions", rows),
        ])
        + "// clang-format on\n\n}  // namespace ccx::text\n"
    )
    sys.stderr.write(f"{len(class_runs)} {len(combining_runs)} {len(rows)}\n")


if __name__ == "__main__":
    main()
