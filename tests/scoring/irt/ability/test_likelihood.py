"""Is the ability estimated the published one, and does it behave as an estimate should?"""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.irt import (
    NOT_PRESENTED,
    NOT_REACHED,
    OMITTED,
    Grid,
    ItemParameters,
    MissingRule,
    apply_missing_rules,
    eap,
    item_information,
    log_likelihood,
    normal_weights,
    simulate_responses,
)
from tests.scoring.mathematics import mathematics

LSAT6 = json.loads((Path(__file__).parents[4] / "fixtures" / "irt" / "lsat6_2pl.json").read_text())


def lsat_items() -> ItemParameters:
    a, d = np.array(LSAT6["a"]), np.array(LSAT6["d"])
    return ItemParameters.dichotomous(a, -d / a)


def lsat_patterns() -> np.ndarray:
    return np.array([row["responses"] for row in LSAT6["patterns"]], dtype=np.int8)


def bank(n_items: int, seed: int = 11) -> ItemParameters:
    rng = np.random.default_rng(seed)
    difficulties = [list(rng.normal(0, 1, 1 + item % 3)) for item in range(n_items)]
    return ItemParameters.partial_credit(rng.uniform(0.6, 1.8, n_items).tolist(), difficulties)


def test_eap_of_all_32_patterns_of_lsat_6_as_published():
    estimate = eap(lsat_patterns(), lsat_items(), grid=Grid.uniform(**LSAT6["grid"]))
    theta = [row["theta"] for row in LSAT6["patterns"]]
    se = [row["se"] for row in LSAT6["patterns"]]
    np.testing.assert_allclose(estimate.theta, theta, rtol=0, atol=1e-6)
    np.testing.assert_allclose(estimate.se, se, rtol=0, atol=1e-6)


def test_default_grid_agrees_with_the_wider_one_on_lsat_6():
    estimate = eap(lsat_patterns(), lsat_items())
    np.testing.assert_allclose(estimate.theta, [row["theta"] for row in LSAT6["patterns"]], rtol=0, atol=3e-4)


def test_log_likelihood_of_lsat_6_as_published():
    grid = Grid.uniform(**LSAT6["grid"])
    likelihood = np.exp(log_likelihood(lsat_patterns(), lsat_items(), grid=grid))
    frequency = np.array([row["frequency"] for row in LSAT6["patterns"]])
    assert frequency.sum() == 1000
    total = frequency @ np.log(likelihood @ normal_weights(grid))
    assert total == pytest.approx(LSAT6["log_likelihood"], abs=1e-4)


def test_information_of_lsat_6_as_published():
    theta = [row["theta"] for row in LSAT6["test_information"]]
    information = item_information(theta, lsat_items()).sum(axis=1)
    np.testing.assert_allclose(
        information, [row["information"] for row in LSAT6["test_information"]], atol=5e-7
    )


def test_one_right_response_by_hand():
    # Grid of three points, prior 1/32, 30/32, 1/32 and P = 1/4, 1/2, 3/4: posterior 1/64, 60/64, 3/64.
    spacing = np.log(3.0)
    grid = Grid(np.array([-spacing, 0.0, spacing]))
    item = ItemParameters.dichotomous(1.0, [0.0])
    sd = spacing / np.sqrt(2 * np.log(30))
    estimate = eap([[1]], item, grid=grid, prior_sd=sd)
    np.testing.assert_allclose(estimate.posterior, [[1 / 64, 60 / 64, 3 / 64]], rtol=1e-12)
    assert estimate.theta[0] == pytest.approx(spacing / 32)
    assert estimate.se[0] == pytest.approx(spacing * np.sqrt(1 / 16 - 1 / 1024))


def test_same_raw_points_from_different_items_give_different_theta():
    items = ItemParameters.partial_credit([0.6, 1.0, 1.8, 1.1], [[-1.0], [0.0], [1.2], [-0.5, 1.5]])
    two_points_each = [[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 2], [1, 0, 0, 1]]
    theta = eap(two_points_each, items).theta
    assert len({round(float(value), 3) for value in theta}) == 4


def test_same_raw_points_from_equal_slopes_give_the_same_theta():
    items = ItemParameters.dichotomous(1.3, [-1.0, 0.0, 2.0])
    theta = eap([[1, 0, 0], [0, 1, 0], [0, 0, 1]], items).theta
    assert np.ptp(theta) < 1e-12


def test_nobody_asked_anything_gets_the_prior_back():
    estimate = eap([[NOT_PRESENTED] * 3] * 2, bank(3), prior_mean=[0.0, -0.5], prior_sd=[1.0, 0.6])
    assert estimate.n_items.tolist() == [0, 0]
    assert estimate.theta == pytest.approx([0.0, -0.5], abs=1e-6)
    assert estimate.se == pytest.approx([1.0, 0.6], abs=1e-4)


