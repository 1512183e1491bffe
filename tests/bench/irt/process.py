"""How do two programs in two processes take turns at the same task?"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
ONE_THREAD = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
        *("RAYON_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
    ),
    "1",
)


class ProgramFailed(Exception):
    """The process of a program ended before it replied; the message says what it printed last."""


@dataclass(slots=True)
class Measured:
    """What one program needed: seconds of each run, CPU seconds of each, peak memory of its process in MB."""

    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def best(self) -> float:
        return min(self.seconds)

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def share_of_processor(self) -> float:
        """CPU seconds to seconds: 1 on a thread of one's own, less where others are in the way."""
        return sum(self.cpu_seconds) / sum(self.seconds)

    def figures(self) -> dict[str, Any]:
        names = ("seconds", "cpu_seconds", "peak_mb", "best", "median")
        return {name: getattr(self, name) for name in names}


class Worker:
    """A process that has loaded a program and data and waits for its turns."""

    def __init__(
        self,
        folder: Path,
        python: Path,
        program: str,
        task: str,
        *,
        inputs: Mapping[str, Path],
        options: Mapping[str, Any],
        warm: bool = True,
    ) -> None:
        self.program = program
        self.measured = Measured()
        self._found = folder / f"{program}-found.npz"
        self._log = folder / f"{program}.log"
        order = {
            "program": program,
            "task": task,
            "inputs": {name: str(path) for name, path in inputs.items()},
            "options": dict(options),
            "warm": warm,
            "found": str(self._found),
        }
        path = folder / f"{program}-order.json"
        path.write_text(json.dumps(order), encoding="utf-8")
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [python, "-m", "tests.bench.irt.worker", path],
                cwd=ROOT,
                env=os.environ | ONE_THREAD,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def __enter__(self) -> Worker:
        self._reply()
        return self

    def turn(self) -> None:
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        reply = json.loads(self._reply())
        self.measured.seconds.append(reply["seconds"])
        self.measured.cpu_seconds.append(reply["cpu_seconds"])

    def finish(self) -> Measured:
        self._process.stdin.close()
        self.measured.peak_mb = json.loads(self._reply())["peak_mb"]
        self._process.wait()
        with np.load(self._found) as arrays:
            self.measured.found = dict(arrays)
        return self.measured

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def _reply(self) -> str:
        line = self._process.stdout.readline()
        if not line:
            said = self._log.read_text(encoding="utf-8", errors="replace")
            raise ProgramFailed(f"{self.program} ended with {self._process.wait()}:\n{said[-3000:]}")
        return line
