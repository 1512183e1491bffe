"""Do the sums over items hold what each candidate's responses name, and nothing else?"""

import numpy as np
import pytest

from scoring.irt.ability.response_sums import CHUNK, chunks, sum_over_presented, sum_over_responses

N_CATEGORIES = np.array([2, 3, 2])


def table() -> np.ndarray:
    values = np.arange(2 * 3 * 3, dtype=np.float64).reshape(2, 3, 3) ** 2
    values[:, [0, 2], 2] = -np.inf
    return values


@pytest.mark.parametrize(
    "codes",
    [
        [[0, 2, 1], [1, 1, 0]],
        [[0, 2, 1], [-1, 1, -1], [-1, -1, -1], [1, -1, 0]],
    ],
)
def test_sums_are_those_of_a_plain_loop(codes):
    codes, values = np.array(codes, dtype=np.int8), table()
    expected = [
        [sum(row[item, code] for item, code in enumerate(candidate) if code >= 0) for candidate in codes]
        for row in values
    ]
    np.testing.assert_array_equal(sum_over_responses(codes, values, N_CATEGORIES), expected)


def test_sums_over_presented_items_are_one_column_where_everybody_met_all():
    values = np.array([[1.0, 10.0], [2.0, 20.0]])
    complete = np.array([[0, 1], [1, 0], [1, 1]], dtype=np.int8)
    assert sum_over_presented(complete, values).tolist() == [[11.0], [22.0]]
    some = np.array([[0, 1], [-1, 0], [-1, -1]], dtype=np.int8)
    assert sum_over_presented(some, values).tolist() == [[11.0, 10.0, 0.0], [22.0, 20.0, 0.0]]


def test_precision_is_that_of_the_table():
    codes = np.array([[0, 2, -1]], dtype=np.int8)
    assert sum_over_responses(codes, table().astype(np.float32), N_CATEGORIES).dtype == np.float32


def test_chunks_cover_every_candidate_once():
    parts = list(chunks(2 * CHUNK + 3))
    assert np.concatenate([np.arange(2 * CHUNK + 3)[part] for part in parts]).tolist() == list(
        range(2 * CHUNK + 3)
    )
    assert [part.stop - part.start for part in parts] == [CHUNK, CHUNK, 3]
    assert list(chunks(0)) == []
