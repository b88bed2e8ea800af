#!/usr/bin/env python3
"""Reads files with clang-tidy, and none twice that was clean and is what it was.

    printf '%s\\n' FILE... | scripts/tidy.py CACHE_DIR ARGUMENT...      ARGUMENTs are clang-tidy's; with -- the file stands before it

What a file is: itself, all that it includes of this project, the checks, the compiler's command, and the versions of what is
installed. An empty file in CACHE_DIR stands for each that was clean, so a run that was stopped goes on where it was. Ends with 1
where something was found, which is printed.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(rb'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
NOISE = re.compile(r"^\d+ warnings?( and \d+ errors?)? generated\.?$")


@functools.lru_cache(maxsize=None)
def read(path):
    """A file's digest, and the project's files that it names."""
    content = path.read_bytes()
    beside = [(path.parent / name.decode(), ROOT / name.decode()) for name in INCLUDE.findall(content)]
    named = {next((p for p in places if p.is_file()), None) for places in beside}
    return hashlib.sha256(content).hexdigest(), sorted(p.resolve() for p in named if p)


def belongings(path):
    """The file and all that it includes, however far down."""
    seen, waiting = set(), [path.resolve()]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += read(one)[1]
    return sorted(seen)


def commands(arguments):
    """The compiler's command of each file, where arguments name a build."""
    if "-p" not in arguments:
        return {}
    build = pathlib.Path(arguments[arguments.index("-p") + 1])
    entries = json.loads((build / "compile_commands.json").read_text())
    return {os.path.realpath(os.path.join(e["directory"], e["file"])): e["command"] for e in entries}


def key(path, surroundings, command):
    digest = hashlib.sha256(surroundings + command.encode())
    for one in belongings(path):
        digest.update(f"{one.relative_to(ROOT) if one.is_relative_to(ROOT) else one} {read(one)[0]}\n".encode())
    return digest.hexdigest()


def tidy(file, arguments):
    before, after = arguments, []
    if "--" in arguments:
        at = arguments.index("--")
        before, after = arguments[:at], arguments[at:]
    done = subprocess.run(["clang-tidy", "--quiet", *before, file, *after], capture_output=True, text=True)
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip() and not NOISE.match(line.strip())]
    return done.returncode, "\n".join(said)


def main():
    cache, arguments = pathlib.Path(sys.argv[1]), sys.argv[2:]
    cache.mkdir(parents=True, exist_ok=True)
    files = sorted(set(sys.stdin.read().split()))
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    named = subprocess.run(["git", "ls-files", "*.clang-tidy"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    checks = b"".join((ROOT / name).read_bytes() for name in named.splitlines())
    surroundings = version + checks + (ROOT / "scripts/versions.sh").read_bytes() + json.dumps(arguments).encode()
    known = commands(arguments)
    keys = {f: cache / key(pathlib.Path(f), surroundings, known.get(os.path.realpath(f), "")) for f in files}
    waiting = [f for f in files if not keys[f].exists()]
    print(f"{len(files)} files, {len(files) - len(waiting)} of them clean as they were", file=sys.stderr)
    found, told = 0, time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(tidy, file, arguments): file for file in waiting}
        for done, future in enumerate(concurrent.futures.as_completed(running), 1):
            status, said = future.result()
            if status == 0 and not said:
                keys[running[future]].touch()
            else:
                found += 1
                print(said or f"{running[future]}: clang-tidy ended with {status}", flush=True)
            if time.monotonic() - told > 60:
                told = time.monotonic()
                print(f"{done} of {len(waiting)}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
