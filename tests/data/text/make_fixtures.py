"""Writes the fixtures of tests/parity/text from the reference's tokenizer library.

    pip install tokenizers==0.23.3
    python make_fixtures.py

unicode_strings.json  random strings of many scripts, with their ids under ../reference/tiny/tokenizer.json
unicode_classes.json  the code points that the library's regular expressions call \\p{L}, \\p{N} and \\s, as ranges
"""
import json
import pathlib
import random

import tokenizers

HERE = pathlib.Path(__file__).parent
POOLS = [
    [chr(c) for c in range(0x20, 0x7F)],
    list(" \t\n\r\x0b\x0c\x85\xa0\u1680\u2000\u2009\u2028\u2029\u202f\u205f\u3000\u200b\u200d\ufeff\u180e"),
    [chr(c) for c in range(0x300, 0x370)],  # combining marks
    [chr(c) for c in range(0x4E00, 0x4E80)] + [chr(c) for c in range(0xF900, 0xFA40)],
    [chr(c) for c in range(0x600, 0x700)],  # Arabic
    [chr(c) for c in range(0xAC00, 0xAC80)] + [chr(c) for c in range(0x1100, 0x1200)],  # Hangul and its parts
    [chr(c) for c in range(0x1F300, 0x1F400)] + ["\u200d", "\ufe0f"],
    [chr(c) for c in range(0xC0, 0x250)],
    [chr(c) for c in range(0x1E00, 0x2000)],
    list("'\u2019sStTmMdDrReEvVlL\u017f\u212a\u212b  '"),
    [chr(c) for c in range(0x900, 0xC00)],
    [chr(c) for c in range(0x2F800, 0x2FA20)],
    [chr(c) for c in range(0x2EBF0, 0x2EC20)] + [chr(c) for c in range(0x1E4D0, 0x1E500)],  # letters since 15.1 and 15
    list("\u07fd\u0898\u1abf\u1ac0\u0897\u0301\u0323\u0334qa") + ["\U00011935\U00011930", "\U0001e130"],
    list("0123456789\u0661\u0662\u09ea\u00bd\u00b2\u2167\u2460"),
    ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|im_", "<|", "|>", "<image>"],
    ["the ", "a ", "house", "road", " built", "'s", "'LL", " \n", "\n\n", "  "],
]


def random_strings(count):
    pick = random.Random(19)
    for _ in range(count):
        pools = [pick.choice(POOLS) for _ in range(pick.randint(1, 4))]
        yield "".join(pick.choice(pick.choice(pools)) for _ in range(pick.randint(0, 20)))


def ranges(numbers):
    found = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def matching(pattern, characters):
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(pattern), "removed")
    return [ord(c) for c in characters if not split.pre_tokenize_str(c)]


def main():
    tokenizer = tokenizers.Tokenizer.from_file(str(HERE / "../reference/tiny/tokenizer.json"))
    texts = list(random_strings(1500))
    items = [{"text": text, "ids": encoding.ids} for text, encoding in zip(texts, tokenizer.encode_batch(texts))]
    made_by = "tokenizers " + tokenizers.__version__
    lines = ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
    (HERE / "unicode_strings.json").write_text('{"made_by":"%s","items":[\n%s\n]}\n' % (made_by, lines))

    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    classes = {
        "made_by": made_by,
        "letter": ranges(matching(r"\p{L}", characters)),
        "number": ranges(matching(r"\p{N}", characters)),
        "space": ranges(matching(r"\s", characters)),
    }
    (HERE / "unicode_classes.json").write_text(json.dumps(classes, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
