"""Which grid is fine and wide enough for everybody who sits this form?"""

from __future__ import annotations

import numpy as np

from scoring.irt.normal_prior import NormalPrior
from scoring.irt.probabilities import item_information
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.types import ItemParameters

_REACH = 5.0  # sds of every population that the grid holds
_MOST_POINTS = 801


def form_grid(parameters: ItemParameters, prior: NormalPrior) -> Grid:
    """The default grid, finer where posteriors would fall between its points, wider where priors lie off it.

    The spacing is at most the smallest posterior sd, 1 / sqrt(I + 1 / sd^2): there sums err by 5e-9 (see
    `quadrature`).
    """
    low = min(float(DEFAULT_GRID.points[0]), float((prior.mean - _REACH * prior.sd).min()))
    high = max(float(DEFAULT_GRID.points[-1]), float((prior.mean + _REACH * prior.sd).max()))
    sharpest = item_information(DEFAULT_GRID.points, parameters).sum(axis=1).max()
    smallest_sd = float(1 / np.sqrt(sharpest + 1 / prior.sd.min() ** 2))
    spacing = min(DEFAULT_GRID.spacing, smallest_sd)
    if (low, high, spacing) == (DEFAULT_GRID.points[0], DEFAULT_GRID.points[-1], DEFAULT_GRID.spacing):
        return DEFAULT_GRID
    return Grid.uniform(min(int(np.ceil((high - low) / spacing)) + 1, _MOST_POINTS), low, high)
