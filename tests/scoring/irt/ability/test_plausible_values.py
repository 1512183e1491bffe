"""Do plausible values keep the mean and spread of groups, and stay a candidate's own?"""

import numpy as np
import pytest

from scoring.irt.ability.likelihood import eap
from scoring.irt.ability.plausible_values import plausible_values
from scoring.irt.ability.scores import score
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import NOT_PRESENTED, ItemParameters
from tests.scoring.irt.scored_items import mixed_items

ITEMS = mixed_items(8)


def test_groups_keep_the_mean_and_spread_that_eap_shrinks():
    rng = np.random.default_rng(21)
    group = np.repeat([0, 1], 4000)
    mean, sd = np.array([-0.4, 0.7])[group], np.array([1.0, 0.6])[group]
    theta = rng.normal(mean, sd)
    responses = simulate_responses(theta, ITEMS, seed=22)
    draws = plausible_values(responses, ITEMS, n_draws=4, seed=23, prior_mean=mean, prior_sd=sd)
    estimate = score(responses, ITEMS, prior_mean=mean, prior_sd=sd)
    for label, (true_mean, true_sd) in enumerate([(-0.4, 1.0), (0.7, 0.6)]):
        own = group == label
        # Four standard errors of a mean and of a standard deviation of 4,000.
        assert abs(draws[:, own].mean(axis=1) - true_mean).max() < 4 * true_sd / np.sqrt(4000)
        assert abs(draws[:, own].std(axis=1) - true_sd).max() < 4 * true_sd / np.sqrt(8000)
        assert estimate.theta[own].std() < 0.92 * true_sd


def test_a_latent_regression_gives_its_slope_back():
    rng = np.random.default_rng(24)
    covariates = rng.standard_normal((4000, 2))
    prediction = covariates @ [0.5, -0.3]
    responses = simulate_responses(rng.normal(prediction, 0.8), ITEMS, seed=25)
    draws = plausible_values(responses, ITEMS, n_draws=3, seed=26, prior_mean=prediction, prior_sd=0.8)
    slopes = np.linalg.lstsq(covariates, draws.T, rcond=None)[0]
    assert np.abs(slopes.T - [0.5, -0.3]).max() < 4 * 0.8 / np.sqrt(4000)
    assert np.abs((draws - prediction).std(axis=1) - 0.8).max() < 4 * 0.8 / np.sqrt(8000)


def test_draws_of_one_candidate_have_the_mean_and_sd_of_the_posterior():
    responses = simulate_responses([0.6], ITEMS, seed=27)
    draws = plausible_values(responses, ITEMS, n_draws=20_000, seed=28)[:, 0]
    posterior = eap(responses, ITEMS)
    assert draws.mean() == pytest.approx(posterior.theta[0], abs=4 * posterior.se[0] / np.sqrt(20_000))
    assert draws.std() == pytest.approx(posterior.se[0], rel=4 / np.sqrt(40_000))


def test_a_candidate_s_draws_do_not_depend_on_who_else_is_there():
    responses = simulate_responses(np.linspace(-1, 1, 8192 + 10), ITEMS, seed=29)
    keys = np.arange(8192 + 10) * 17 + 5
    everybody = plausible_values(responses, ITEMS, n_draws=3, seed=30, keys=keys)
    few = np.array([8195, 3, 8191])
    again = plausible_values(responses[few], ITEMS, n_draws=3, seed=30, keys=keys[few])
    np.testing.assert_allclose(again, everybody[:, few], rtol=0, atol=1e-9)


def test_more_draws_begin_with_the_same_ones():
    responses = simulate_responses(np.zeros(4), ITEMS, seed=31)
    two, five = (plausible_values(responses, ITEMS, n_draws=n, seed=32) for n in (2, 5))
    np.testing.assert_array_equal(five[:2], two)
    other = plausible_values(responses, ITEMS, n_draws=2, seed=33)
    assert (other != two).all()


def test_rows_number_the_candidates_where_there_are_no_keys():
    responses = simulate_responses(np.zeros(4), ITEMS, seed=34)
    named = plausible_values(responses, ITEMS, n_draws=2, seed=35, keys=[0, 1, 2, 3])
    np.testing.assert_array_equal(plausible_values(responses, ITEMS, n_draws=2, seed=35), named)


def test_without_responses_draws_are_from_the_prior():
    nothing = np.full((5000, 8), NOT_PRESENTED)
    draws = plausible_values(nothing, ITEMS, n_draws=1, seed=36, prior_mean=0.5, prior_sd=0.7)
    assert draws.mean() == pytest.approx(0.5, abs=4 * 0.7 / np.sqrt(5000))
    assert draws.std() == pytest.approx(0.7, rel=4 / np.sqrt(10_000))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_draws": 0}, "n_draws must be at least 1, not 0"),
        ({"keys": [4, 7, 4]}, "candidates 0 and 2 have the same key 4"),
        ({"keys": [1.0, 2.0, 3.0]}, "keys must be .3,. whole numbers, not float64"),
        ({"keys": [1, 2]}, "keys must be"),
        ({"prior_sd": [1.0, -1.0, 1.0]}, "candidate 1: prior_sd must be finite and positive"),
        ({"responses": [[0], [2], [0]]}, "candidate 1, item 0: no category 2"),
    ],
)
def test_bad_input_is_named(change, message):
    given_input = {"responses": [[0], [1], [0]], "items": ItemParameters.dichotomous(1.0, [0.0])}
    with pytest.raises(ValueError, match=message):
        plausible_values(**(given_input | {"n_draws": 2, "seed": 1} | change))
