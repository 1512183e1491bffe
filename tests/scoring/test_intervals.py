"""Are imputations combined by Rubin's rules?"""

import numpy as np
import pytest
from scipy import stats

from scoring.intervals import combine_imputations, t_quantile


@pytest.mark.parametrize("freedom", [10, 19, 57.5, 400])
def test_t_quantile_agrees_with_scipy(freedom):
    assert t_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=1e-4)


def test_t_quantile_of_very_few_degrees_and_of_infinitely_many():
    assert t_quantile(0.975, 3) == pytest.approx(stats.t.ppf(0.975, 3), abs=0.02)
    assert t_quantile(0.975, np.inf) == pytest.approx(1.959964, abs=1e-6)


def test_combination_by_hand():
    # Three estimates of variance 1: between 4/3, with sampling 2/3 the total is 2, two thirds missing.
    value, half_width = combine_imputations(np.array([4.0, 5.0, 6.0]), 2 / 3)
    assert value == 5.0
    assert half_width == pytest.approx(t_quantile(0.975, 2 / (2 / 3) ** 2) * np.sqrt(2))


def test_a_known_sample_size_lowers_the_degrees_of_freedom():
    estimates = np.array([4.0, 5.0, 6.0])
    _, half_width = combine_imputations(estimates, 2 / 3, sampling_freedom=9)
    freedom = 1 / (1 / 4.5 + 1 / (10 / 12 * 9 / 3))
    assert half_width == pytest.approx(t_quantile(0.975, freedom) * np.sqrt(2))


def test_identical_estimates_of_a_whole_population_have_no_width():
    assert combine_imputations(np.array([0.25, 0.25]), 0.0) == (0.25, 0.0)


def test_one_imputation_is_refused():
    with pytest.raises(ValueError, match="two imputations"):
        combine_imputations(np.array([1.0]), 0.1)
