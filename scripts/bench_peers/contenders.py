"""Who is compared, and how each is run: a contender measures in a process of its own and answers with milliseconds a stage."""
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import shape

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STEPS = shape.NEW_TOKENS - 1  # the first token comes of the prompt


class LeftOut(Exception):
    """Why a contender has no row."""


@dataclasses.dataclass
class Process:
    output: str
    peak_bytes: int  # largest resident size


def run(command, threads):
    """Runs a command to its end, with as many threads as its libraries are told by the environment. Raises LeftOut."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    environment = os.environ | {name: str(threads) for name in names} | {"HF_HUB_OFFLINE": "1"}
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                   env=environment, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            said = [line for line in errors.read().splitlines() if line.strip()]
            how = f"signal {-process.returncode}" if process.returncode < 0 else f"exit code {process.returncode}"
            raise LeftOut(f"{how}: {said[-1].strip() if said else 'no word'}")
        return Process(output.read(), usage.ru_maxrss * 1024)


def answer(process):
    return json.loads(process.output.splitlines()[-1])


@dataclasses.dataclass
class Settings:
    ccx: pathlib.Path
    cache: pathlib.Path  # of GGUF files
    work: pathlib.Path  # temporary
    threads: int
    repetitions: int


class Ccx:
    peer = "ccx"

    def __init__(self, dtype):
        self.format = dtype

    def measure(self, settings):
        process = run([settings.ccx, "bench", "--shape", "0.5b", "--device", "cpu", "--dtype", self.format, "--threads",
                       settings.threads, "--repetitions", settings.repetitions, "--json"], settings.threads)
        told = json.loads(process.output)
        if told["dtype"] != self.format:
            raise LeftOut(f"ccx bench took {told['dtype']}")
        stage = {entry["name"]: entry["ms"] for entry in told["stages"]}
        ms = {"vision": stage["tower"] + stage["projector"], "difference": stage["difference module"],
              "prefill": stage["prefill"], "step": stage["decode, a step"]}
        return {"ms": ms | {"pair": sum(ms.values()) + (STEPS - 1) * ms["step"]}, "positions": told["prefill_tokens"],
                "peak_bytes": process.peak_bytes, "peak_gflops": told["peak_gflops"],
                "peak_gbytes_per_s": told["peak_gbytes_per_s"], "versions": {"ccx": version_of(settings.ccx)}}


class HuggingFace:
    peer = "LLaVA-OneVision"

    def __init__(self, dtype):
        self.format = dtype

    def measure(self, settings):
        process = run([sys.executable, HERE / "peer_transformers.py", "--dtype", self.format, "--threads", settings.threads,
                       "--repetitions", settings.repetitions], settings.threads)
        told = answer(process)
        ms = told["ms"]
        ms["pair"] = ms["vision"] + ms["prefill"] + STEPS * ms["step"]
        return told | {"peak_bytes": process.peak_bytes}


class Llama:
    peer = "llama.cpp"

    def __init__(self, kind):
        self.format = kind
        self.plain_buffers = []  # or the option

    def measure(self, settings):
        path = settings.cache / f"{self.format}.gguf"
        if not path.exists():
            settings.cache.mkdir(parents=True, exist_ok=True)
            run([sys.executable, HERE / "write_gguf.py", path, self.format.lower()], settings.threads)
        command = [sys.executable, HERE / "peer_llama.py", "--model", path, "--threads", settings.threads, "--repetitions",
                   settings.repetitions]
        try:
            process = run(command + self.plain_buffers, settings.threads)
        except LeftOut as crash:
            if self.plain_buffers or not str(crash).startswith("signal"):
                raise
            self.plain_buffers = ["--plain-buffers"]
            process = run(command + self.plain_buffers, settings.threads)
        told = answer(process) | {"peak_bytes": process.peak_bytes}
        if self.plain_buffers:
            told["note"] = "crashes with weights laid out for this processor, so without"
        return told


class CcxDefault:
    """In float32 it writes the captions that the exports' are compared with; int8 is what it takes by itself."""
    peer = "ccx caption"

    def __init__(self, dtype):
        self.format = dtype

    def measure(self, settings):
        pairs = sorted(path.name for path in (ROOT / "examples/pairs/A").iterdir())
        lines = [json.dumps({"id": f"{turn}-{name}", "before": str(ROOT / "examples/pairs/A" / name),
                             "after": str(ROOT / "examples/pairs/B" / name)})
                 for turn in range(settings.repetitions + 1) for name in pairs]
        asked, written = settings.work / "pairs.jsonl", settings.work / "captions.jsonl"
        asked.write_text("\n".join(lines) + "\n")
        process = run([settings.ccx, "caption", "--model", "models/default", "--in", asked, "--allow-outside", "--out",
                       written, "--overwrite", "--device", "cpu", "--dtype", self.format, "--threads", 1, "--workers", 1], 1)
        records = [json.loads(line) for line in written.read_text().splitlines()]
        turns = [records[at:at + len(pairs)] for at in range(0, len(records), len(pairs))]
        if self.format == "fp32":
            (settings.work / "first.jsonl").write_text("".join(json.dumps(record) + "\n" for record in turns[0]))
        times = [[turn[i]["ms"] for turn in turns[1:]] for i in range(len(pairs))]
        ms = {stage: sum(min(run[stage] for run in runs) for runs in times) / len(pairs) for stage in times[0][0]}
        ms["pair"] = sum(min(sum(run.values()) for run in runs) for runs in times) / len(pairs)
        return {"ms": ms, "pairs": len(pairs), "peak_bytes": process.peak_bytes,
                "versions": {"ccx": version_of(settings.ccx)}}


class OnnxRuntime:
    """Measured after CcxDefault, with whose captions it compares."""
    peer = "ONNX Runtime"

    def __init__(self, quantise):
        self.quantise = quantise
        self.format = "fp32" if quantise == "none" else quantise

    def measure(self, settings):
        export = settings.work / f"export-{self.quantise}"
        if not export.exists():
            run([settings.ccx, "export", "--model", "models/default", "--out", export, "--target", "cpu", "--quantize",
                 self.quantise], 1)
        process = run([sys.executable, HERE / "peer_onnxruntime.py", export, settings.work / "first.jsonl", "--repetitions",
                       settings.repetitions], 1)
        return answer(process) | {"peak_bytes": process.peak_bytes}


def version_of(ccx):
    return subprocess.run([ccx, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]


LARGE = [Ccx("fp32"), HuggingFace("fp32"), Ccx("bf16"), HuggingFace("bf16"), Llama("BF16"),
         Ccx("int8"), Llama("Q8_0"), Ccx("int4"), Llama("Q4_0")]
DEFAULT_MODEL = [CcxDefault("fp32"), CcxDefault("int8"), OnnxRuntime("none"), OnnxRuntime("int8")]
