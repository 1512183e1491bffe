"""Are observed curves what candidates did, and do pictures show them?"""

import numpy as np
import pytest

from scoring.irt import DEFAULT_GRID, ItemParameters, category_probabilities, eap, simulate_responses
from scoring.irt.report.item_curves import item_picture, observed_curves
from tests.scoring.irt.report import samples
from tests.scoring.irt.report.reading import Reading


def test_every_candidate_is_spread_over_the_posterior():
    items = ItemParameters.partial_credit([1.0, 1.5], [[0.0], [-0.5, 0.5]])
    codes = np.array([[1, 2], [0, 0], [1, -1], [0, 1]], dtype=np.int8)
    found = observed_curves(codes, items, prior_mean=[0.0, 0.0, 1.0, 0.0])
    expected = eap(codes, items, prior_mean=[0.0, 0.0, 1.0, 0.0])
    np.testing.assert_array_equal(found.theta, expected.theta)
    np.testing.assert_array_equal(found.se, expected.se)
    w = expected.posterior
    np.testing.assert_allclose(found.count, [w.sum(axis=0), w[[0, 1, 3]].sum(axis=0)], rtol=1e-12)
    right = (w[0] + w[2]) / w.sum(axis=0)
    np.testing.assert_allclose(found.share[0, :, 1], right, rtol=1e-12)
    assert found.share[0, :, 2].max() == 0
    np.testing.assert_allclose(found.share[1].sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(found.density, w.mean(axis=0), rtol=1e-12)


def test_chunks_change_nothing(monkeypatch):
    codes = samples.sample().responses[:, :8]
    whole = observed_curves(codes, samples.ITEMS)
    monkeypatch.setattr("scoring.irt.report.item_curves._CHUNK", 7)
    parts = observed_curves(codes, samples.ITEMS)
    np.testing.assert_allclose(parts.share, whole.share, rtol=1e-10)
    np.testing.assert_allclose(parts.theta, whole.theta, rtol=0, atol=1e-12)


def test_under_the_model_observed_curves_lie_on_the_expected_ones():
    theta = np.random.default_rng(1).standard_normal(8000)
    codes = simulate_responses(theta, samples.ITEMS, seed=2)
    found = observed_curves(codes, samples.ITEMS)
    expected = category_probabilities(DEFAULT_GRID.points, samples.ITEMS)
    many = np.abs(DEFAULT_GRID.points) <= 2
    apart = found.share[:, many] - expected.transpose(1, 0, 2)[:, many]
    assert np.abs(apart).max() < 0.05


def test_an_item_nobody_met_has_no_shares():
    codes = np.array([[1, -1]], dtype=np.int8)
    found = observed_curves(codes, ItemParameters.dichotomous(1.0, [0.0, 0.0]))
    assert np.isnan(found.share[1]).all()
    assert found.count[1].sum() == 0


@pytest.mark.parametrize(
    ("position", "n_curves", "labels"), [(0, 1, []), (3, 3, ["0", "1", "2"]), (4, 4, ["0", "1", "2", "3"])]
)
def test_right_or_wrong_has_one_line_and_categories_one_each(position, n_curves, labels):
    facts = samples.facts()
    reading = Reading(item_picture("s", "<A>", facts.parameters, position, facts.observed))
    curves = [a for a in reading.all("path") if a["class"].startswith("curve")]
    assert len(curves) == n_curves
    assert reading.texts[0] == "Item <A>"
    assert [t for t in reading.texts[-len(labels) :] if labels] == labels
    groups = [a["class"] for a in reading.all("g")]
    assert len(groups) == n_curves
    assert len(reading.all("circle")) % n_curves == 0
    assert len(reading.all("circle")) >= 8 * n_curves


def test_a_picture_without_candidates():
    assert Reading(item_picture("s", "x", samples.ITEMS, 0)).all("circle") == []
    nobody = observed_curves(np.full((3, 8), -1, dtype=np.int8), samples.ITEMS)
    assert Reading(item_picture("s", "x", samples.ITEMS, 0, nobody)).all("circle") == []