@pytest.mark.parametrize(("mean", "sd"), [([0.0, 7.0], 1.0), (0.0, [1.0, 2.0]), (-4.0, 0.5)])
def test_a_prior_that_the_grid_would_cut_off_is_refused(mean, sd):
    place = 0 if mean == -4.0 else 1
    with pytest.raises(
        ValueError, match=rf"candidate {place}: .* lies outside the grid from -5 to 5; give a"
    ):
        eap([[0] * 3] * 2, bank(3), prior_mean=mean, prior_sd=sd)
    wide = eap(
        [[NOT_PRESENTED] * 3] * 2, bank(3), prior_mean=mean, prior_sd=sd, grid=Grid.uniform(97, -12, 12)
    )
    np.testing.assert_allclose(wide.theta, np.broadcast_to(mean, 2), rtol=0, atol=1e-5)


def test_extreme_patterns_are_finite_and_inside_the_grid():
    items = bank(200)
    extremes = np.stack([np.zeros(200, dtype=np.int8), (items.n_categories - 1).astype(np.int8)])
    estimate = eap(extremes, items)
    assert np.isfinite(estimate.theta).all() and np.isfinite(estimate.se).all()
    assert -5 < estimate.theta[0] < -2 and 2 < estimate.theta[1] < 5


def test_missing_rules_by_default_and_as_stated():
    items = ItemParameters.dichotomous(1.0, [0.0, 0.0, 0.0])
    codes = [[NOT_PRESENTED, OMITTED, NOT_REACHED]]
    assert apply_missing_rules(codes, items).tolist() == [[-1, 0, -1]]
    stated = apply_missing_rules(
        codes, items, omitted=MissingRule.NOT_PRESENTED, not_reached=MissingRule.CATEGORY_ZERO
    )
    assert stated.tolist() == [[-1, -1, 0]]
    assert eap(codes, items).n_items.tolist() == [1]
    assert eap(codes, items).theta[0] == eap([[-1, 0, -1]], items).theta[0]
    assert eap(codes, items, omitted=MissingRule.NOT_PRESENTED).theta[0] == pytest.approx(0, abs=1e-12)


def test_guessing_makes_a_right_response_speak_less():
    certain = eap([[1, 1]], ItemParameters.dichotomous(1.0, [0.0, 0.5]))
    guessed = eap([[1, 1]], ItemParameters.dichotomous(1.0, [0.0, 0.5], 0.25))
    assert guessed.theta[0] < certain.theta[0]


@pytest.mark.parametrize(
    ("responses", "message"),
    [
        ([[0, 2, 0]], "candidate 0, item 1: no category 2"),
        ([[0, 0, 0], [0, 0, -4]], "candidate 1, item 2: no category -4"),
        ([[0, 0]], r"shape \(1, 2\), expected \(N, 3\)"),
        ([[0.0, 1.0, 0.0]], "whole numbers"),
    ],
)
def test_impossible_responses_are_named(responses, message):
    with pytest.raises(ValueError, match=message):
        eap(responses, ItemParameters.dichotomous(1.0, [0.0, 0.0, 0.0]))


@given(st.integers(0, 10_000))
def test_order_of_candidates_and_items_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    items = bank(8)
    responses = simulate_responses(
        rng.standard_normal(5), items, seed=seed, presented=rng.random((5, 8)) < 0.8
    )
    people, places = rng.permutation(5), rng.permutation(8)
    straight = eap(responses, items)
    shuffled = eap(responses[people][:, places], items.select(places))
    np.testing.assert_allclose(shuffled.theta, straight.theta[people], rtol=0, atol=1e-12)
    np.testing.assert_allclose(shuffled.se, straight.se[people], rtol=0, atol=1e-12)


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_a_higher_category_never_lowers_theta(seed, item):
    items = bank(8)
    responses = simulate_responses(np.random.default_rng(seed).standard_normal(1), items, seed=seed)
    low, high = responses.copy(), responses.copy()
    low[0, item], high[0, item] = 0, items.n_categories[item] - 1
    assert eap(high, items).theta[0] > eap(low, items).theta[0]


def test_items_never_met_only_widen_the_error_on_average():
    items = mathematics().parameters
    theta = np.random.default_rng(8).standard_normal(4000)
    all_met = simulate_responses(theta, items, seed=21)
    half_met = all_met.copy()
    half_met[:, ::2] = NOT_PRESENTED
    full, half = eap(all_met, items), eap(half_met, items)
    assert half.se.mean() > 1.2 * full.se.mean()
    # The posterior mean is unbiased over the population whatever was presented: four standard errors.
    for estimate in (full, half):
        assert abs((estimate.theta - theta).mean()) < 4 * estimate.se.mean() / np.sqrt(theta.size)


def test_intervals_of_4000_candidates_hold_the_truth_as_often_as_they_say():
    items = mathematics().parameters
    theta = np.random.default_rng(9).standard_normal(4000)
    estimate = eap(simulate_responses(theta, items, seed=22), items)
    inside = np.abs(estimate.theta - theta) < 1.959964 * estimate.se
    assert 0.94 < inside.mean() < 0.96


def test_chunks_change_nothing():
    items = bank(4)
    responses = simulate_responses(np.zeros(8192 + 3), items, seed=1)
    whole = log_likelihood(responses, items)
    np.testing.assert_array_equal(whole[8190:], log_likelihood(responses[8190:], items))
