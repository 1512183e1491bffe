"""Do the figures about sessions say what happened in them?"""

import numpy as np
import pytest

from scoring.irt.selection.adaptive_sessions import AdaptiveSessions


def sessions(items, *, true_theta=None, final_theta=None, n_bank=5) -> AdaptiveSessions:
    n = len(items)
    given = np.array(items, dtype=np.int64).reshape(n, -1 if n else 0)
    steps = np.where(given >= 0, 0.5, np.nan)
    return AdaptiveSessions(
        true_theta=np.zeros(n) if true_theta is None else np.array(true_theta),
        items=given,
        responses=np.where(given >= 0, 1, -1).astype(np.int8),
        theta=steps,
        se=steps,
        final_theta=np.zeros(n) if final_theta is None else np.array(final_theta),
        final_se=np.full(n, 0.5),
        stopped_by=np.full(n, "length"),
        n_bank=n_bank,
        exposure_state=None,
    )


def test_lengths_and_use_of_the_bank_by_hand():
    three = sessions([[0, 1, 2], [1, 0, -1], [1, 3, -1]])
    assert three.n_candidates == 3
    assert three.n_items.tolist() == [3, 2, 2]
    assert three.mean_length == pytest.approx(7 / 3)
    np.testing.assert_allclose(three.exposure, [2 / 3, 1, 1 / 3, 1 / 3, 0])
    assert three.never_used == pytest.approx(1 / 5)


def test_overlap_by_hand():
    # The pairs share 2, 1 and 1 items, 4/3 on average; the mean length is 7/3.
    assert sessions([[0, 1, 2], [1, 0, -1], [1, 3, -1]]).overlap == pytest.approx(4 / 7)
    assert sessions([[0, 1], [0, 1]]).overlap == 1.0
    assert sessions([[0, 1], [2, 3]]).overlap == 0.0


def test_errors_by_hand():
    two = sessions([[0], [1]], true_theta=[1.0, -1.0], final_theta=[1.3, -0.9])
    assert two.rmse == pytest.approx(np.sqrt((0.09 + 0.01) / 2))
    assert two.bias == pytest.approx(0.2)


def test_figures_that_do_not_exist():
    nobody = sessions([])
    assert np.isnan([nobody.rmse, nobody.bias, nobody.mean_length, nobody.overlap]).all()
    assert np.isnan(nobody.exposure).all() and nobody.never_used == 1.0
    assert np.isnan(sessions([[0, 1]]).overlap)
    no_items = sessions([[-1], [-1]])
    assert np.isnan(no_items.overlap) and no_items.mean_length == 0.0
    assert no_items.exposure.tolist() == [0.0] * 5
