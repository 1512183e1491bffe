"""Is the logistic curve the textbook's, and its information the curve's own?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.irt import ItemParameters, category_probabilities, item_information
from scoring.irt.logistic import information, log_logistic, probability


def test_probability_by_hand():
    # a (theta - b) = log 3 gives odds of 3 to 1; with c = 0.2 it is 0.2 + 0.8 * 0.75.
    assert probability([np.log(3.0)], [1.0], [0.0])[0, 0] == pytest.approx(0.75)
    assert probability([np.log(3.0)], [1.0], [0.0], [0.2])[0, 0] == pytest.approx(0.8)
    assert probability([1.0 + np.log(3.0) / 2], [2.0], [1.0])[0, 0] == pytest.approx(0.75)


def test_probability_is_one_row_per_theta_and_one_column_per_item():
    assert probability([-1.0, 0.0, 1.0], [1.0, 2.0], [0.0, 0.5]).shape == (3, 2)


def test_information_by_hand():
    # Two parameters: a^2 P Q = 4 * 0.25. Three: a^2 (Q / P) ((P - c) / (1 - c))^2 with P = 0.6, c = 0.2.
    assert information([0.0], [2.0], [0.0])[0, 0] == pytest.approx(1.0)
    assert information([0.0], [1.0], [0.0], [0.2])[0, 0] == pytest.approx(0.4 / 0.6 * 0.25)


def test_log_logistic_is_finite_where_the_logistic_underflows():
    assert log_logistic(np.array([-2000.0, 2000.0])).tolist() == [-2000.0, 0.0]


@given(
    a=st.floats(0.2, 3.0),
    b=st.floats(-3.0, 3.0),
    c=st.floats(0.0, 0.4),
    theta=st.floats(-4.0, 4.0),
)
def test_information_is_squared_slope_over_variance(a, b, c, theta):
    step = 1e-4
    low, middle, high = probability([theta - step, theta, theta + step], [a], [b], [c])[:, 0]
    slope = (high - low) / (2 * step)
    expected = slope**2 / (middle * (1 - middle))
    assert information([theta], [a], [b], [c])[0, 0] == pytest.approx(expected, rel=1e-4, abs=1e-9)


def test_partial_credit_with_two_categories_is_the_logistic_model():
    theta = np.linspace(-4, 4, 9)
    a, b, c = [0.7, 1.3, 2.0], [-1.0, 0.2, 1.5], [0.0, 0.15, 0.3]
    items = ItemParameters.dichotomous(a, b, c)
    expected = probability(theta, a, b, c)
    np.testing.assert_allclose(category_probabilities(theta, items)[:, :, 1], expected, rtol=1e-12)
    np.testing.assert_allclose(item_information(theta, items), information(theta, a, b, c), rtol=1e-9)
