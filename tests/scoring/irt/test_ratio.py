"""Is a share of nothing no number rather than a warning?"""

import numpy as np

from scoring.irt.ratio import ratio


def test_nothing_to_divide_by_gives_nan():
    result = ratio(np.array([1.0, 1.0, 1.0, np.nan]), np.array([4.0, 0.0, -1.0, 2.0]))
    np.testing.assert_array_equal(result, [0.25, np.nan, np.nan, np.nan])


def test_both_sides_are_broadcast():
    result = ratio(np.array([[1.0], [2.0]]), np.array([2.0, 0.0]))
    np.testing.assert_array_equal(result, [[0.5, np.nan], [1.0, np.nan]])
