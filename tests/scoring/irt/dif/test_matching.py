"""Are candidates compared with those of the other group who stand where they stand?"""

import numpy as np
import pytest

from scoring.irt import MissingRule
from scoring.irt.dif.matching import Matching, compare, item_mask, matching_items

RESPONSES = np.array(
    [
        [0, 1, 2],
        [1, 0, 2],
        [1, 1, 1],
        [1, -1, 2],
        [1, -2, 2],
        [1, -3, 2],
    ]
)
GROUPS = ["north", "south", "south", "north", "east", "north"]


def test_groups_are_chosen_by_label_and_the_rest_left_out():
    comparison = compare(RESPONSES, GROUPS, focal="south", reference="north")
    assert comparison.is_focal.tolist() == [False, True, True, False, False]
    assert comparison.responses[3].tolist() == [1, -1, 2]
    everybody = compare(RESPONSES, GROUPS, focal="south")
    assert everybody.is_focal.tolist() == [False, True, True, False, False, False]


def test_what_is_missing_is_worth_nothing_and_speaks_by_rule():
    comparison = compare(RESPONSES, GROUPS, focal="south")
    assert comparison.points.tolist() == [[0, 1, 2], [1, 0, 2], [1, 1, 1], [1, 0, 2], [1, 0, 2], [1, 0, 2]]
    assert comparison.responses[:, 1].tolist() == [1, 0, 1, -1, 0, -1]
    assert comparison.presented[:, 1].tolist() == [True, True, True, False, True, True]
    swapped = compare(
        RESPONSES,
        GROUPS,
        focal="south",
        omitted=MissingRule.NOT_PRESENTED,
        not_reached=MissingRule.CATEGORY_ZERO,
    )
    assert swapped.responses[:, 1].tolist() == [1, 0, 1, -1, -1, 0]
    assert swapped.points.tolist() == comparison.points.tolist()


def test_strata_are_totals_within_booklets():
    comparison = compare(RESPONSES, GROUPS, focal="south")
    every = Matching.on(comparison, np.ones(3, dtype=bool))
    # All have 3 points, but one was not given item 1.
    strata = every.strata(0)
    assert len(set(strata[[0, 1, 2, 4, 5]].tolist())) == 1
    assert strata[3] != strata[0]
    # Matched on the first item alone, the studied item counts too, and everybody met the first.
    strata = Matching.on(comparison, np.array([True, False, False])).strata(2)
    assert strata[1] == strata[3] == strata[4] == strata[5]
    assert len(set(strata[:3].tolist())) == 2  # totals 2, 3 and 2


def test_points_of_categories_count_in_totals():
    comparison = compare(RESPONSES, GROUPS, focal="south", category_points=[[0, 2, 0], [0, 2, 0], [0, 1, 4]])
    assert comparison.points[:3].tolist() == [[0, 2, 4], [2, 0, 4], [2, 2, 1]]
    total = Matching.on(comparison, np.ones(3, dtype=bool)).total
    assert total[:3].tolist() == [6, 6, 5]


def test_a_given_value_replaces_the_total():
    value = [0.5, -1.0, 0.5, 0.5, 2.0, -1.0]
    comparison = compare(RESPONSES, GROUPS, focal="south", matching=value)
    matching = Matching.on(comparison, np.ones(3, dtype=bool))
    assert matching.strata(0).tolist() == [1, 0, 1, 1, 2, 0]
    assert matching.continuous(0).tolist() == value


def test_totals_of_different_booklets_are_no_number_to_regress_on():
    comparison = compare(RESPONSES, GROUPS, focal="south")
    matching = Matching.on(comparison, np.ones(3, dtype=bool))
    with pytest.raises(ValueError, match="item 0: candidates met different matching items"):
        matching.continuous(0)
    # Whoever met item 1 met the same items.
    assert matching.continuous(1).tolist() == [3, 3, 3, 3, 3, 3]


def test_items_by_position_or_mask():
    assert item_mask(None, 3).tolist() == [True, True, True]
    assert item_mask([2, 0], 3).tolist() == [True, False, True]
    assert item_mask(np.array([False, True, False]), 3).tolist() == [False, True, False]
    assert item_mask([], 3).tolist() == [False, False, False]
    for wrong in ([3], np.array([True]), [0.5]):
        with pytest.raises(ValueError, match="items must be positions from 0 to 2, or a mask of 3"):
            item_mask(wrong, 3)
    with pytest.raises(ValueError, match="no item is left to match candidates on"):
        matching_items([], 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"groups": GROUPS[:3]}, r"groups have shape \(3,\), expected \(6,\)"),
        ({"focal": "west"}, "no candidate of the focal group 'west'; the labels are east, north, south"),
        ({"focal": 5}, "no candidate of the focal group 5"),
        ({"reference": "west"}, "no candidate of the reference group 'west'"),
        ({"reference": "south"}, "'south' cannot be both"),
        ({"groups": ["south"] * 6}, "no candidate of the reference group None"),
        ({"responses": RESPONSES - 2}, "candidate 4, item 1: no category -4"),
        ({"category_points": [[0, 1], [0, 1], [0, 1]]}, "item 2: more categories occur than have points"),
        ({"category_points": [[0, 1, 2]]}, "whole numbers for each of 3 items"),
        ({"category_points": np.full((3, 3), 0.5)}, "whole numbers for each of 3 items"),
        ({"matching": [1.0, 2.0]}, "matching must be 6 finite numbers"),
        ({"matching": [1.0] * 5 + [np.nan]}, "matching must be 6 finite numbers"),
    ],
)
def test_what_cannot_be_compared_is_named(change, message):
    arguments = {"responses": RESPONSES, "groups": GROUPS, "focal": "south"} | change
    responses, groups = arguments.pop("responses"), arguments.pop("groups")
    with pytest.raises(ValueError, match=message):
        compare(responses, groups, **arguments)
