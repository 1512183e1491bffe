"""Do half-point tables become the right categories?"""

import numpy as np
import pytest

from scoring.categories import category_half_points, distinct_half_points, to_categories


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ([0, 2], (0, 2)),
        ([0, 0, 1, 2], (0, 1, 2)),
        ([0, 1, 2], (0, 1, 2)),
        ([0, 0, 0, 1, 2], (0, 1, 2)),
        ([0, 0, 0, 0, 2], (0, 2)),
    ],
)
def test_categories_are_the_distinct_half_point_values(table, values):
    assert distinct_half_points(table) == values


@pytest.mark.parametrize("table", [[], [0], [0, 0], [1, 2], [0, 2, 1]])
def test_impossible_tables_are_refused(table):
    with pytest.raises(ValueError, match="must start at 0"):
        distinct_half_points(table)


def test_table_of_categories_is_padded_with_zeros():
    assert category_half_points([[0, 2], [0, 0, 1, 2]]).tolist() == [[0, 2, 0], [0, 1, 2]]


def test_half_points_become_categories_and_missing_codes_stay():
    categories = category_half_points([[0, 2], [0, 0, 1, 2], [0, 0, 0, 2]])
    codes = to_categories([[2, 2, 0], [0, 1, -2], [-3, -1, 2]], categories)
    assert codes.dtype == np.int8
    assert codes.tolist() == [[1, 2, 0], [0, 1, -2], [-3, -1, 1]]


def test_half_points_an_item_cannot_bring_are_named():
    categories = category_half_points([[0, 2], [0, 1, 2]])
    with pytest.raises(ValueError, match="row 1, item 0: it cannot bring 1 half-points"):
        to_categories([[2, 1], [1, 1]], categories)
