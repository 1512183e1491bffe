"""Does the referee know how likely responses are, without asking the package it judges?"""

import numpy as np
import pytest

from tests.bench.irt.referee import (
    Solution,
    log_likelihood,
    log_prior_of_guessing,
    log_probabilities,
    posterior_means,
    with_best_population,
)
from tests.scoring.irt import lsat


def test_published_estimates_have_the_published_log_likelihood():
    # Section 6 of the Law School Admission Test under the 2PL: -2466.653.
    section = lsat.section(6)
    a, d = np.array(section["a"]), np.array(section["d"])
    found = log_likelihood(lsat.responses(6), Solution(a, (-d / a)[:, None], 0 * a))
    assert found == pytest.approx(section["log_likelihood"], abs=1e-4)


def test_categories_of_each_model_at_one_ability():
    a, c, steps = np.array([1.2]), np.zeros(1), np.array([[-0.5, 0.7]])
    z = np.exp(1.2 * (0.3 - steps[0]))
    climbed = np.array([1, z[0], z[0] * z[1]])
    credit = np.exp(log_probabilities([0.3], Solution(a, steps, c)))[0, 0]
    np.testing.assert_allclose(credit, climbed / climbed.sum(), rtol=1e-12)
    graded = np.exp(log_probabilities([0.3], Solution(a, steps, c, graded=True)))[0, 0]
    at_least = z / (1 + z)
    np.testing.assert_allclose(graded, [1 - at_least[0], at_least[0] - at_least[1], at_least[1]], rtol=1e-12)
    guessed = np.exp(log_probabilities([0.3], Solution(a, steps[:, :1], np.array([0.25]))))[0, 0]
    np.testing.assert_allclose(guessed, [0.75 * (1 - at_least[0]), 0.25 + 0.75 * at_least[0]], rtol=1e-12)


@pytest.mark.parametrize("graded", [False, True])
def test_an_item_of_two_categories_among_longer_ones(graded):
    steps = np.array([[0.4, np.nan], [-0.5, 0.7]])
    p = np.exp(log_probabilities([0.0], Solution(np.ones(2), steps, np.zeros(2), graded=graded)))[0]
    np.testing.assert_allclose(p[0], [1 / (1 + np.exp(-0.4)), 1 / (1 + np.exp(0.4)), 0], atol=1e-12)
    np.testing.assert_allclose(p.sum(axis=1), 1)


def test_responses_to_one_item_are_as_likely_as_their_share():
    # With mean m and sd s, one item with a = 0.001 is a coin whatever they are.
    coin = Solution(np.array([1e-3]), np.zeros((1, 1)), np.zeros(1), mean=0.4, sd=1.5)
    assert log_likelihood(np.array([[1], [0], [-1]]), coin) == pytest.approx(2 * np.log(0.5), abs=1e-3)


def test_a_scale_of_its_own_costs_a_program_nothing():
    section = lsat.section(6)
    a, d = np.array(section["a"]), np.array(section["d"])
    stretched = Solution(a / 2, (-d / a)[:, None] * 2 + 0.3, 0 * a)
    best = with_best_population(lsat.responses(6), stretched)
    assert (best.mean, best.sd) == (pytest.approx(0.3, abs=0.01), pytest.approx(2.0, abs=0.01))
    found = log_likelihood(lsat.responses(6), best)
    assert found == pytest.approx(section["log_likelihood"], abs=1e-3)


def test_posterior_means_are_those_of_another_program():
    # Responses of the first and the last pattern of section 6: none right, all right (R mirt, 61 points).
    section = lsat.section(6)
    a, d = np.array(section["a"]), np.array(section["d"])
    found = posterior_means(lsat.responses(6)[[0, -1]], Solution(a, (-d / a)[:, None], 0 * a))
    expected = [section["patterns"][place]["theta"] for place in (0, -1)]
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_the_prior_on_guessing_is_one_of_its_logit():
    at_mean, one_sd_up = 1 / (1 + np.exp(1.4)), 1 / (1 + np.exp(0.9))
    solution = Solution(np.ones(2), np.zeros((2, 1)), np.array([at_mean, one_sd_up]))
    assert log_prior_of_guessing(solution, -1.4, 0.5) == pytest.approx(-0.5)
