"""Are reliabilities the published ones, and do they say how far scores would agree?"""

import numpy as np
import pytest

from scoring.irt.ability.reliability import (
    empirical_reliability,
    marginal_reliability,
    summed_score_reliability,
    total_reliability,
)
from scoring.irt.ability.scores import Scores, score
from scoring.irt.ability.summed_scores import summed_scores
from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import ItemParameters
from tests.scoring.irt import lsat
from tests.scoring.irt.scored_items import LSAT6_PATTERNS, LSAT6_SCORES, mixed_items, rescaled


def made_up(theta, se, method="eap") -> Scores:
    theta, se = np.array(theta), np.array(se)
    return Scores(theta=theta, se=se, n_items=np.full(theta.size, 5), method=method)


def test_reliability_of_lsat_6_as_published():
    frequency = lsat.column(lsat.section(6)["patterns"], "frequency")
    scores = score(LSAT6_PATTERNS, lsat.items(6), grid=lsat.grid(6))
    empirical = empirical_reliability(scores, weights=frequency)
    assert empirical == pytest.approx(LSAT6_SCORES["empirical_reliability"], abs=1e-6)
    one_row_each = score(lsat.responses(6), lsat.items(6), grid=lsat.grid(6))
    assert empirical_reliability(one_row_each) == pytest.approx(empirical, abs=1e-9)
    marginal = marginal_reliability(lsat.items(6))
    assert marginal == pytest.approx(LSAT6_SCORES["marginal_reliability"], abs=1e-6)


def test_empirical_reliability_by_hand():
    # Variance 1 and mean squared error 0.25.
    theta, se = [-1.0, 0.0, 1.0], [0.5, 0.5, 0.5]
    assert empirical_reliability(made_up(theta, se)) == pytest.approx(0.8)
    assert empirical_reliability(made_up(theta, se, "wle")) == pytest.approx(0.75)


def test_candidates_without_an_estimate_are_left_out():
    theta, se = [-1.0, np.nan, 0.0, 5.0, 1.0], [0.5, np.nan, 0.5, np.inf, 0.5]
    assert empirical_reliability(made_up(theta, se, "ml")) == pytest.approx(0.75)


@pytest.mark.parametrize(("theta", "se"), [([], []), ([1.0], [0.5]), ([1.0, 1.0], [0.5, 0.5])])
def test_without_differences_there_is_no_reliability(theta, se):
    assert np.isnan(empirical_reliability(made_up(theta, se)))


def test_reliability_is_the_squared_correlation_with_the_truth():
    items = mixed_items(16)
    theta = np.random.default_rng(16).standard_normal(4000)
    responses = simulate_responses(theta, items, seed=17)
    for method in ("eap", "map", "ml", "wle"):
        scores = score(responses, items, method, grid=DEFAULT_GRID)  # ml of all right: 5
        squared = np.corrcoef(scores.theta, theta)[0, 1] ** 2
        assert empirical_reliability(scores) == pytest.approx(squared, abs=0.02)
        assert marginal_reliability(items) == pytest.approx(squared, abs=0.03)


def test_reliabilities_of_totals_are_what_simulated_totals_show():
    items = mixed_items(15)
    theta = np.random.default_rng(18).normal(0.4, 1.3, 5000)
    total = simulate_responses(theta, items, seed=19).sum(axis=1)
    again = simulate_responses(theta, items, seed=20).sum(axis=1)
    population = {"prior_mean": 0.4, "prior_sd": 1.3}
    agreement = np.corrcoef(total, again)[0, 1]
    assert total_reliability(items, **population) == pytest.approx(agreement, abs=0.02)
    eap = summed_scores(items, **population).theta[total]
    squared = np.corrcoef(eap, theta)[0, 1] ** 2
    assert summed_score_reliability(items, **population) == pytest.approx(squared, abs=0.02)


def test_reliability_of_a_total_by_hand():
    # Two equal items, each solved with P(theta): parallel items correlate as their totals step up.
    one, two = (total_reliability(ItemParameters.dichotomous(1.5, [0.2] * n)) for n in (1, 2))
    assert two == pytest.approx(2 * one / (1 + one), rel=1e-12)


@pytest.mark.parametrize("reliability", [marginal_reliability, summed_score_reliability, total_reliability])
@pytest.mark.parametrize(("zero", "unit"), [(7.0, 1.0), (500.0, 100.0), (0.0, 3.0)])
def test_the_unit_and_zero_of_the_scale_do_not_matter(reliability, zero, unit):
    items = mixed_items(8)
    there = reliability(rescaled(items, factor=unit, shift=zero), prior_mean=zero, prior_sd=unit)
    assert there == pytest.approx(reliability(items), abs=1e-6)


def test_items_without_points_have_no_reliability():
    assert np.isnan(total_reliability(ItemParameters.dichotomous(1.0, [0.0]), [[0, 0]]))


@pytest.mark.parametrize("weights", [[1.0, 1.0], [1.0, -1.0, 1.0]])
def test_impossible_weights_are_named(weights):
    with pytest.raises(ValueError, match="none negative"):
        empirical_reliability(made_up([0.0, 1.0, 2.0], [1.0, 1.0, 1.0]), weights=weights)
