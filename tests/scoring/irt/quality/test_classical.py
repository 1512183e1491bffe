"""Are classical statistics those of the textbook, with and without missing responses?"""

import json
from pathlib import Path

import numpy as np
import pytest

from scoring.irt import classical_statistics, simulate_responses
from tests.scoring.mathematics import mathematics

LSAT6 = json.loads((Path(__file__).parents[4] / "fixtures" / "irt" / "lsat6_2pl.json").read_text())


def lsat_data() -> np.ndarray:
    rows = LSAT6["patterns"]
    return np.repeat([row["responses"] for row in rows], [row["frequency"] for row in rows], axis=0)


def test_facilities_of_lsat_6():
    assert classical_statistics(lsat_data(), np.ones(5)).facility == pytest.approx(
        [0.924, 0.709, 0.553, 0.763, 0.870]
    )


def test_item_rest_correlations_and_alpha_of_lsat_6_from_their_definitions():
    data = lsat_data()
    result = classical_statistics(data, np.ones(5))
    rest = [np.corrcoef(data[:, j], data.sum(axis=1) - data[:, j])[0, 1] for j in range(5)]
    np.testing.assert_allclose(result.item_rest, rest, rtol=1e-12)
    alpha = 5 / 4 * (1 - data.var(axis=0, ddof=1).sum() / data.sum(axis=1).var(ddof=1))
    assert result.alpha == pytest.approx(alpha, rel=1e-12)
    assert round(result.alpha, 3) == 0.295


def test_alpha_without_each_item_and_the_standard_error_of_lsat_6_from_their_definitions():
    data = lsat_data()
    result = classical_statistics(data, np.ones(5))
    for item in range(5):
        others = classical_statistics(np.delete(data, item, axis=1), np.ones(4))
        assert result.alpha_without[item] == pytest.approx(others.alpha, rel=1e-12)
    spread = data.sum(axis=1).std(ddof=1)
    assert result.standard_error == pytest.approx(spread * np.sqrt(1 - result.alpha), rel=1e-12)


def test_half_points_by_hand():
    # Four candidates, an item of 2 half-points and one of 4.
    result = classical_statistics([[0, 0], [1, 2], [1, 4], [2, 4]], [2, 4])
    assert result.facility.tolist() == [0.5, 0.625]
    # Deviations -1, 0, 0, 1 and -2.5, -0.5, 1.5, 1.5: covariance sum 4, squares 2 and 11.
    assert result.item_rest == pytest.approx([4 / np.sqrt(22)] * 2)
    assert result.alpha == pytest.approx(2 * (1 - (2 + 11) / (2 + 11 + 8)))


def test_missing_responses_are_left_out_of_facility_and_rest():
    data = [[1, 1, np.nan], [0, 1, 0], [1, np.nan, 1], [0, 0, np.nan]]
    result = classical_statistics(data, [1, 1, 1])
    assert result.n.tolist() == [4, 3, 2]
    assert result.facility.tolist() == pytest.approx([1 / 2, 2 / 3, 1 / 2])
    # Rest shares for item 0: 1, 1/2, 1, 0.
    assert result.item_rest[0] == pytest.approx(np.corrcoef([1, 0, 1, 0], [1, 0.5, 1, 0])[0, 1])


def test_missing_at_random_leaves_alpha_where_it_was():
    items = mathematics()
    codes = simulate_responses(np.random.default_rng(4).standard_normal(6000), items.parameters, seed=5)
    points = items.category_half_points[np.arange(20), codes].astype(float)
    whole = classical_statistics(points, np.full(20, 2)).alpha
    points[np.random.default_rng(6).random(points.shape) < 0.3] = np.nan
    assert classical_statistics(points, np.full(20, 2)).alpha == pytest.approx(whole, abs=0.02)


def test_what_does_not_exist_is_nan():
    result = classical_statistics([[1, 0, np.nan], [1, 1, np.nan]], [1, 1, 1])
    assert result.facility[:2].tolist() == [1.0, 0.5]
    assert np.isnan(result.facility[2])
    assert np.isnan(result.item_rest).all()
    assert np.isnan(result.alpha) and np.isnan(result.standard_error)
    assert np.isnan(result.alpha_without).all()


def test_alpha_of_what_is_left_does_not_exist_where_nothing_varies():
    result = classical_statistics([[1, 0.1, 1], [0, 0.1, 1], [1, 0.1, 1]], [1, 1, 1])
    assert np.isnan(result.alpha_without).tolist() == [True, False, False]
    assert np.isnan(classical_statistics([[1, 0], [0, 1], [1, 1]], [1, 1]).alpha_without).all()


def test_maxima_must_be_positive_and_one_per_item():
    with pytest.raises(ValueError, match="positive maxima"):
        classical_statistics([[1, 0]], [1, 0])
    with pytest.raises(ValueError, match="positive maxima"):
        classical_statistics([[1, 0]], [1])
