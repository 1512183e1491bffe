"""Is every item that cannot be calibrated named, with the reason, and no other?"""

import numpy as np
import pytest

from scoring.irt import Anchors, ItemParameters, Priors
from scoring.irt.calibration.result import Model
from scoring.irt.calibration.screening import Screened, screen

GOOD = [[0, 1, 0, 1], [1, 0, 0, 1], [1, 1, 1, 0], [0, 0, 1, 1]]


def screened(codes, model="2pl", *, priors=None, anchors=None, weights=None) -> Screened:
    codes = np.array(codes, dtype=np.int8)
    models = [Model(model)] * codes.shape[1] if isinstance(model, str) else [Model(name) for name in model]
    given = None if weights is None else np.array(weights, dtype=np.float64)
    return screen(codes, given, models, anchors, Priors() if priors is None else priors)


def with_column(item: int, column: list[int]) -> list[list[int]]:
    codes = np.array(GOOD)
    codes[:, item] = column
    return codes.tolist()


def test_good_items_are_left_alone():
    found = screened(GOOD)
    assert found.flags == [] and found.left_out == frozenset() and found.copies == {}
    assert found.n_categories.tolist() == [2, 2, 2, 2]
    assert found.counts.tolist() == [[2, 2], [2, 2], [2, 2], [1, 3]]


@pytest.mark.parametrize(
    ("column", "model", "kind", "message"),
    [
        ([-1] * 4, "2pl", "never_presented", "nobody met it, so nothing can be estimated"),
        ([0] * 4, "2pl", "one_category", "nobody gained a point; only priors could place it"),
        ([1, -1, 1, 1], "2pl", "one_category", "everybody has all points; only priors could place it"),
        ([2] * 4, "pcm", "one_category", "everybody has all points; only priors could place it"),
        ([0, 2, 2, 0], "gpcm", "empty_category", "nobody is in category 1; join it with a neighbour, "),
        ([3, 1, 2, 3], "grm", "empty_category", "nobody is in category 0; join it with a neighbour, "),
    ],
)
def test_items_that_cannot_be_calibrated_are_named(column, model, kind, message):
    found = screened(with_column(2, column), model)
    assert [(flag.item, flag.kind) for flag in found.flags] == [(2, kind)]
    assert found.flags[0].message.startswith(f"item 2: {message}")
    assert found.left_out == {2}


def test_priors_lend_what_responses_lack_but_not_where_nobody_met_the_item():
    codes = np.column_stack((GOOD, [1] * 4, [-1] * 4))
    found = screened(codes, priors=Priors.weak())
    assert [flag.kind for flag in found.flags] == ["one_category", "never_presented"]
    assert found.left_out == {5}
    # A prior on one of the two alone does not hold the item.
    only_slopes = Priors(log_a=(0.0, 0.5))
    assert screened(codes, priors=only_slopes).left_out == {4, 5}


def test_priors_do_not_part_graded_steps_that_an_empty_category_lets_coincide():
    codes = with_column(2, [0, 2, 2, 0])
    found = screened(codes, "grm", priors=Priors.weak())
    assert found.left_out == {2}
    assert [flag.message for flag in found.flags] == [
        "item 2: nobody is in category 1; join it with a neighbour"
    ]
    assert screened(codes, "gpcm", priors=Priors.weak()).left_out == frozenset()


def test_copies_are_told_from_items_that_look_alike():
    codes = np.array([[0, 0, 1, 0, 0], [1, 1, 0, 1, 1], [1, 1, 0, 0, 1], [0, 0, 1, 1, 0]])
    found = screened(codes)
    assert found.copies == {1: 0, 4: 0}
    assert found.left_out == {1, 4}
    assert [flag.message for flag in found.flags] == [
        f"item {item}: every response is that of item 0, and so are its parameters" for item in (1, 4)
    ]
    assert {flag.kind for flag in found.flags} == {"identical"}


def test_the_same_responses_under_another_model_are_no_copy():
    codes = np.array(GOOD)[:, [0, 1, 2, 0]]
    assert screened(codes, ["2pl", "2pl", "2pl", "3pl"]).copies == {}


def test_a_copy_with_a_gap_is_no_copy():
    codes = np.array(GOOD)[:, [0, 1, 2, 0]]
    codes[3, 3] = -1
    assert screened(codes).copies == {}


def test_anchors_are_neither_copies_nor_left_out():
    anchors = Anchors(np.array([0, 2]), ItemParameters.dichotomous(1.0, [0.0, 0.0]))
    codes = with_column(2, [1, 1, 1, 1])
    found = screened(np.column_stack((codes, np.array(codes)[:, 0])), anchors=anchors)
    assert found.flags == [] and found.left_out == frozenset()


def test_an_anchor_brings_its_own_categories():
    anchors = Anchors(np.array([1]), ItemParameters.partial_credit([1.0], [[-1.0, 0.0, 1.0]]))
    found = screened(GOOD, anchors=anchors)
    assert found.n_categories.tolist() == [2, 4, 2, 2]
    assert found.counts.shape == (4, 4)


def test_weights_count_candidates():
    found = screened(GOOD, weights=[1, 2, 3, 4])
    assert found.counts.tolist() == [[5, 5], [6, 4], [3, 7], [3, 7]]


@pytest.mark.parametrize("model", ["rasch", "1pl", "2pl", "3pl"])
def test_a_third_category_needs_another_model(model):
    message = f"item 1: has a category 2, and model {model} knows only 0 and 1; take gpcm, pcm or grm"
    with pytest.raises(ValueError, match=f"^{message}$"):
        screened(with_column(1, [0, 1, 2, 0]), model)


@pytest.mark.parametrize("position", [4, -1])
def test_an_anchor_outside_is_refused(position):
    anchors = Anchors(np.array([position]), ItemParameters.dichotomous(1.0, [0.0]))
    with pytest.raises(ValueError, match=f"^anchors: there is no item {position}$"):
        screened(GOOD, anchors=anchors)


def test_an_anchor_with_too_few_categories_is_refused():
    anchors = Anchors(np.array([3]), ItemParameters.dichotomous(1.0, [0.0]))
    message = "item 3: responses have more categories than its anchor parameters"
    with pytest.raises(ValueError, match=f"^{message}$"):
        screened(with_column(3, [0, 1, 2, 0]), "gpcm", anchors=anchors)
