"""How is catsim asked, which lives in an environment of its own? It may be missing; then say so, loudly."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from scoring.irt.types import FloatArray
from tests.bench.irt.process import ONE_THREAD, ROOT

MISSING = 'catsim is NOT INSTALLED and left out: PEERS="catsim" sh .make/setup.sh bench'
PYTHON = ROOT / ".venv-bench" / "bin" / "python"


def ask(
    do: str, theta: FloatArray, a: FloatArray, b: FloatArray, options: Mapping[str, Any]
) -> dict[str, Any] | None:
    """What catsim_bank.py replies; None where catsim is not installed. Its own failure is an error."""
    if not installed():
        return None
    with tempfile.TemporaryDirectory(prefix="proba-bench-") as name:
        folder = Path(name)
        order: dict[str, Any] = {"do": do, "options": dict(options)}
        for part, array in (("theta", theta), ("a", a), ("b", b)):
            np.save(folder / f"{part}.npy", array)
            order[part] = str(folder / f"{part}.npy")
        (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        command = [PYTHON, "-m", "tests.bench.readiness.catsim_bank", folder / "order.json"]
        told = subprocess.run(
            command, cwd=ROOT, env=os.environ | ONE_THREAD, check=True, stdout=subprocess.PIPE, text=True
        )
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def installed() -> bool:
    if not PYTHON.exists():
        return False
    find = "import importlib.util as u, sys; sys.exit(u.find_spec('catsim') is None)"
    return subprocess.run([PYTHON, "-c", find], check=False).returncode == 0
