"""Do simulated sessions estimate rightly, stop rightly and repeat exactly?"""

import numpy as np
import pytest

from scoring.irt import Grid, ItemParameters, category_probabilities, eap, item_information
from scoring.irt.keyed_numbers import uniforms
from scoring.irt.selection.adaptive import simulate_adaptive
from scoring.irt.selection.stopping import Classification, ExpectedGain, Length, Sprt, StandardError


def bank(n_items: int = 150, seed: int = 1) -> ItemParameters:
    rng = np.random.default_rng(seed)
    a = np.clip(rng.lognormal(0.1, 0.35, n_items), 0.4, 2.5)
    return ItemParameters.dichotomous(a, rng.normal(0, 1.2, n_items))


def mixed_bank(n_items: int = 90, seed: int = 2) -> ItemParameters:
    """Dichotomous items, some guessed, partial credit and graded ones, with up to four categories."""
    rng = np.random.default_rng(seed)
    kind = np.arange(n_items) % 4
    n_categories = np.where(kind < 2, 2, 3 + np.arange(n_items) % 2)
    raw = np.sort(rng.normal(0, 1, (n_items, 3)), axis=1) + np.arange(3) * 0.1
    steps = np.where(np.arange(3) < n_categories[:, None] - 1, raw, np.nan)
    return ItemParameters(
        a=rng.uniform(0.7, 1.8, n_items),
        b=rng.normal(0, 1, n_items),
        steps=steps - np.nanmean(steps, axis=1, keepdims=True),
        c=np.where(kind == 1, 0.2, 0.0),
        n_categories=n_categories,
        graded=kind == 3,
    )


def abilities(n: int, seed: int = 778) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(n)


def response_matrix(sessions, items) -> np.ndarray:
    codes = np.full((sessions.n_candidates, items.n_items), -1, dtype=np.int8)
    rows, steps = np.nonzero(sessions.items >= 0)
    codes[rows, sessions.items[rows, steps]] = sessions.responses[rows, steps]
    return codes


@pytest.mark.parametrize("rule", ["at_estimate", "over_posterior"])
def test_estimates_are_those_of_all_responses_at_once(rule):
    items = mixed_bank()
    sessions = simulate_adaptive(abilities(80), items, seed=3, rule=rule, stopping=Length(25), max_items=25)
    estimate = eap(response_matrix(sessions, items), items)
    np.testing.assert_allclose(sessions.final_theta, estimate.theta, rtol=0, atol=1e-5)
    np.testing.assert_allclose(sessions.final_se, estimate.se, rtol=0, atol=1e-5)
    np.testing.assert_array_equal(sessions.theta[:, -1], sessions.final_theta)


def test_estimates_stay_exact_over_long_and_extreme_sessions():
    items = ItemParameters.dichotomous(2.5, np.linspace(-3, 3, 200))
    sessions = simulate_adaptive([-6.0, 0.0, 6.0], items, seed=3, stopping=Length(200), max_items=200)
    estimate = eap(response_matrix(sessions, items), items, grid=Grid.uniform(401, -10, 10))
    np.testing.assert_allclose(sessions.final_theta, estimate.theta, rtol=0, atol=1e-4)
    np.testing.assert_allclose(sessions.final_se, estimate.se, rtol=0, atol=1e-4)


def test_every_item_is_the_most_informative_one_left():
    items = bank(40)
    sessions = simulate_adaptive(abilities(25), items, seed=4, stopping=Length(10), max_items=10)
    for candidate in range(25):
        theta, left = 0.0, np.ones(40, dtype=bool)
        for step in range(10):
            information = np.where(left, item_information([theta], items)[0], 0)
            chosen = sessions.items[candidate, step]
            assert information[chosen] >= 0.99 * information.max()
            left[chosen] = False
            theta = sessions.theta[candidate, step]


