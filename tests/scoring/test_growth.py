"""Does a belief move as abilities do, and can the way they move be found out from responses alone?"""

from __future__ import annotations

import numpy as np
import pytest

from scoring.growth import (
    ASSUMED,
    Dynamics,
    EstimatedDynamics,
    Observation,
    carry,
    estimate_dynamics,
    filtered,
)
from scoring.irt import DEFAULT_GRID, mean_and_sd, normal_weights
from scoring.irt.posterior import posterior_weights, quantile
from scoring.irt.types import FloatArray

STILL = Dynamics("still", drift_per_week=0.0, gain_per_item=0.0, sd_per_week=0.0, sd_per_item=0.0)
POINTS = DEFAULT_GRID.points


def drifting(drift: float = 0.0, sd: float = 0.0) -> Dynamics:
    return Dynamics("test", drift_per_week=drift, gain_per_item=0.0, sd_per_week=sd, sd_per_item=0.0)


def likelihood(theta: float, difficulties: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(Q,) of the responses that somebody of this ability gives to Rasch items."""
    right = rng.random(difficulties.size) < 1 / (1 + np.exp(difficulties - theta))
    sign = np.where(right, 1, -1)[:, None]
    return np.asarray(-np.logaddexp(0.0, -sign * (POINTS - difficulties[:, None])).sum(axis=0))


def learners(
    number: int, dynamics: Dynamics, *, sittings: int = 6, items: int = 20, practice: bool = True, seed: int
) -> tuple[list[list[Observation]], FloatArray]:
    """Learners who come back after one to six weeks, and their true abilities (N, T) at each sitting."""
    rng = np.random.default_rng(seed)
    found, truth = [], np.empty((number, sittings))
    for row in range(number):
        theta, weeks, own = rng.standard_normal(), 0.0, []
        for place in range(sittings):
            gone = float(rng.uniform(1, 6)) if place else 0.0
            practised = int(rng.integers(0, 40)) if place and practice else 0
            variance = dynamics.sd_per_week**2 * gone + dynamics.sd_per_item**2 * practised
            theta += dynamics.drift_per_week * gone + dynamics.gain_per_item * practised
            theta += np.sqrt(variance) * rng.standard_normal()
            weeks += gone
            own.append(Observation(weeks, practised, likelihood(theta, rng.uniform(-2, 2, items), rng)))
            truth[row, place] = theta
        found.append(own)
    return found, truth


# ---- Carrying a belief -----------------------------------------------------------------------------


def test_no_time_and_no_practice_leave_a_belief_as_it_is():
    belief = normal_weights(DEFAULT_GRID, 0.4, 0.3)
    assert (carry(belief, ASSUMED, weeks=0) == belief).all()
    assert (carry(belief, STILL, weeks=30, practised=400) == belief).all()


@pytest.mark.parametrize("sd_before", [0.2, 0.35, 0.7])
@pytest.mark.parametrize("drift", [-0.5, -0.13, -0.01, 0.0, 0.003, 0.125, 0.2])
@pytest.mark.parametrize("sd", [0.0, 0.01, 0.1, 0.25, 0.6])
def test_mean_and_variance_are_exact_however_small_the_step(sd_before, drift, sd):
    before = normal_weights(DEFAULT_GRID, -0.37, sd_before)
    old_mean, old_sd = mean_and_sd(before, DEFAULT_GRID)
    mean, after_sd = mean_and_sd(carry(before, drifting(drift, sd), weeks=1), DEFAULT_GRID)
    assert mean == pytest.approx(old_mean + drift, abs=1e-4)
    assert after_sd**2 == pytest.approx(old_sd**2 + sd**2, abs=1e-4)


def test_mean_and_variance_of_a_lopsided_belief_are_exact_too():
    responses = likelihood(2.5, np.linspace(-3, 0, 6), np.random.default_rng(1))
    before = posterior_weights(responses, normal_weights(DEFAULT_GRID))
    old_mean, old_sd = mean_and_sd(before, DEFAULT_GRID)
    mean, sd = mean_and_sd(carry(before, drifting(0.1, 0.12), weeks=1), DEFAULT_GRID)
    assert mean == pytest.approx(old_mean + 0.1, abs=1e-3)
    assert sd**2 == pytest.approx(old_sd**2 + 0.12**2, abs=1e-3)


def test_two_short_ways_are_one_long_way():
    before = normal_weights(DEFAULT_GRID, 0.6, 0.3)
    once = carry(before, ASSUMED, weeks=8, practised=60)
    twice = carry(carry(before, ASSUMED, weeks=3, practised=10), ASSUMED, weeks=5, practised=50)
    np.testing.assert_allclose(twice, once, atol=1e-3)


def test_practice_and_time_each_add_their_own_mean_and_variance():
    before = normal_weights(DEFAULT_GRID, 0.0, 0.4)
    dynamics = Dynamics("x", drift_per_week=-0.02, gain_per_item=0.01, sd_per_week=0.1, sd_per_item=0.03)
    mean, sd = mean_and_sd(carry(before, dynamics, weeks=4, practised=25), DEFAULT_GRID)
    assert mean == pytest.approx(-0.08 + 0.25, abs=1e-4)
    assert sd**2 == pytest.approx(0.16 + 4 * 0.01 + 25 * 0.0009, abs=1e-4)


def test_many_are_carried_each_by_their_own_time():
    rows = normal_weights(DEFAULT_GRID, np.array([-1.0, 0.5]), 0.3)
    both = carry(rows, ASSUMED, weeks=np.array([2.0, 20.0]), practised=np.array([0, 30]))
    for row, weeks, practised in ((0, 2.0, 0), (1, 20.0, 30)):
        np.testing.assert_allclose(
            both[row], carry(rows[row], ASSUMED, weeks=weeks, practised=practised), atol=1e-3
        )


def test_a_belief_stays_a_distribution_even_at_the_ends_of_the_grid():
    certain = np.zeros(41)
    certain[-1] = 1.0
    for drift in (-2.0, 0.1, 3.0):
        after = carry(certain, drifting(drift, 0.4), weeks=3)
        assert after.min() >= 0
        assert after.sum() == pytest.approx(1)


def test_ignorance_stays_ignorance():
    flat = np.full(41, 1 / 41)
    np.testing.assert_allclose(carry(flat, drifting(-0.3, 0.5), weeks=4), flat, atol=1e-12)


@pytest.mark.parametrize(("weeks", "practised"), [(-1, 0), (1, -2)])
def test_time_does_not_run_backwards(weeks, practised):
    with pytest.raises(ValueError, match="negative"):
        carry(normal_weights(DEFAULT_GRID), ASSUMED, weeks=weeks, practised=practised)


# ---- Filtering -------------------------------------------------------------------------------------


def test_without_change_filtering_is_pooling_all_responses():
    (own,), _ = learners(1, STILL, sittings=4, seed=3)
    pooled = posterior_weights(sum(one.log_likelihood for one in own), normal_weights(DEFAULT_GRID))
    result = filtered(own, STILL)
    np.testing.assert_allclose(result.after[-1], pooled, atol=1e-12)
    np.testing.assert_allclose(result.before[1:], result.after[:-1], atol=1e-12)


def test_log_predictive_is_the_probability_of_the_responses_given_all_before():
    (own,), _ = learners(1, ASSUMED, sittings=3, seed=4)
    result = filtered(own, ASSUMED)
    for place, one in enumerate(own):
        chance = result.before[place] @ np.exp(one.log_likelihood)
        assert result.log_predictive[place] == pytest.approx(np.log(chance))
    assert (result.before[0] == normal_weights(DEFAULT_GRID)).all()


def test_filtering_covers_the_truth_under_growth_where_pooling_does_not():
    """With the growth of the design note: +0.3 a sitting, sd 0.2, six sittings of 20 items."""
    growing = drifting(0.3 / 3.5, 0.2 / np.sqrt(3.5))
    own, truth = learners(300, growing, practice=False, seed=6)
    prior = normal_weights(DEFAULT_GRID)
    errors: dict[str, list[float]] = {"filtered": [], "pooled": [], "last": []}
    held: dict[str, list[bool]] = {"filtered": [], "pooled": [], "last": []}
    for sittings, theta in zip(own, truth[:, -1], strict=True):
        beliefs = {
            "filtered": filtered(sittings, growing).after[-1],
            "pooled": posterior_weights(sum(one.log_likelihood for one in sittings), prior),
            "last": posterior_weights(sittings[-1].log_likelihood, prior),
        }
        for name, belief in beliefs.items():
            errors[name].append(belief @ POINTS - theta)
            low, high = (quantile(belief, DEFAULT_GRID, p) for p in (0.025, 0.975))
            held[name].append(low <= theta <= high)
    rmse = {name: float(np.sqrt(np.mean(np.square(one)))) for name, one in errors.items()}
    assert rmse["filtered"] < 0.4 < rmse["last"] < rmse["pooled"]
    assert abs(np.mean(held["filtered"]) - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 300)
    assert np.mean(held["pooled"]) < 0.4


# ---- Finding the dynamics --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> tuple[Dynamics, EstimatedDynamics]:
    true = Dynamics("true", drift_per_week=-0.03, gain_per_item=0.012, sd_per_week=0.12, sd_per_item=0.04)
    return true, estimate_dynamics(learners(400, true, seed=5)[0])


def test_dynamics_of_400_learners_are_recovered(found):
    true, estimated = found
    dynamics = estimated.dynamics
    assert dynamics.drift_per_week == pytest.approx(true.drift_per_week, abs=0.02)
    assert dynamics.gain_per_item == pytest.approx(true.gain_per_item, abs=0.004)
    assert dynamics.sd_per_week == pytest.approx(true.sd_per_week, abs=0.05)
    assert dynamics.sd_per_item == pytest.approx(true.sd_per_item, abs=0.02)
    assert (dynamics.version, estimated.n_learners) == ("estimated-400", 400)


def test_standard_errors_tell_how_far_off_the_estimates_are(found):
    true, estimated = found
    for name, error in estimated.se.items():
        assert 0 < error < 0.05
        assert abs(getattr(estimated.dynamics, name) - getattr(true, name)) < 3 * error


def test_found_dynamics_predict_new_learners_better_than_the_assumed_ones(found):
    true, estimated = found
    new, _ = learners(150, true, seed=8)

    def predicted(dynamics: Dynamics) -> float:
        return sum(float(filtered(own, dynamics).log_predictive[1:].sum()) for own in new)

    best = predicted(true)
    assert predicted(estimated.dynamics) > best - 4
    assert predicted(ASSUMED) < best - 20


def test_what_learners_cannot_tell_stays_as_assumed():
    nobody_practised, _ = learners(60, drifting(0.05, 0.1), practice=False, seed=9)
    estimated = estimate_dynamics(nobody_practised)
    assert estimated.dynamics.gain_per_item == pytest.approx(ASSUMED.gain_per_item, abs=1e-6)
    assert estimated.dynamics.sd_per_item == pytest.approx(ASSUMED.sd_per_item, rel=1e-4)
    assert estimated.se["gain_per_item"] == pytest.approx(0.03, rel=0.01)
    assert estimated.dynamics.drift_per_week > 0.03


def test_learners_with_one_sitting_say_nothing_about_change():
    once, _ = learners(5, ASSUMED, sittings=1, seed=10)
    twice, _ = learners(5, ASSUMED, sittings=2, seed=11)
    assert estimate_dynamics([*once, *twice]).n_learners == 5
    with pytest.raises(ValueError, match="two sittings"):
        estimate_dynamics(once)


# ---- As rows ---------------------------------------------------------------------------------------


def test_dynamics_survive_being_stored_and_nothing_stored_means_assumed():
    dynamics = Dynamics("estimated-7", 0.01, 0.002, 0.05, 0.03)
    assert Dynamics.from_table(dynamics.as_table()) == dynamics
    assert Dynamics.from_table({}) is ASSUMED


def test_a_negative_sd_is_refused():
    with pytest.raises(ValueError, match="negative"):
        drifting(0.0, -0.1)
