"""Is the total of all other items what it is on a form without the item?"""

import numpy as np
import pytest

from scoring.irt import DEFAULT_GRID, ItemParameters, category_probabilities, score_distribution
from scoring.irt.quality.rest_score import rest_score_distributions

ITEMS = ItemParameters.partial_credit(
    [1.0, 0.8, 1.5, 1.2, 0.7], [[0.2], [-1.0, 0.5], [0.0], [-0.5, 0.1, 1.0], [1.1]]
)
POINTS = np.array([[0, 2, 0, 0], [0, 1, 2, 0], [0, 2, 0, 0], [0, 1, 2, 4], [0, 1, 0, 0]])


@pytest.mark.parametrize("n_items", [1, 2, 3, 5])
def test_each_item_left_out(n_items):
    form = ITEMS.select(np.arange(n_items))
    p = category_probabilities(DEFAULT_GRID.points, form)
    found = dict(rest_score_distributions(p, POINTS[:n_items], form.n_categories))
    assert sorted(found) == list(range(n_items))
    for item, distribution in found.items():
        others = np.delete(np.arange(n_items), item)
        expected = score_distribution(ITEMS.select(others), POINTS[others])
        np.testing.assert_allclose(distribution, expected, rtol=0, atol=1e-15)


def test_a_form_without_items_has_none_to_leave_out():
    assert list(rest_score_distributions(np.zeros((3, 0, 2)), np.zeros((0, 2), dtype=int), np.zeros(0))) == []