def test_responses_hang_on_seed_candidate_and_item_alone():
    items, theta = mixed_bank(), abilities(60)
    sessions = simulate_adaptive(theta, items, seed=5, stopping=Length(8), max_items=8)
    uniform = uniforms(5, np.arange(60)[:, None], sessions.items)
    p = category_probabilities(theta, items)[np.arange(60)[:, None], sessions.items]
    expected = (uniform[:, :, None] >= p.cumsum(axis=2)[:, :, :-1]).sum(axis=2)
    np.testing.assert_array_equal(sessions.responses, expected)


def test_order_and_company_of_candidates_do_not_matter():
    items, theta = bank(), abilities(120)
    straight = simulate_adaptive(theta, items, seed=6)
    order = np.random.default_rng(7).permutation(120)[:70]
    shuffled = simulate_adaptive(theta[order], items, seed=6, numbers=order)
    width = shuffled.items.shape[1]
    np.testing.assert_array_equal(shuffled.items, straight.items[order, :width])
    np.testing.assert_array_equal(shuffled.responses, straight.responses[order, :width])
    np.testing.assert_allclose(shuffled.final_theta, straight.final_theta[order], rtol=0, atol=1e-12)


def test_many_candidates_go_in_waves_that_change_nothing():
    items, theta = bank(30), np.tile(abilities(50), 84)
    whole = simulate_adaptive(theta, items, seed=6, stopping=Length(3), max_items=3)
    part = simulate_adaptive(
        theta[4090:], items, seed=6, stopping=Length(3), max_items=3, numbers=np.arange(4090, 4200)
    )
    np.testing.assert_array_equal(whole.items[4090:], part.items)
    np.testing.assert_array_equal(whole.responses[4090:], part.responses)


