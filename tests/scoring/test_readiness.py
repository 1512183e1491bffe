"""Does a prediction of points keep its word?"""

import numpy as np
import pytest

from scoring.growth import Dynamics, carry
from scoring.irt import DEFAULT_GRID, eap, normal_weights, score_distribution, simulate_responses
from scoring.readiness import level_probabilities, predict
from tests.scoring.mathematics import mathematics

ONE = np.array([1.0])


def of(*pmf: float) -> np.ndarray:
    return np.array([pmf])


def test_interval_is_the_shortest_run_of_whole_points():
    #        0     0.5   1     1.5   2     2.5   3     3.5   4 points
    table = of(0.05, 0.05, 0.10, 0.15, 0.30, 0.15, 0.10, 0.05, 0.05)
    readiness = predict(ONE, table)
    assert (readiness.low, readiness.high) == (2, 6)
    assert readiness.probability == pytest.approx(0.8)
    assert readiness.expected == pytest.approx(4.0)


def test_interval_of_one_point_where_that_is_enough():
    readiness = predict(ONE, of(0.1, 0.05, 0.75, 0.05, 0.05))
    assert (readiness.low, readiness.high) == (2, 2)
    assert readiness.probability == pytest.approx(0.75)


def test_among_equally_short_runs_the_likeliest_wins_and_then_the_lowest():
    likeliest = predict(ONE, of(0.20, 0.25, 0.20, 0.0, 0.35), mass=0.5)
    assert (likeliest.low, likeliest.high) == (0, 2)
    level = predict(ONE, of(0.3, 0.1, 0.2, 0.1, 0.3), mass=0.55)
    assert (level.low, level.high) == (0, 2)


def test_interval_can_end_at_an_odd_maximum():
    readiness = predict(ONE, of(0.0, 0.0, 0.1, 0.9))
    assert (readiness.low, readiness.high) == (3, 3)


def test_all_of_the_mass_is_the_whole_form():
    readiness = predict(ONE, of(0.25, 0.25, 0.25, 0.25, 0.0), mass=1.0)
    assert (readiness.low, readiness.high, readiness.probability) == (0, 4, 1.0)


def test_prediction_averages_over_the_posterior():
    readiness = predict(np.array([0.5, 0.5]), np.array([[0.8, 0.2, 0.0], [0.0, 0.4, 0.6]]))
    np.testing.assert_allclose(readiness.pmf, [0.4, 0.3, 0.3], rtol=1e-14)


def test_level_probabilities_by_hand():
    assert level_probabilities([0.1, 0.2, 0.3, 0.4], [1, 3]).tolist() == pytest.approx([0.1, 0.5, 0.4])
    assert level_probabilities([0.5, 0.5], [5]).tolist() == [1.0, 0.0]
    assert level_probabilities([0.5, 0.5], []).tolist() == [1.0]


def test_predicted_intervals_hold_as_often_as_they_say_and_plug_in_ones_do_not():
    items = mathematics()
    table = score_distribution(items.parameters, items.category_half_points)
    theta = np.random.default_rng(31).standard_normal(2000)
    estimate = eap(simulate_responses(theta, items.parameters, seed=32), items.parameters)
    coming = simulate_responses(theta, items.parameters, seed=33)
    scores = items.category_half_points[np.arange(20), coming].sum(axis=1)
    said, held, held_by_plug_in = [], [], []
    for number, score in enumerate(scores):
        honest = predict(estimate.posterior[number], table)
        said.append(honest.probability)
        held.append(honest.low <= score <= honest.high)
        sharp = np.zeros(41)
        sharp[np.abs(DEFAULT_GRID.points - estimate.theta[number]).argmin()] = 1.0
        plug_in = predict(sharp, table)
        held_by_plug_in.append(plug_in.low <= score <= plug_in.high)
    error = np.sqrt(0.75 * 0.25 / theta.size)
    assert abs(np.mean(held) - np.mean(said)) < 4 * error
    assert np.mean(held_by_plug_in) < np.mean(held) - 0.08


def test_randomised_probability_integral_transform_is_uniform():
    items = mathematics()
    table = score_distribution(items.parameters, items.category_half_points)
    theta = np.random.default_rng(41).standard_normal(3000)
    estimate = eap(simulate_responses(theta, items.parameters, seed=42), items.parameters)
    coming = simulate_responses(theta, items.parameters, seed=43)
    scores = items.category_half_points[np.arange(20), coming].sum(axis=1)
    pmf = estimate.posterior @ table
    rows = np.arange(theta.size)
    below = np.cumsum(pmf, axis=1)[rows, scores] - pmf[rows, scores]
    transform = np.sort(below + np.random.default_rng(44).random(theta.size) * pmf[rows, scores])
    distance = np.abs(transform - (rows + 0.5) / theta.size).max()
    assert distance < 1.63 / np.sqrt(theta.size)


def test_weeks_later_only_a_belief_carried_on_keeps_its_word():
    """Twelve weeks after a trial, abilities having moved by -0.2 on average, with an sd of 0.5."""
    items = mathematics()
    table = score_distribution(items.parameters, items.category_half_points)
    moving = Dynamics("test", -0.2 / 12, 0.0, 0.5 / np.sqrt(12), 0.0)
    rng = np.random.default_rng(51)
    theta = rng.standard_normal(2000)
    then = eap(simulate_responses(theta, items.parameters, seed=52), items.parameters).posterior
    theta = theta - 0.2 + 0.5 * rng.standard_normal(2000)
    coming = simulate_responses(theta, items.parameters, seed=53)
    scores = items.category_half_points[np.arange(20), coming].sum(axis=1)
    now = carry(then, moving, weeks=np.full(2000, 12.0))
    gap, bias = {}, {}
    for name, beliefs in (("carried", now), ("stale", then)):
        predicted = [predict(belief, table) for belief in beliefs]
        held = [one.low <= score <= one.high for one, score in zip(predicted, scores, strict=True)]
        gap[name] = float(np.mean(held) - np.mean([one.probability for one in predicted]))
        bias[name] = float(np.mean([one.expected for one in predicted]) - scores.mean())
    error = np.sqrt(0.75 * 0.25 / 2000)
    assert abs(gap["carried"]) < 4 * error < 0.06 < -gap["stale"]
    assert abs(bias["carried"]) < 0.6 < 0.8 < bias["stale"]


def test_more_responses_narrow_the_prediction():
    items = mathematics()
    table = score_distribution(items.parameters, items.category_half_points)
    prior = predict(normal_weights(DEFAULT_GRID), table)
    middling = np.where(np.arange(20) % 2 == 0, items.parameters.n_categories - 1, 0)
    sat = predict(eap(middling[None, :], items.parameters).posterior[0], table)
    assert sat.high - sat.low < prior.high - prior.low


@pytest.mark.parametrize("mass", [0.0, 1.1])
def test_mass_must_be_a_probability(mass):
    with pytest.raises(ValueError, match="mass"):
        predict(ONE, of(0.5, 0.5), mass=mass)


def test_posterior_and_table_must_share_the_grid():
    with pytest.raises(ValueError, match="grid"):
        predict(np.array([0.5, 0.5]), of(0.5, 0.5))


def test_cuts_must_ascend():
    with pytest.raises(ValueError, match="ascend"):
        level_probabilities([0.5, 0.5], [3, 3])
