"""Are impossible responses refused by place, and do missing ones count as stated?"""

import numpy as np
import pytest

from scoring.irt import NOT_PRESENTED, NOT_REACHED, OMITTED, MissingRule
from scoring.irt.responses import resolve_missing

CODES = [[1, NOT_PRESENTED, OMITTED, NOT_REACHED], [OMITTED, 2, 0, NOT_REACHED]]


@pytest.mark.parametrize(
    ("omitted", "not_reached", "expected"),
    [
        (None, None, [[1, -1, 0, -1], [0, 2, 0, -1]]),
        (MissingRule.NOT_PRESENTED, None, [[1, -1, -1, -1], [-1, 2, 0, -1]]),
        (None, MissingRule.CATEGORY_ZERO, [[1, -1, 0, 0], [0, 2, 0, 0]]),
        (MissingRule.NOT_PRESENTED, "category_zero", [[1, -1, -1, 0], [-1, 2, 0, 0]]),
    ],
)
def test_each_missing_response_counts_as_its_rule_says(omitted, not_reached, expected):
    rules = {"omitted": omitted, "not_reached": not_reached}
    resolved = resolve_missing(CODES, None, **{name: rule for name, rule in rules.items() if rule})
    assert resolved.tolist() == expected
    assert resolved.dtype == np.int8


def test_what_is_given_stays_as_it_is():
    given = np.array(CODES, dtype=np.int8)
    resolve_missing(given, None)[:] = 5
    assert given.tolist() == CODES


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int64])
def test_whole_numbers_of_any_kind_will_do(dtype):
    resolved = resolve_missing(np.array([[0, 1, 126]], dtype=dtype), None)
    assert resolved.tolist() == [[0, 1, 126]]


def test_one_candidate_may_be_a_plain_row():
    assert resolve_missing([0, 1, OMITTED], None).tolist() == [[0, 1, 0]]


def test_no_candidates_are_no_problem():
    assert resolve_missing(np.zeros((0, 3), dtype=np.int8), np.array([2, 2, 2])).shape == (0, 3)


@pytest.mark.parametrize(
    ("responses", "n_categories", "message"),
    [
        ([[0, 1], [1, 2]], [2, 2], "candidate 1, item 1: no category 2"),
        ([[0, 3], [4, 2]], [3, 3], "candidate 0, item 1: no category 3"),
        ([[0, 1], [-4, 0]], [2, 2], "candidate 1, item 0: no category -4"),
        ([[0, 1], [-4, 0]], None, "candidate 1, item 0: no category -4"),
        ([[0, 127]], None, "candidate 0, item 1: no category 127"),
        # 300 would be 44 as an int8.
        ([[0, 300]], None, "candidate 0, item 1: no category 300"),
        ([[0, 1, 1]], [2, 2], r"responses have shape \(1, 3\), expected \(N, 2\)"),
        ([[[0, 1], [1, 1]]], [2, 2], r"responses have shape \(1, 2, 2\), expected \(N, 2\)"),
        (
            [[0.0, 1.0]],
            [2, 2],
            "responses must be whole numbers, not float64; put -1 where nothing was presented",
        ),
        (
            [["1", "0"]],
            [2, 2],
            "responses must be whole numbers, not <U1; put -1 where nothing was presented",
        ),
    ],
)
def test_impossible_responses_are_refused_by_place(responses, n_categories, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        resolve_missing(responses, None if n_categories is None else np.array(n_categories))


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="'wrong' is not a valid MissingRule"):
        resolve_missing(CODES, None, omitted="wrong")


def test_true_and_false_are_right_and_wrong():
    assert resolve_missing(np.array([[True, False]]), None).tolist() == [[1, 0]]