def test_the_same_seed_gives_the_same_sessions():
    one, same, other = (simulate_adaptive(abilities(40), bank(), seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.responses, same.responses)
    assert one.final_theta.tolist() == same.final_theta.tolist()
    assert one.final_theta.tolist() != other.final_theta.tolist()


@pytest.mark.parametrize("rule", ["at_estimate", "over_posterior"])
def test_standard_errors_of_1500_sessions_hold(rule):
    sessions = simulate_adaptive(abilities(1500), bank(), seed=8, rule=rule)
    assert (sessions.stopped_by == "standard error").mean() > 0.97
    inside = np.abs(sessions.final_theta - sessions.true_theta) < 1.959964 * sessions.final_se
    assert 0.93 < inside.mean() < 0.97
    assert sessions.rmse == pytest.approx(np.sqrt((sessions.final_se**2).mean()), rel=0.08)
    # The posterior mean is unbiased over the population: four standard errors.
    assert abs(sessions.bias) < 4 * sessions.rmse / np.sqrt(1500)


def test_adaptive_sessions_need_fewer_items_than_random_ones():
    items, theta = bank(), abilities(300)
    adaptive = simulate_adaptive(theta, items, seed=9)
    # A bank of 30 at random, in which a session has no choice once it has gone through it.
    drawn = np.argsort(np.random.default_rng(1).random((300, 150)), axis=1)[:, :30]
    allowed = np.zeros((300, 150), dtype=bool)
    allowed[np.arange(300)[:, None], drawn] = True
    random = simulate_adaptive(theta, items, seed=9, allowed=allowed)
    assert adaptive.mean_length < 0.8 * random.mean_length
    assert adaptive.final_se.mean() < random.final_se.mean()


def test_sessions_end_as_the_rule_says():
    theta, items = abilities(60), bank()
    for rule, reasons in (
        (StandardError(0.35), {"standard error"}),
        (Classification((0.0,), 0.9), {"class 0", "class 1", "length"}),
        (Sprt(0.0, 0.5), {"above the cut", "below the cut", "length"}),
        (ExpectedGain(0.01), {"little to gain"}),
    ):
        sessions = simulate_adaptive(theta, items, seed=10, stopping=rule, max_items=40)
        assert set(sessions.stopped_by.tolist()) == reasons
        np.testing.assert_array_equal(sessions.n_items == 40, sessions.stopped_by == "length")


def test_records_end_where_sessions_end():
    sessions = simulate_adaptive(abilities(50), bank(), seed=11, stopping=StandardError(0.4))
    met = np.arange(sessions.items.shape[1]) < sessions.n_items[:, None]
    assert sessions.items.shape[1] == sessions.n_items.max()
    np.testing.assert_array_equal(sessions.items >= 0, met)
    np.testing.assert_array_equal(sessions.responses >= 0, met)
    np.testing.assert_array_equal(np.isfinite(sessions.theta), met)
    np.testing.assert_array_equal(np.isfinite(sessions.se), met)
    last = sessions.n_items - 1
    np.testing.assert_array_equal(sessions.final_se, sessions.se[np.arange(50), last])
    for row in sessions.items:
        assert np.unique(row[row >= 0]).size == (row >= 0).sum()


def test_only_allowed_items_are_given_until_none_is_left():
    allowed = np.zeros((3, 20), dtype=bool)
    allowed[0, [4, 7, 9]] = allowed[1, 3] = True
    sessions = simulate_adaptive([0.0, 1.0, -1.0], bank(20), seed=12, allowed=allowed)
    assert sorted(sessions.items[0].tolist()) == [4, 7, 9]
    assert sessions.items[1:].tolist() == [[3, -1, -1], [-1, -1, -1]]
    assert sessions.stopped_by.tolist() == ["no item left"] * 3
    assert sessions.final_theta[2] == pytest.approx(0.0, abs=1e-9)


def test_priors_of_different_populations():
    sessions = simulate_adaptive(
        [0.0, 0.0], bank(), seed=13, stopping=Length(0), prior_mean=[-1.0, 0.5], prior_sd=[0.5, 0.8]
    )
    assert sessions.n_items.tolist() == [0, 0] and sessions.items.shape == (2, 0)
    np.testing.assert_allclose(sessions.final_theta, [-1.0, 0.5], atol=1e-6)
    np.testing.assert_allclose(sessions.final_se, [0.5, 0.8], atol=1e-4)


@pytest.mark.parametrize("rule", ["at_estimate", "over_posterior"])
@pytest.mark.parametrize(("zero", "unit"), [(7.0, 1.0), (500.0, 100.0)])
def test_sessions_on_another_scale_are_the_same(rule, zero, unit):
    items, theta = bank(), abilities(40)
    moved = ItemParameters.dichotomous(items.a / unit, items.b * unit + zero)
    usual = simulate_adaptive(theta, items, seed=14, rule=rule, stopping=Length(12))
    other = simulate_adaptive(
        theta * unit + zero, moved, seed=14, rule=rule, stopping=Length(12), prior_mean=zero, prior_sd=unit
    )
    np.testing.assert_array_equal(other.items, usual.items)
    np.testing.assert_allclose((other.final_theta - zero) / unit, usual.final_theta, rtol=0, atol=1e-5)


def test_nobody_has_no_sessions():
    nobody = simulate_adaptive([], bank(10), seed=1)
    assert nobody.n_candidates == 0 and nobody.items.shape == (0, 0)


def test_what_cannot_be_simulated_is_named():
    items = bank(10)
    with pytest.raises(ValueError, match="candidate 1: theta is nan; give a finite ability"):
        simulate_adaptive([0.0, np.nan], items, seed=1)
    with pytest.raises(ValueError, match=r"allowed has shape \(9,\), expected \(10,\) or \(1, 10\)"):
        simulate_adaptive([0.0], items, seed=1, allowed=[True] * 9)
    with pytest.raises(ValueError, match="numbers must be 2 different whole numbers"):
        simulate_adaptive([0.0, 1.0], items, seed=1, numbers=[3, 3])
    with pytest.raises(ValueError, match="'best' is not a valid SelectionRule"):
        simulate_adaptive([0.0], items, seed=1, rule="best")
    with pytest.raises(ValueError, match="cannot have -1 items; give 0 or more"):
        simulate_adaptive([0.0], items, seed=1, max_items=-1)
