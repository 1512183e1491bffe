"""Is Q3 the published one, and does it find items that hang together?"""

import numpy as np
import pytest

from scoring.irt import NOT_PRESENTED, ItemParameters, eap, simulate_responses
from scoring.irt.probabilities import expected_points
from scoring.irt.quality.dependence import q3
from tests.scoring.irt import lsat


def bank(n_items: int) -> ItemParameters:
    rng = np.random.default_rng(11)
    difficulties = [rng.normal(0, 1, 1 + item % 3).tolist() for item in range(n_items)]
    return ItemParameters.partial_credit(rng.uniform(0.7, 1.8, n_items).tolist(), difficulties)


def test_lsat_6_as_published():
    data, items = lsat.responses(6), lsat.items(6)
    found = q3(data, items, eap(data, items, grid=lsat.grid(6)).theta)
    published = np.array(lsat.fixture("lsat6_fit")["q3"])
    np.testing.assert_allclose(found.q3, published, rtol=0, atol=1e-6)
    mean = published[np.triu_indices(5, k=1)].mean()
    assert found.mean == pytest.approx(mean, abs=1e-6)
    assert found.adjusted[0, 1] == pytest.approx(published[0, 1] - mean, abs=1e-6)
    assert np.isnan(np.diag(found.adjusted)).all()
    assert (found.n == 1000).all()


def test_pairs_with_missing_responses_are_correlations_of_who_met_both():
    items = bank(5)
    rng = np.random.default_rng(1)
    theta = rng.standard_normal(200)
    data = simulate_responses(theta, items, seed=2, presented=rng.random((200, 5)) < 0.7)
    residual = data - expected_points(theta, items, np.arange(4))
    found = q3(data, items, theta)
    for one in range(5):
        for other in range(one):
            both = (data[:, one] >= 0) & (data[:, other] >= 0)
            assert found.n[one, other] == both.sum()
            expected = np.corrcoef(residual[both, one], residual[both, other])[0, 1]
            assert found.q3[one, other] == pytest.approx(expected, rel=1e-10)
            assert found.q3[other, one] == found.q3[one, other]


def test_under_the_model_no_pair_stands_out():
    items = bank(15)
    data = simulate_responses(np.random.default_rng(3).standard_normal(2000), items, seed=4)
    found = q3(data, items, eap(data, items).theta)
    assert found.pairs_above() == ()
    assert -0.12 < found.mean < -0.03


def test_items_that_hang_together_are_found_largest_first():
    items = bank(12)
    data = simulate_responses(np.random.default_rng(5).standard_normal(2000), items, seed=6)
    rng = np.random.default_rng(7)
    copied, often = rng.random(2000) < 0.4, rng.random(2000) < 0.7
    data[copied, 3] = np.minimum(data[copied, 0], 1)
    data[often, 9] = data[often, 6]
    pairs = q3(data, items, eap(data, items).theta).pairs_above()
    assert [(pair.first, pair.second) for pair in pairs] == [(6, 9), (0, 3)]
    assert pairs[0].excess > pairs[1].excess > 0.2


def test_what_does_not_exist_is_nan():
    items = lsat.items(6).select([0, 1, 2])
    data = [[1, 0, NOT_PRESENTED], [0, 1, NOT_PRESENTED], [1, 1, NOT_PRESENTED], [0, 1, 0]]
    found = q3(data, items, [0.0, 0.3, -0.4, np.nan])
    assert np.isfinite(found.q3[:2, :2]).all()
    assert np.isnan(found.q3[2]).all() and np.isnan(found.q3[:, 2]).all()
    assert found.n[2].tolist() == [0, 0, 0]
    assert found.mean == pytest.approx(found.q3[0, 1])
    nobody = q3([[NOT_PRESENTED] * 3], items, [0.0])
    assert np.isnan(nobody.mean) and nobody.pairs_above() == ()
    # All right at one ability: residuals that do not vary correlate with nothing.
    assert np.isnan(q3([[1, 1, 1]] * 4, items, [0.5] * 4).q3).all()


def test_chunks_change_nothing():
    items = bank(4)
    data = np.tile(simulate_responses(np.linspace(-2, 2, 1000), items, seed=1), (9, 1))
    theta = np.tile(np.linspace(-1.5, 1.5, 1000), 9)
    np.testing.assert_allclose(q3(data, items, theta).q3, q3(data[:1000], items, theta[:1000]).q3, atol=1e-12)
