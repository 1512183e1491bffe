"""What do we know after one more response, at once and on any device?

The increment of the estimate between two sittings' scores: the server's full estimate (scoring.domains and
scoring.growth) replaces it when the sitting is scored. A response speaks fully of its own domain and of the
subject, and of the other domains as much as they are one thing: through N(0, domain_sd^2).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from scoring.domains import VerdictRule
from scoring.irt.quadrature import DEFAULT_GRID, Grid, diffusion_kernel
from scoring.irt.types import FloatArray
from scoring.practice.bank import PracticeBank
from scoring.practice.learner import Learner, Met


def updated(learner: Learner, bank: PracticeBank, index: int, category: int) -> Learner:
    """The learner after a response of category `category` to the item at `index` of the bank.

    A response for which a hint was asked comes as category 0: it was not solved alone. Domains without a
    posterior of their own follow the subject; the item's domain has one from here on. The verdicts stay: they
    are given on whole sittings.
    """
    item, own = bank.items[index], bank.half_points[index]
    likelihood = bank.probabilities[index, category]
    blurred = blur(bank.grid, VerdictRule().domain_sd) @ likelihood
    domains = {
        code: _times(posterior, likelihood if code == item.domain else blurred)
        for code, posterior in learner.domains.items()
    }
    if item.domain not in domains:
        domains[item.domain] = _times(learner.posterior, likelihood)
    earned, possible = learner.standards.get(item.standard, (0, 0))
    points, most = int(own[category]), int(own.max())
    return replace(
        learner,
        posterior=_times(learner.posterior, likelihood),
        domains=domains,
        standards={**learner.standards, item.standard: (earned + points, possible + most)},
        met={**learner.met, item.key: Met(missed=points < most)},
    )


def blur(grid: Grid, sd: float) -> FloatArray:
    """Matrix (Q, Q): times a likelihood in one domain it is the likelihood in another, N(0, sd^2) away."""
    return _default_blur(sd) if grid is DEFAULT_GRID else diffusion_kernel(grid, sd)


@lru_cache(maxsize=4)
def _default_blur(sd: float) -> FloatArray:
    kernel = diffusion_kernel(DEFAULT_GRID, sd)
    kernel.setflags(write=False)
    return kernel


def _times(posterior: FloatArray, likelihood: FloatArray) -> FloatArray:
    product = posterior * likelihood
    return np.asarray(product / product.sum(), dtype=np.float64)
