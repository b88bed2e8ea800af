"""Tables in Markdown of what compare.py measured."""

GB = 1e9
# ccx's time as a share of another's: (what, ccx's row, the other's row, stage, at most). Nothing in the last: no aim is set.
RATIOS = [
    ("a pair in fp32", ("ccx", "fp32"), ("LLaVA-OneVision", "fp32"), "pair", 1.05),
    ("a pair in bf16", ("ccx", "bf16"), ("LLaVA-OneVision", "bf16"), "pair", 1 / 1.3),
    ("a pair in int8", ("ccx", "int8"), ("ccx", "bf16"), "pair", 1 / 1.25),
    ("the prompt in bf16", ("ccx", "bf16"), ("llama.cpp", "BF16"), "prefill", None),
    ("a token in bf16", ("ccx", "bf16"), ("llama.cpp", "BF16"), "step", 0.80),
    ("a token in int8", ("ccx", "int8"), ("llama.cpp", "Q8_0"), "step", 0.60),
    ("a token in int4", ("ccx", "int4"), ("llama.cpp", "Q4_0"), "step", 0.55),
    ("a pair of the default model", ("ccx caption", "fp32"), ("ONNX Runtime", "fp32"), "pair", None),
    ("the same in int8, what ccx takes", ("ccx caption", "int8"), ("ONNX Runtime", "int8"), "pair", None),
]


def milliseconds(row, stage):
    value = row["ms"].get(stage)
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 200 else f"{value:.1f}"


def lines_of(header, rows):
    return ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)] + ["| " + " | ".join(row) + " |" for row in rows]


def rows_of(rows, stages):
    return [[f"{row['peer']} {row['format']}"] + [milliseconds(row, stage) for stage in stages] +
            [f"{row['peak_bytes'] / GB:.2f}"] for row in rows]


def ratios(rows):
    """What of RATIOS can be told of these rows, as dictionaries."""
    found = {(row["peer"], row["format"]): row for row in rows}
    told = []
    for what, ours, theirs, stage, at_most in RATIOS:
        if ours in found and theirs in found:
            share = found[ours]["ms"][stage] / found[theirs]["ms"][stage]
            told.append({"what": what, "ours": " ".join(ours), "theirs": " ".join(theirs), "share": share,
                         "at_most": at_most})
    return told


def markdown(result):
    machine, run = result["machine"], result["run"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    lines = [f"{run['date']}, {machine['processor']}, {machine['cores']} cores ({', '.join(machine['features'])}), "
             f"{machine['memory_bytes'] / GB:.0f} GB; {versions}.",
             f"Rounds: {run['rounds']} (the median counts), runs in each: {run['repetitions']} (the fastest counts), "
             f"threads: {run['threads']}. "
             f"Before each measurement other programs kept {max(run['busy_cores']):.1f} cores busy at most"
             + (": neither times nor shares of this table can be relied on." if max(run["busy_cores"]) > 0.2 else "."), ""]
    if result["large"]:
        lines += lines_of(["0.5B shape, ms", "vision", "difference", "prompt", "a token", "pair, 16 tokens", "peak, GB"],
                          rows_of(result["large"], ["vision", "difference", "prefill", "step", "pair"])) + [""]
    peaks = [f"{row['peak_gflops']:.0f} GFLOP/s in {row['format']} products and {row['peak_gbytes_per_s']:.1f} GB/s"
             for row in result["large"] if "peak_gflops" in row]
    if peaks:
        lines += ["The machine's peaks beside ccx's rows: " + "; ".join(peaks) + ".", ""]
    if result["default"]:
        lines += lines_of(["default model, one thread, ms", "read", "vision", "prompt", "scoring and tokens", "pair",
                           "peak, GB"],
                          rows_of(result["default"], ["read", "vision", "prefill", "decode", "pair"])) + [""]
    if result["ratios"]:
        lines += lines_of(["ccx's time", "of that of", "is", "aim: at most"],
                          [[f"{ratio['what']}", ratio["theirs"], f"{100 * ratio['share']:.0f} %",
                            f"{100 * ratio['at_most']:.0f} %" if ratio["at_most"] else "-"] for ratio in result["ratios"]]) + [""]
    rows = result["large"] + result["default"]
    notes = [f"{row['peer']} {row['format']} {row['note']}." for row in rows if "note" in row]
    notes += [f"Left out: {name} ({why})." for name, why in result["left_out"].items()]
    return "\n".join(lines + notes).rstrip() + "\n"
