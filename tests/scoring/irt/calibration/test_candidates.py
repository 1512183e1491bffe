"""Are candidates read as they were given, and refused by place where they cannot be?"""

import numpy as np
import pytest

from scoring.irt import NOT_REACHED, OMITTED, MissingRule
from scoring.irt.calibration.candidates import Candidates, check_groups, read_candidates

CODES = [[1, 0, OMITTED], [0, 1, NOT_REACHED], [1, 1, 0], [0, 0, 1]]


def read(responses=CODES, *, groups=None, covariates=None, weights=None, **rules) -> Candidates:
    rules = {"omitted": MissingRule.CATEGORY_ZERO, "not_reached": MissingRule.NOT_PRESENTED} | rules
    return read_candidates(responses, groups, covariates, weights, **rules)


def test_nothing_but_responses():
    candidates = read()
    assert candidates.codes.tolist() == [[1, 0, 0], [0, 1, -1], [1, 1, 0], [0, 0, 1]]
    assert candidates.weights is None
    assert candidates.labels == ("",) and candidates.group.tolist() == [0, 0, 0, 0]
    assert candidates.covariates.shape == (4, 0)


def test_missing_responses_count_as_stated():
    codes = read(omitted=MissingRule.NOT_PRESENTED, not_reached=MissingRule.CATEGORY_ZERO).codes
    assert codes.tolist() == [[1, 0, -1], [0, 1, 0], [1, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("groups", "labels", "group"),
    [
        (["b", "a", "b", "c"], ("a", "b", "c"), [1, 0, 1, 2]),
        ([7, -2, 7, 7], (-2, 7), [1, 0, 1, 1]),
        ([True, False, False, True], (False, True), [1, 0, 0, 1]),
    ],
)
def test_groups_are_sorted_by_their_labels(groups, labels, group):
    candidates = read(groups=groups)
    assert candidates.labels == labels
    assert candidates.group.tolist() == group


def test_weights_and_covariates_are_numbers():
    candidates = read(weights=[1, 2, 3, 4], covariates=[0, 1, 2, 4])
    assert candidates.weights.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert candidates.covariates.tolist() == [[0.0], [1.0], [2.0], [4.0]]


DEPENDENT = "covariates: one of them follows from the others or never varies; leave it out"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"responses": [[0.0, 1.0]]},
            "responses must be whole numbers, not float64; put -1 where nothing was presented",
        ),
        ({"responses": [[0, 1], [0, -4]]}, "candidate 1, item 1: no category -4"),
        ({"weights": np.ones(3)}, r"weights have shape \(3,\), expected \(4,\)"),
        ({"weights": [1, 1, -1, 1]}, "candidate 2: weight -1.0 is not a number from 0"),
        ({"groups": [0.0, 1.0, np.nan, 1.0]}, "candidate 2: group is missing"),
        ({"groups": ["a", None, "b", 3]}, "groups: labels must be all texts or all numbers, none missing"),
        ({"responses": np.zeros((4, 0), dtype=np.int8)}, r"responses have shape \(4, 0\): there must be .*"),
        ({"weights": [1, 1, 1, np.nan]}, "candidate 3: weight nan is not a number from 0"),
        ({"weights": [np.inf, 1, 1, 1]}, "candidate 0: weight inf is not a number from 0"),
        ({"groups": ["a", "b"]}, r"groups have shape \(2,\), expected \(4,\)"),
        ({"covariates": np.ones((3, 2))}, r"covariates have shape \(3, 2\), expected \(4, P\)"),
        ({"covariates": np.ones((4, 1, 1))}, r"covariates have shape \(4, 1, 1\), expected \(4, P\)"),
        ({"covariates": [[0, 1], [2, 3], [4, np.nan], [5, 5]]}, "candidate 2: covariate 1 is not a number"),
        ({"covariates": [1, 1, 1, 1]}, DEPENDENT),
        ({"covariates": [[1, 2], [2, 4], [3, 6], [5, 10]]}, DEPENDENT),
        # Three and a constant for four candidates is one too many for one of them.
        ({"covariates": [[1, 0, 1], [0, 1, 1], [1, 1, 2], [0, 0, 0]]}, DEPENDENT),
        (
            {"covariates": [0, 1, 2, 3], "groups": [0, 1, 0, 1]},
            r"groups and covariates together: give the groups as covariates .* \(with one residual sd\)",
        ),
    ],
)
def test_impossible_candidates_are_refused_by_place(given, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        read(**given)


def test_a_constant_does_not_hide_behind_large_covariates():
    # Years are far from 0: that they vary has to show all the same.
    assert read(covariates=[2020, 2021, 2022, 2021]).covariates.size == 4


def check(candidates: Candidates, items, anchored=(), fixed=False) -> None:
    check_groups(candidates, np.array(items), anchored=np.isin(items, anchored), fixed=fixed)


def tens(rows, labels) -> Candidates:
    """Ten candidates with each row of responses."""
    return read(np.repeat(rows, 10, axis=0), groups=np.repeat(labels, 10))


def test_a_group_in_which_nobody_met_the_items_is_refused():
    candidates = tens([[1, 1, -1], [0, -1, -1], [-1, 1, 1], [-1, 0, 1]], ["a", "a", "b", "b"])
    check(candidates, [0, 1])
    with pytest.raises(ValueError, match=r"^group 'b': nobody in it met an item that can be calibrated$"):
        check(candidates, [0])


def test_a_group_of_a_few_is_refused():
    candidates = read([[1, 0]] * 29, groups=["boys"] * 20 + ["girls"] * 9)
    with pytest.raises(
        ValueError, match=r"^group 'girls': 9 of 29 candidates are too few for .* label right\?$"
    ):
        check(candidates, [0, 1])
    check(candidates, [0, 1], fixed=True)


def test_a_group_that_shares_no_item_is_refused():
    rows = [[1, 0, -1, -1], [-1, 0, 1, -1], [-1, -1, 1, -1], [-1, -1, -1, 1]]
    candidates = tens(rows, [1, 2, 3, 4])
    with pytest.raises(ValueError, match=r"^group 4: shares no item with the first group"):
        check(candidates, [0, 1, 2, 3])
    # Group 3 is tied through group 2; anchors tie whoever meets one; given populations need no tie.
    check(tens(rows[:3], [1, 2, 3]), [0, 1, 2, 3])
    check(candidates, [0, 1, 2, 3], anchored=[2, 3])
    with pytest.raises(ValueError, match=r"^group 1: shares no item"):
        check(candidates, [0, 1, 2, 3], anchored=[3])
    check(candidates, [0, 1, 2, 3], fixed=True)


def test_one_group_need_not_be_looked_at():
    check(read([[-1, -1]]), [0, 1])
