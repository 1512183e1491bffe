"""Which responses of two groups do the tests of differential item functioning use?"""

import json
from pathlib import Path

import numpy as np

FIXTURE = json.loads((Path(__file__).parents[4] / "fixtures" / "irt" / "dif_two_groups.json").read_text())


def two_groups() -> tuple[np.ndarray, np.ndarray]:
    """Responses (3000, 5) and labels: the reference group "r" before the focal "f"."""
    patterns = np.arange(32)[:, None] >> np.arange(4, -1, -1) & 1
    rows = [np.repeat(patterns, FIXTURE[name], axis=0) for name in ("reference", "focal")]
    return np.concatenate(rows), np.repeat(["r", "f"], [len(part) for part in rows])
