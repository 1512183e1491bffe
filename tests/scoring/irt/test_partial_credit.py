"""Are the categories of an item scored in parts as likely as the model says?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.irt import ItemParameters, category_probabilities, expected_points, item_information
from scoring.irt.probabilities import category_log_probabilities

steps = st.lists(st.floats(-3, 3), min_size=1, max_size=4)
slopes = st.floats(0.2, 3.0)


def test_category_probabilities_by_hand():
    # Steps at -log 2 and log 3 and a = 1: weights at theta 0 are 1, 2 and 2 / 3.
    item = ItemParameters.partial_credit([1.0], [[-np.log(2.0), np.log(3.0)]])
    expected = np.array([1, 2, 2 / 3]) / (1 + 2 + 2 / 3)
    np.testing.assert_allclose(category_probabilities([0.0], item)[0, 0], expected, rtol=1e-14)


def test_neighbouring_categories_are_equally_likely_at_their_step():
    item = ItemParameters.partial_credit([1.7], [[-0.8, 0.1, 1.4]])
    for step, theta in enumerate([-0.8, 0.1, 1.4]):
        p = category_probabilities([theta], item)[0, 0]
        assert p[step] == pytest.approx(p[step + 1], rel=1e-12)


def test_padding_beyond_an_items_own_categories_has_no_probability():
    items = ItemParameters.partial_credit([1.0, 1.0], [[0.0], [-1.0, 1.0]])
    p = category_probabilities([-2.0, 0.0, 2.0], items)
    assert p.shape == (3, 2, 3)
    assert p[:, 0, 2].tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_allclose(p.sum(axis=2), 1.0, rtol=1e-14)


def test_log_probabilities_are_finite_far_out():
    items = ItemParameters.partial_credit([3.0], [[-1.0, 1.0]])
    assert np.isfinite(category_log_probabilities([-500.0, 500.0], items)).all()


def test_expected_points_by_hand():
    # At theta 0 the middle category is as likely as the others together: weights 1, 2, 1.
    item = ItemParameters.partial_credit([1.0], [[-np.log(2.0), np.log(2.0)]])
    assert expected_points([0.0], item, np.array([[0, 1, 2]]))[0, 0] == pytest.approx(1.0)
    assert expected_points([0.0], item, np.array([[0, 0, 2]]))[0, 0] == pytest.approx(0.5)


@given(a=slopes, difficulties=steps, theta=st.floats(-4, 4))
def test_information_is_minus_the_expected_curvature(a, difficulties, theta):
    item = ItemParameters.partial_credit([a], [difficulties])
    h = 1e-3
    before, here, after = category_log_probabilities([theta - h, theta, theta + h], item)[:, 0]
    curvature = (before - 2 * here + after) / h**2
    expected = -(np.exp(here) * curvature).sum()
    assert item_information([theta], item)[0, 0] == pytest.approx(expected, rel=1e-3, abs=1e-6)


@given(a=slopes, difficulties=steps)
def test_expected_category_rises_with_ability(a, difficulties):
    item = ItemParameters.partial_credit([a], [difficulties])
    theta = np.linspace(-4, 4, 33)
    categories = np.arange(item.max_categories)[None, :]
    assert (np.diff(expected_points(theta, item, categories)[:, 0]) > 0).all()


@given(a=slopes, difficulties=steps, theta=st.floats(-3, 3), shift=st.floats(-2, 2), scale=st.floats(0.5, 2))
def test_probabilities_do_not_depend_on_the_scale_chosen(a, difficulties, theta, shift, scale):
    moved = [shift + scale * step for step in difficulties]
    before = category_probabilities([theta], ItemParameters.partial_credit([a], [difficulties]))
    after = category_probabilities(
        [shift + scale * theta], ItemParameters.partial_credit([a / scale], [moved])
    )
    np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-12)
