"""Which calibration do the tests of the report share?"""

from __future__ import annotations

from functools import cache

import numpy as np

from scoring.irt import ItemParameters, simulate_responses
from scoring.irt.calibration import CalibrationResult, fit
from scoring.irt.report.facts import ReportFacts, Sample, gather

NAMES = ("<A&B>", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "nobody", "easy")
MODELS = ("2pl", "2pl", "2pl", "gpcm", "grm", "2pl", "2pl", "2pl", "2pl", "2pl")
ITEMS = ItemParameters.partial_credit(
    [1.2, 0.8, 1.5, 1.0, 1.4, 1.1, 0.9, 1.3],
    [[-0.5], [0.3], [0.8], [-0.6, 0.7], [-1.0, 0.1, 0.9], [0.0], [-1.2], [0.5]],
)
N = 600


def groups() -> tuple[str, ...]:
    return tuple("north" if row % 2 else "south" for row in range(N))


@cache
def sample() -> Sample:
    theta = np.random.default_rng(8).standard_normal(N)
    codes = simulate_responses(theta, ITEMS, seed=9)
    # The last item follows its neighbour, nobody met the ninth, and the tenth is right for all but three.
    copied = np.random.default_rng(10).random(N) < 0.45
    codes[copied, 7] = np.minimum(codes[copied, 6], 1)
    nobody, easy = np.full((N, 1), -1, dtype=np.int8), np.ones((N, 1), dtype=np.int8)
    easy[:3] = 0
    return Sample("trial.csv", NAMES, np.hstack((codes, nobody, easy)), groups=groups())


@cache
def result() -> CalibrationResult:
    return fit(sample().responses, MODELS, groups=np.array(groups()))


@cache
def facts() -> ReportFacts:
    return gather(sample(), result())
