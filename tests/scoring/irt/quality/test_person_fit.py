"""Are lz and lz* the published ones, and does lz* keep its distribution when theta is estimated?"""

import numpy as np
import pytest

from scoring.irt import NOT_PRESENTED, ItemParameters, eap, item_information, simulate_responses
from scoring.irt.ability.scores import score
from scoring.irt.logistic import probability
from scoring.irt.quality.person_fit import person_fit
from tests.scoring.irt import lsat


def bank(n_items: int) -> ItemParameters:
    rng = np.random.default_rng(11)
    difficulties = [rng.normal(0, 1, 1 + item % 3).tolist() for item in range(n_items)]
    return ItemParameters.partial_credit(rng.uniform(0.7, 1.8, n_items).tolist(), difficulties)


def with_guessing(n_items: int) -> ItemParameters:
    rng = np.random.default_rng(12)
    return ItemParameters.dichotomous(rng.uniform(0.7, 1.8, n_items), rng.normal(0, 1, n_items), 0.2)


def test_lz_of_lsat_6_as_published():
    published = lsat.fixture("lsat6_fit")["persons"]
    patterns, items = [row["responses"] for row in published], lsat.items(6)
    found = person_fit(patterns, items, eap(patterns, items, grid=lsat.grid(6)).theta)
    np.testing.assert_allclose(found.lz, lsat.column(published, "lz"), rtol=0, atol=1e-6)


def test_two_responses_by_hand():
    # P(right) 1/2 and 4/5, both right: log-likelihood log 2/5. Entropies and variances item by item.
    items = ItemParameters.dichotomous(1.0, [0.0, -np.log(4.0)])
    found = person_fit([[1, 1]], items, [0.0])
    expected = np.log(1 / 2) + (4 * np.log(4 / 5) + np.log(1 / 5)) / 5
    variance = 0 + 4 / 25 * np.log(4) ** 2
    assert found.log_likelihood[0] == pytest.approx(np.log(2 / 5))
    assert found.lz[0] == pytest.approx((np.log(2 / 5) - expected) / np.sqrt(variance))


@pytest.mark.parametrize("method", ["ml", "wle", "map"])
def test_lz_star_of_dichotomous_items_is_that_of_snijders(method):
    # Snijders (2001): W with weights w - c r, plus c r0, where r0 belongs to the estimator.
    items = with_guessing(15)
    data = simulate_responses(np.linspace(-1, 2, 40), items, seed=3)
    theta = score(data, items, method).theta
    inside = np.abs(theta) < 4.9
    p = probability(theta, items.a, items.b, items.c)
    slope = items.a * (p - items.c) * (1 - p) / (1 - items.c)  # P'
    curve = slope * items.a * ((1 - p) - (p - items.c)) / (1 - items.c)  # P''
    w, r = np.log(p / (1 - p)), slope / (p * (1 - p))
    c = (slope * w).sum(axis=1, keepdims=True) / (slope * r).sum(axis=1, keepdims=True)
    information = item_information(theta, items).sum(axis=1)
    r0 = {
        "ml": 0 * theta,
        "wle": (slope * curve / (p * (1 - p))).sum(axis=1) / (2 * information),
        "map": -theta,
    }
    own = ((w - c * r) ** 2 * p * (1 - p)).sum(axis=1)
    expected = (((data - p) * w).sum(axis=1) + c[:, 0] * r0[method]) / np.sqrt(own)
    found = person_fit(data, items, theta).lz_star
    assert inside.sum() > 35
    np.testing.assert_allclose(found[inside], expected[inside], rtol=0, atol=1e-6)


