"""Is a prior that of the right candidate, and is its slope the derivative of its log-density?"""

import numpy as np
import pytest

from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.quadrature import Grid


def test_log_density_is_the_normal_one_but_for_a_constant():
    prior = NormalPrior.of([1.0, -2.0], 0.5, n_candidates=2)
    density = prior.log_density(np.array([1.0, 1.5, -2.0]))
    assert density.tolist() == [[0.0, -18.0], [-0.5, -24.5], [-18.0, 0.0]]


def test_slope_is_the_derivative_of_the_log_density():
    prior = NormalPrior.of([0.3, -1.0], [0.8, 1.7], n_candidates=2)
    theta, step = np.linspace(-3, 3, 7), 1e-5
    difference = (prior.log_density(theta + step) - prior.log_density(theta - step)) / (2 * step)
    np.testing.assert_allclose(prior.slope(theta), difference, rtol=1e-8, atol=1e-8)


def test_one_population_for_all_stays_one_column():
    prior = NormalPrior.of(0.0, 1.0, n_candidates=5)
    assert prior.select(slice(2, 4)).log_density(np.zeros(3)).shape == (3, 1)


def test_candidates_are_selected_in_order():
    prior = NormalPrior.of([1.0, 2.0, 3.0], 1.0, n_candidates=3).select(np.array([2, 0]))
    assert prior.mean.tolist() == [3.0, 1.0]
    assert prior.sd.tolist() == [1.0]


@pytest.mark.parametrize(
    ("mean", "sd", "message"),
    [
        ([0.0, 1.0], 1.0, r"prior_mean has shape \(2,\), expected one number or \(3,\)"),
        (0.0, [[1.0]], "prior_sd has shape"),
        (0.0, [1.0, 0.0, 1.0], "candidate 1: prior_sd must be finite and positive, not 0.0"),
        ([0.0, 0.0, np.nan], 1.0, "candidate 2: prior_mean must be finite, not nan"),
    ],
)
def test_impossible_populations_are_named(mean, sd, message):
    with pytest.raises(ValueError, match=message):
        NormalPrior.of(mean, sd, n_candidates=3)


def test_a_grid_has_to_hold_all_but_a_ten_thousandth():
    # The cells reach to 5.125, which is 3.942 sds of 1.3 and 3.905 of 1.3125: 8.1e-5 and 9.4e-5 lie beyond.
    for sd in (1.0, 1.3, 1.3125):
        NormalPrior.of(0.0, sd, n_candidates=1).require_within(Grid.uniform())
    with pytest.raises(
        ValueError, match=r"candidate 0: 0.00014 of the prior N\(0, 1.346\^2\) lies outside the grid"
    ):
        NormalPrior.of(0.0, 1.346, n_candidates=3).require_within(Grid.uniform())
    with pytest.raises(ValueError, match=r"candidate 2: 0.98 of the prior N\(7, 0.9\^2\)"):
        NormalPrior.of([0.0, 0.1, 7.0], 0.9, n_candidates=3).require_within(Grid.uniform())
