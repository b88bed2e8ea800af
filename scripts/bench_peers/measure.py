"""What every measuring program of a peer does: times, and its one line of JSON."""
import json
import time


class Stages:
    """Collects milliseconds by name; of each stage the fastest run counts, as in `ccx bench`."""

    def __init__(self):
        self.runs = {}

    def time(self, name, work):
        start = time.perf_counter()
        result = work()
        self.runs.setdefault(name, []).append((time.perf_counter() - start) * 1e3)
        return result

    def forget(self):
        """What was measured so far was the warm-up."""
        self.runs = {}

    def fastest(self):
        return {name: min(runs) for name, runs in self.runs.items()}


def report(**fields):
    print(json.dumps(fields), flush=True)
