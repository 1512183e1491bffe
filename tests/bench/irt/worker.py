"""One program, one task, one process: `python -m tests.bench.irt.worker ORDER.json`.

Run by the interpreter of the environment in which the program is installed, so it needs NumPy and no more.
It loads the order's inputs, does the task once on little data, which warms the program up, and says "ready".
For each line it then reads it does the task once and replies with seconds. At the end of its input it saves
what it found and replies with the process's highest use of memory.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

FEW = 500
PER_CANDIDATE = ("responses", "theta")


def main() -> None:
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    # What programs print about themselves goes with the errors; replies have this channel alone.
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    program = importlib.import_module(f"tests.bench.irt.programs.{order['program']}")
    prepare = getattr(program, order["task"])
    inputs = {name: np.load(path) for name, path in order["inputs"].items()}
    if order["warm"]:
        prepare(**_few(inputs), **order["options"])()
    work = prepare(**inputs, **order["options"])
    found: dict[str, Any] = {}
    replies.write("ready\n")
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        found = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        replies.write(json.dumps({"seconds": wall, "cpu_seconds": cpu}) + "\n")
    np.savez(order["found"], **found)
    replies.write(json.dumps({"peak_mb": peak_mb()}) + "\n")


def peak_mb() -> float:
    """The most memory this process has held. Linux's getrusage would count what the parent held, too."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        in_bytes = sys.platform == "darwin"
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if in_bytes else 2**10)
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _few(inputs: dict[str, Any]) -> dict[str, Any]:
    return {name: array[:FEW] if name in PER_CANDIDATE else array for name, array in inputs.items()}


if __name__ == "__main__":
    main()
