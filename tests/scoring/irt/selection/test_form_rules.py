"""Are rules for forms written down as they were meant?"""

import numpy as np
import pytest

from scoring.irt.selection.form_rules import Bound, FormRules, content_bounds


def test_rules_are_rows_between_limits():
    rules = FormRules.of(
        4,
        length=(2, 3),
        bounds=[
            *content_bounds(["a", "b", "a", "c"], {"a": (1, 2), "c": (0, 1)}),
            Bound("minutes", [2.0, 3.5, 1.0, 4.0], high=8),
        ],
        enemies=[(3, 1), (0, 1, 2)],
    )
    assert rules.n_items == 4
    assert rules.names == (
        *("length", "content a", "content c", "minutes"),
        *("enemies [1, 3]", "enemies [0, 1, 2]"),
    )
    assert rules.matrix.toarray().tolist() == [
        [1, 1, 1, 1],
        [1, 0, 1, 0],
        [0, 0, 0, 1],
        [2, 3.5, 1, 4],
        [0, 1, 0, 1],
        [1, 1, 1, 0],
    ]
    assert rules.low.tolist() == [2, 1, 0, -np.inf, -np.inf, -np.inf]
    assert rules.high.tolist() == [3, 2, 1, 8, 1, 1]


def test_one_length_is_least_and_most():
    rules = FormRules.of(3, length=2)
    assert (rules.low.tolist(), rules.high.tolist()) == ([2], [2])
    assert FormRules.of(3, length=np.int64(2)).high.tolist() == [2]


def test_what_only_the_whole_bank_can_keep_is_still_a_rule():
    minutes = Bound("minutes", [0.1, 0.2, 0.3], low=0.6)  # whose sum in binary is a little more or less
    rules = FormRules.of(3, length=(3, 9), bounds=[*content_bounds("aab", {"a": (2, 5)}), minutes])
    assert rules.low.tolist() == [3, 2, 0.6]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"length": (3, 2)}, r"length: from 3 to 2 holds nothing; swap or widen them"),
        ({"bounds": [Bound("minutes", [1.0, 2.0])]}, r"minutes: give one finite amount for each of the 3"),
        ({"bounds": [Bound("minutes", [1.0, np.nan, 2.0])]}, r"minutes: give one finite amount for each"),
        ({"length": 4}, "length: at least 4 cannot be, the whole bank has 3; lower it"),
        ({"length": np.int64(4)}, "length: at least 4 cannot be"),
        ({"length": -1}, "length: at most -1 cannot be, the least possible is 0; raise it"),
        ({"length": 2.5}, "length: 2.5 is not a whole number of items"),
        (
            {"bounds": content_bounds("aab", {"a": (3, 4)})},
            "content a: at least 3 cannot be, the whole bank has 2",
        ),
        ({"bounds": [Bound("balance", [-1, -1, 2], high=-3)]}, "balance: at most -3 cannot be, .* is -2"),
        ({"enemies": [(0, 3)]}, r"enemies \[0, 3\]: the bank has items 0 to 2 only"),
    ],
)
def test_rules_that_cannot_be_are_named(changes, message):
    with pytest.raises(ValueError, match=message):
        FormRules.of(3, **{"length": 2, **changes})


def test_a_content_that_no_item_has_is_named():
    with pytest.raises(ValueError, match="content z: no item of the bank has it; there are a, b"):
        content_bounds(["b", "a", "b"], {"a": (0, 1), "z": (1, 2)})
    with pytest.raises(ValueError, match="strand 3: no item of the bank has it; there are 1, 2"):
        content_bounds(np.array([1, 2]), {3: (0, 2)}, kind="strand")
