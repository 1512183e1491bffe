"""Which small calibration do the tests of the command line share?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from scoring.irt import ItemParameters, simulate_responses
from scoring.irt.calibration import CalibrationResult, fit
from scoring.irt.cli.parameters import KnownItems, known_items

NAMES = ("M01", "M02", "M03", "M04", "M05", "M06")
MODELS = ("2pl", "2pl", "3pl", "gpcm", "grm", "2pl")
ITEMS = ItemParameters.partial_credit(
    [1.2, 0.8, 1.5, 1.0, 1.4, 1.1], [[-0.5], [0.3], [0.8], [-0.6, 0.7], [-1.0, 0.1, 0.9], [0.0]]
)
N = 400


@cache
def responses() -> np.ndarray:
    codes = simulate_responses(np.random.default_rng(1).standard_normal(N), ITEMS, seed=2)
    codes[::7, 5] = -1
    codes[1::7, 4] = -2
    return codes


def groups() -> list[str]:
    return ["north" if row % 3 else "south" for row in range(N)]


@cache
def calibration() -> CalibrationResult:
    return fit(responses(), MODELS, groups=np.array(groups()))


def known() -> KnownItems:
    return known_items(calibration(), NAMES, run={"omitted": "category_zero", "not_reached": "not_presented"})


def not_converged() -> KnownItems:
    items = known()
    return replace(items, run={**items.run, "converged": False})


NOTE_NOT_CONVERGED = "that calibration did not converge; do not rely on its parameters\n"


def write_table(path: Path, *, extra: dict[str, list[str]] | None = None) -> Path:
    """The responses with the columns candidate and region; -1 as a blank cell."""
    columns = {"candidate": [f"K{row:03d}" for row in range(N)], "region": groups(), **(extra or {})}
    lines = [",".join([*columns, *NAMES])]
    for row, codes in enumerate(responses().tolist()):
        cells = ["" if code == -1 else str(code) for code in codes]
        lines.append(",".join([*(column[row] for column in columns.values()), *cells]))
    path.write_text("\n".join(lines) + "\n")
    return path
