"""compare.py --ccx FILE --cache DIR --json FILE: ccx and its peers in one run, a table on stdout (docs/performance.md).

Contenders take turns, each in a process of its own, --rounds times; of a round the fastest of --repetitions runs of a stage
counts (as in `ccx bench`), of the rounds the median. A contender that fails is left out, and the table says why.
"""
import argparse
import datetime
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

import shape
import table
from contenders import DEFAULT_MODEL, LARGE, ROOT, LeftOut, Settings

FEATURES = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8", "asimd", "sve", "bf16", "i8mm")
BEGIN, END = "<!-- peers -->", "<!-- end of peers -->"
BEGAN = time.monotonic()


def say(text):
    seconds = int(time.monotonic() - BEGAN)
    print(f"[ccx {seconds // 60}:{seconds % 60:02}] {text}", file=sys.stderr, flush=True)


def machine():
    told = {}
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        told.setdefault(name.strip(), value.strip())
    flags = told.get("flags", told.get("Features", "")).split()
    return {"processor": told.get("model name", os.uname().machine), "cores": len(os.sched_getaffinity(0)),
            "features": [feature for feature in FEATURES if feature in flags],
            "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")}


def busy_cores(seconds=1.0):
    """How many cores other programs keep busy, while this one sleeps."""
    def ticks():
        told = [int(word) for word in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        return sum(told), told[3] + told[4]  # all; idle or waiting for a disk

    all_before, idle_before = ticks()
    time.sleep(seconds)
    all_after, idle_after = ticks()
    return os.cpu_count() * (1 - (idle_after - idle_before) / max(1, all_after - all_before))


def middle(rounds):
    """One row of a contender's rounds: medians of the stages, the largest memory, the rest of the last."""
    row = dict(rounds[-1])
    row["ms"] = {stage: statistics.median(one["ms"][stage] for one in rounds) for stage in row["ms"]}
    for peak in ("peak_gflops", "peak_gbytes_per_s"):
        if peak in row:
            row[peak] = max(one[peak] for one in rounds)
    row["peak_bytes"] = max(one["peak_bytes"] for one in rounds)
    return row | {"rounds": [one["ms"] for one in rounds]}


def check(name, told):
    """A measurement of something else than was asked is none."""
    if told.get("positions", shape.POSITIONS) != shape.POSITIONS:
        raise LeftOut(f"its prompt has {told['positions']} positions, not {shape.POSITIONS}")
    if "equal_captions" in told:
        told["note"] = f"gives the caption of ccx for {told['equal_captions']} of {told['pairs']} pairs"
        if name.endswith("fp32") and told["equal_captions"] != told["pairs"]:
            raise LeftOut(told["note"] + ", so it does not compute the same")
    return told


def measure(contenders, settings, rounds, left_out, busy):
    """Rows in the order of the contenders. Adds to left_out: name -> why; and to busy, before each measurement."""
    done = {}
    for turn in range(rounds):
        for contender in contenders:
            name = f"{contender.peer} {contender.format}"
            if name in left_out or contender.peer in left_out:
                continue
            busy.append(busy_cores())
            try:
                told = check(name, contender.measure(settings))
            except LeftOut as reason:
                left_out[name] = str(reason)
                done.pop(name, None)
                say(f"left out: {name} ({reason})")
                continue
            done.setdefault(name, []).append(told | {"peer": contender.peer, "format": contender.format})
            stages = ", ".join(f"{stage} {ms:.1f}" for stage, ms in told["ms"].items())
            say(f"round {turn + 1} of {rounds}, {name}: {stages} ms")
    return [middle(rounds_of_one) for rounds_of_one in done.values()]


def write_docs(text):
    page = ROOT / "docs/performance.md"
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{page} has no place for the table: {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")
    say(f"the table is in {page}")


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ccx", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--json", type=pathlib.Path, required=True)
    parser.add_argument("--without", nargs=2, action="append", default=[], metavar=("PEER", "WHY"))
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of the 0.5B shape")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--only", default="", help="rows whose name holds one of these words, with commas between")
    parser.add_argument("--docs", action="store_true", help="put the table into docs/performance.md")
    return parser.parse_args()


def main():
    given = options()
    words = given.only.split(",")
    chosen = [[one for one in group if any(word.lower() in f"{one.peer} {one.format}".lower() for word in words)]
              for group in (LARGE, DEFAULT_MODEL)]
    if any(one.peer == "ONNX Runtime" for one in chosen[1]) and DEFAULT_MODEL[0] not in chosen[1]:
        chosen[1].insert(0, DEFAULT_MODEL[0])  # whose captions it is compared with
    left_out = dict(given.without)
    busy = []
    with tempfile.TemporaryDirectory() as work:
        settings = Settings(given.ccx.resolve(), given.cache.resolve(), pathlib.Path(work), given.threads, given.repetitions)
        large, default = (measure(group, settings, given.rounds, left_out, busy) for group in chosen)
    rows = large + default
    if not rows:
        sys.exit("nothing was measured")
    versions = {}
    for row in rows:
        versions |= row.pop("versions")
    result = {"machine": machine(), "versions": versions,
              "run": {"date": datetime.date.today().isoformat(), "rounds": given.rounds, "repetitions": given.repetitions,
                      "threads": given.threads, "busy_cores": busy},
              "large": large, "default": default, "ratios": table.ratios(rows), "left_out": left_out}
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=1) + "\n")
    text = table.markdown(result)
    print(text, end="")
    say(f"the numbers are in {given.json}")
    if given.docs:
        write_docs(text)


if __name__ == "__main__":
    main()
