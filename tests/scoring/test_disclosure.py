"""Can a hidden count be worked out from what is published? A reader who tries every table says no."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.disclosure import Suppression, suppress

THRESHOLD = 3


def extended(table: np.ndarray) -> np.ndarray:
    rows = np.concatenate((table, table.sum(axis=1, keepdims=True)), axis=1)
    return np.concatenate((rows, rows.sum(axis=0, keepdims=True)), axis=0)


def whole_mask(result: Suppression) -> np.ndarray:
    return np.block(
        [[result.cells, result.row_totals[:, None]], [result.column_totals, np.array([[result.total]])]]
    )


def derivable(table: np.ndarray, mask: np.ndarray, highest: int) -> np.ndarray:
    """Hidden cells with the same value in every table that agrees with everything published."""
    shape = table.shape
    free = np.flatnonzero(mask[:-1, :-1])
    values = np.array(list(product(range(highest + 1), repeat=free.size)), dtype=np.int64)
    candidates = np.repeat(table.reshape(1, -1), len(values), axis=0)
    candidates[:, free] = values
    candidates = candidates.reshape(-1, *shape)
    rows = np.concatenate((candidates, candidates.sum(axis=2, keepdims=True)), axis=2)
    full = np.concatenate((rows, rows.sum(axis=1, keepdims=True)), axis=1)
    agrees = (full == extended(table))[:, ~mask].all(axis=1)
    possible = full[agrees]
    return mask & (possible.min(axis=0) == possible.max(axis=0))


def test_nothing_small_hides_nothing():
    result = suppress([[10, 20], [30, 40]])
    assert not whole_mask(result).any()


def test_one_small_cell_takes_the_cheapest_rectangle_with_it():
    table = np.array([[4, 50, 60], [70, 20, 90], [80, 30, 40]])
    result = suppress(table)
    # Besides the 4: 50 + 70 + 20 people, fewer than in any other rectangle through it.
    assert np.argwhere(result.cells).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert not result.row_totals.any() and not result.column_totals.any() and not result.total


def test_two_small_cells_can_protect_each_other():
    result = suppress([[4, 3, 60], [5, 6, 80], [90, 50, 40]])
    assert np.argwhere(result.cells).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_hiding_only_the_small_cell_would_not_be_enough():
    table = np.array([[1, 5], [6, 7]])
    naive = extended(table) < THRESHOLD
    assert derivable(table, naive, 8)[0, 0]
    assert not derivable(table, whole_mask(suppress(table, threshold=THRESHOLD)), 8).any()


def test_a_zero_cannot_protect_a_zero():
    """Two hidden zeros in a row with a published total would be no secret: their sum is 0."""
    table = np.array([[0, 0, 5], [4, 5, 6], [7, 8, 9]])
    mask = whole_mask(suppress(table, threshold=THRESHOLD))
    assert mask[0].sum() > 2


def test_a_small_total_is_hidden_too():
    result = suppress([[2, 3], [40, 50], [60, 70]])
    assert result.row_totals.tolist()[0]
    assert not result.total


def test_one_column_of_counts_hides_a_second_row():
    result = suppress([[4], [30], [20]])
    assert result.cells.ravel().tolist() == [True, False, True]
    assert result.row_totals.tolist() == [True, False, True]
    assert not result.total


def test_a_threshold_of_zero_hides_nothing():
    assert not whole_mask(suppress([[0, 1], [2, 3]], threshold=0)).any()


@pytest.mark.parametrize("table", [[1, 2, 3], [[1.0, 2.0]], [[-1, 2]]])
def test_only_tables_of_counts_are_taken(table):
    with pytest.raises(ValueError, match="table of counts"):
        suppress(table)


def test_every_two_by_two_table_up_to_four():
    for cells in product(range(5), repeat=4):
        table = np.array(cells).reshape(2, 2)
        mask = whole_mask(suppress(table, threshold=THRESHOLD))
        assert mask[extended(table) < THRESHOLD].all(), table
        assert not derivable(table, mask, 5).any(), table


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([(2, 3), (3, 2), (1, 4), (4, 1), (3, 3), (1, 1)]).flatmap(
        lambda shape: arrays.arrays(np.int64, shape, elements=st.integers(0, 5))
    )
)
def test_no_hidden_cell_of_a_small_table_can_be_derived(table):
    mask = whole_mask(suppress(table, threshold=THRESHOLD))
    assert mask[extended(table) < THRESHOLD].all()
    # A second value next to the true one is all a hidden cell needs, so many cells are searched around it.
    if mask[:-1, :-1].sum() > 4:
        assert not derivable_nearby(table, mask).any()
    else:
        assert not derivable(table, mask, 6).any()


def derivable_nearby(table: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """As `derivable`, among tables whose hidden cells differ from the truth by one at most."""
    free = np.argwhere(mask[:-1, :-1])
    moves = np.array(list(product((-1, 0, 1), repeat=len(free))), dtype=np.int64)
    cells = table[tuple(free.T)] + moves
    moves, cells = moves[(cells >= 0).all(axis=1)], cells[(cells >= 0).all(axis=1)]
    change = np.zeros((len(moves), *table.shape), dtype=np.int64)
    change[:, free[:, 0], free[:, 1]] = moves
    rows = np.concatenate((change, change.sum(axis=2, keepdims=True)), axis=2)
    full = np.concatenate((rows, rows.sum(axis=1, keepdims=True)), axis=1)
    possible = full[(full == 0)[:, ~mask].all(axis=1)]
    return mask & (possible == 0).all(axis=0)


@given(arrays.arrays(np.int64, (3, 4), elements=st.integers(0, 40)))
def test_the_same_table_is_always_hidden_the_same_way(table):
    np.testing.assert_array_equal(whole_mask(suppress(table)), whole_mask(suppress(table.copy())))
