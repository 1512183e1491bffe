"""Do item parameters refuse what cannot be, and keep their shape when selected?"""

import numpy as np
import pytest

from scoring.irt import ItemParameters


def mixed() -> ItemParameters:
    return ItemParameters.partial_credit([1.0, 2.0, 0.5], [[0.3], [-1.0, 0.0, 2.5], [0.5, 1.5]])


def test_partial_credit_splits_steps_into_location_and_distances():
    items = mixed()
    assert items.b.tolist() == [0.3, 0.5, 1.0]
    assert items.n_categories.tolist() == [2, 4, 3]
    assert items.max_categories == 4
    np.testing.assert_array_equal(items.steps, [[0, np.nan, np.nan], [-1.5, -0.5, 2.0], [-0.5, 0.5, np.nan]])


def test_select_keeps_order_asked_for_and_width():
    chosen = mixed().select([2, 0])
    assert chosen.a.tolist() == [0.5, 1.0]
    assert chosen.n_categories.tolist() == [3, 2]
    assert chosen.steps.shape == (2, 3)


def test_select_takes_a_mask_and_may_be_empty():
    assert mixed().select(np.array([False, True, False])).b.tolist() == [0.5]
    assert mixed().select(np.array([], dtype=np.int64)).n_items == 0


def test_dichotomous_spreads_scalars_over_items():
    items = ItemParameters.dichotomous(1.2, [0.0, 1.0], 0.2)
    assert items.a.tolist() == [1.2, 1.2]
    assert items.c.tolist() == [0.2, 0.2]
    assert items.steps.tolist() == [[0.0], [0.0]]


def test_arrays_are_copies_nobody_can_write_to():
    b = np.array([0.0, 1.0])
    items = ItemParameters.dichotomous(1.0, b)
    b[0] = 9.0
    assert items.b.tolist() == [0.0, 1.0]
    with pytest.raises(ValueError, match="read-only"):
        items.b[0] = 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"a": [1.0, 0.0]}, "item 1: a must be positive"),
        ({"b": [np.nan, 0.0]}, "item 0: b must be finite"),
        ({"c": [0.0, 1.0]}, "item 1: c must lie in"),
        ({"c": [0.1, 0.0]}, "item 0: only a dichotomous item"),
        ({"n_categories": [4, 2]}, "item 0: n_categories"),
        ({"steps": [[-1.0, 0.5], [0.0, np.nan]]}, "item 0: steps of an item must sum to zero"),
        ({"steps": [[-1.0, 1.0], [0.0, 0.0]]}, "item 1: needs its own steps"),
        ({"steps": [[-1.0, np.nan], [0.0, np.nan]]}, "item 0: needs its own steps"),
        ({"b": [0.0]}, "one value per item"),
        ({"steps": [0.0, 0.0]}, "steps has shape"),
    ],
)
def test_impossible_parameters_are_named(change, message):
    good = {
        "a": [1.0, 1.0],
        "b": [0.0, 0.0],
        "steps": [[-1.0, 1.0], [0.0, np.nan]],
        "c": [0.0, 0.2],
        "n_categories": [3, 2],
    }
    ItemParameters(**good)
    with pytest.raises(ValueError, match=message):
        ItemParameters(**(good | change))


def test_trimmed_items_have_room_for_their_own_steps_only():
    items = ItemParameters.partial_credit([1.0, 1.0, 1.0], [[0.0], [0.0, 1.0], [0.0, 1.0, 2.0]])
    assert items.select([0, 1]).steps.shape == (2, 3)
    trimmed = items.select([0, 1]).trimmed()
    assert trimmed.steps.shape == (2, 2)
    assert trimmed.steps[1].tolist() == [-0.5, 0.5]
