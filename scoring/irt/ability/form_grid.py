"""Which grid is fine and wide enough for everybody who sits this form?"""

from __future__ import annotations

import numpy as np

from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.probabilities import item_information
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import ItemParameters

_REACH = 6.0  # sds of every population: all wrong on 60 items is a posterior around -3.5 with an sd of 0.5
_SPACING = 0.25
_MOST_POINTS = 801


def form_grid(parameters: ItemParameters, prior: NormalPrior) -> Grid:
    """At least 49 points from -6 to 6; finer where posteriors would fall between them, wider where priors lie
    beyond.

    The spacing is at most the smallest posterior sd, 1 / sqrt(I + 1 / sd^2): there sums err by 5e-9 (see
    `quadrature`).
    """
    low = min(-_REACH, float((prior.mean - _REACH * prior.sd).min()))
    high = max(_REACH, float((prior.mean + _REACH * prior.sd).max()))
    sharpest = item_information(DEFAULT_GRID.points, parameters).sum(axis=1).max()
    smallest_sd = float(1 / np.sqrt(sharpest + 1 / prior.sd.min() ** 2))
    n_points = int(np.ceil((high - low) / min(_SPACING, smallest_sd))) + 1
    return Grid.uniform(min(n_points, _MOST_POINTS), low, high)