@pytest.mark.parametrize("items", [with_guessing(40), bank(30)], ids=["three-parameter", "mixed"])
@pytest.mark.parametrize("method", ["wle", "map", "eap"])
def test_lz_star_is_closer_to_standard_normal_than_lz(items, method):
    data = simulate_responses(np.random.default_rng(9).standard_normal(4000), items, seed=3)
    found = person_fit(data, items, score(data, items, method).theta)
    assert found.lz.std() < 0.92
    assert 0.95 < found.lz_star.std() < 1.05
    low, low_star = (found.lz < -1.644854).mean(), (found.lz_star < -1.644854).mean()
    # The nominal share is 5 %; four standard errors of it are 1.4 %.
    assert low < 0.038
    assert abs(low_star - 0.05) < 0.014


def test_at_the_true_ability_lz_is_standard():
    items = with_guessing(40)
    theta = np.random.default_rng(9).standard_normal(4000)
    lz = person_fit(simulate_responses(theta, items, seed=3), items, theta).lz
    assert abs(lz.mean()) < 0.06 and abs(lz.std() - 1) < 0.05


def test_guessing_and_carelessness_are_found():
    items = ItemParameters.dichotomous(1.3, np.linspace(-2, 2, 40))
    rng = np.random.default_rng(2)
    honest = simulate_responses(rng.standard_normal(500), items, seed=4)
    guessing = rng.integers(0, 2, (500, 40))
    data = np.concatenate([honest, guessing])
    flagged = person_fit(data, items, score(data, items, "wle").theta).lz_star < -1.644854
    assert flagged[:500].mean() < 0.09
    assert flagged[500:].mean() > 0.95


def test_missing_responses_say_nothing():
    items = bank(10)
    data = simulate_responses(np.linspace(-2, 2, 30), items, seed=6)
    data[:, ::3] = NOT_PRESENTED
    kept = np.flatnonzero(np.arange(10) % 3)
    theta = np.linspace(-1, 1, 30)
    whole, part = person_fit(data, items, theta), person_fit(data[:, kept], items.select(kept), theta)
    np.testing.assert_allclose(whole.lz_star, part.lz_star, rtol=1e-12)
    np.testing.assert_allclose(whole.lz, part.lz, rtol=1e-12)
    assert whole.n_items.tolist() == [6] * 30


def test_what_does_not_exist_is_nan():
    items = with_guessing(3)
    found = person_fit([[NOT_PRESENTED] * 3, [1, 0, 1], [1, 0, 1]], items, [0.0, np.inf, 0.0])
    assert np.isnan(found.lz).tolist() == np.isnan(found.lz_star).tolist() == [True, True, False]
    assert found.n_items.tolist() == [0, 3, 3]
    assert found.log_likelihood[0] == 0.0
    # One item, or items all alike, decide theta and nothing else.
    for n_items in (1, 6):
        alike = person_fit(
            [[1] + [0] * (n_items - 1)], ItemParameters.dichotomous(1.2, [0.7] * n_items), [-0.4]
        )
        assert np.isfinite(alike.lz[0]) and np.isnan(alike.lz_star[0])


def test_extreme_patterns_and_abilities_give_no_warning():
    items = bank(20)
    extremes = np.stack([np.zeros(20), items.n_categories - 1]).astype(int)
    found = person_fit(extremes, items, score(extremes, items, "ml").theta)
    assert np.isfinite(found.lz_star).all()
    far = person_fit(extremes, items, [60.0, -60.0])
    assert np.isfinite(far.log_likelihood).all() and (far.log_likelihood < -100).all()


def test_chunks_change_nothing():
    items = bank(4)
    data = simulate_responses(np.zeros(9001), items, seed=1)
    theta = np.linspace(-1, 1, 9001)
    np.testing.assert_array_equal(
        person_fit(data, items, theta).lz_star[8999:], person_fit(data[8999:], items, theta[8999:]).lz_star
    )


def test_impossible_input_is_named():
    with pytest.raises(ValueError, match="candidate 0, item 1: no category 4"):
        person_fit([[0, 4]], bank(2), [0.0])
    with pytest.raises(ValueError, match=r"theta has shape \(2,\), expected \(1,\): one a candidate"):
        person_fit([[0, 0]], bank(2), [0.0, 0.0])
