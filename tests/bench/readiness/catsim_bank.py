"""catsim, in its own environment: its adaptive sessions and the time of its choices over one bank.

    .venv-bench/bin/python -m tests.bench.readiness.catsim_bank ORDER.json

Needs NumPy and catsim. The order names the files of theta, a, b and what to do; the reply is a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from catsim import ItemBank
from catsim.selection import MaxInfoSelector

from tests.bench.irt.programs.catsim import adaptive


def main() -> None:
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    theta, a, b = (np.load(order[name]) for name in ("theta", "a", "b"))
    do = {"sessions": _sessions, "choices": _choices}[order["do"]]
    sys.stdout.write(json.dumps(do(theta, a, b, **order["options"])) + "\n")


def _sessions(theta: Any, a: Any, b: Any, *, target_se: float, max_items: int) -> dict[str, Any]:
    found = adaptive(theta, a, b, target_se=target_se, max_items=max_items)()
    return {"theta": found["theta"].tolist(), "length": found["length"].tolist()}


def _choices(theta: Any, a: Any, b: Any, *, given: int) -> dict[str, Any]:
    """Median seconds of a choice, for candidates who have met `given` items already."""
    bank = ItemBank(np.column_stack([a, b, np.zeros_like(a), np.ones_like(a)]))
    selector = MaxInfoSelector()
    met = np.random.default_rng(1).integers(a.size, size=(theta.size, given))
    seconds = []
    for one, before in zip(theta.tolist(), met.tolist(), strict=True):
        begun = time.perf_counter()
        selector.select(item_bank=bank, administered_items=before, est_theta=one)
        seconds.append(time.perf_counter() - begun)
    return {"seconds": float(np.median(seconds))}


if __name__ == "__main__":
    main()
