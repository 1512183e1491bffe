"""Does selection find the items that tell most?"""

import numpy as np
import pytest

from scoring.irt import (
    DEFAULT_GRID,
    ItemParameters,
    item_information,
    normal_weights,
    posterior_information,
    rank_by_information,
)


def test_information_at_a_sharp_posterior_is_the_information_there():
    items = ItemParameters.dichotomous([1.0, 2.0], [0.0, 1.0])
    sharp = (DEFAULT_GRID.points == 1.0).astype(float)
    np.testing.assert_allclose(posterior_information(sharp, items), item_information([1.0], items)[0])


def test_information_for_several_candidates_at_once():
    items = ItemParameters.dichotomous([1.0, 2.0, 0.7], [0.0, 1.0, -1.0])
    posterior = normal_weights(DEFAULT_GRID, mean=[-1.0, 0.0], sd=0.4)
    both = posterior_information(posterior, items)
    assert both.shape == (2, 3)
    np.testing.assert_allclose(both[1], posterior_information(posterior[1], items), rtol=1e-14)


@pytest.mark.parametrize(("mean", "best"), [(-1.5, 0), (0.0, 1), (1.5, 2)])
def test_the_item_nearest_the_ability_comes_first(mean, best):
    items = ItemParameters.dichotomous(1.2, [-1.5, 0.0, 1.5])
    assert rank_by_information(normal_weights(DEFAULT_GRID, mean, 0.3), items)[0] == best


def test_equal_items_keep_their_order_and_forbidden_ones_are_left_out():
    items = ItemParameters.dichotomous([1.0, 1.0, 2.0, 1.0], 4 * [0.0])
    posterior = normal_weights(DEFAULT_GRID)
    assert rank_by_information(posterior, items).tolist() == [2, 0, 1, 3]
    allowed = [True, True, False, True]
    assert rank_by_information(posterior, items, allowed=allowed).tolist() == [0, 1, 3]
