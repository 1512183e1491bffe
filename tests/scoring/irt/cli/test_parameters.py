"""Are items handed on as they were calibrated?"""

from pathlib import Path

import numpy as np
import pytest

from scoring.irt.calibration import fit
from scoring.irt.cli.parameters import ItemErrors, ItemRow, assembled, facts, known_items
from scoring.irt.cli.problems import Problem
from tests.scoring.irt.cli import samples

PATH = Path("items.json")


def test_what_a_calibration_hands_on():
    result, items = samples.calibration(), samples.known()
    assert items.names == samples.NAMES
    assert items.models == samples.MODELS
    np.testing.assert_array_equal(items.parameters.a, result.a)
    np.testing.assert_array_equal(items.errors.steps, result.se_steps)
    assert items.run["log_likelihood"] == result.log_likelihood == facts(result)["log_likelihood"]
    assert items.run["omitted"] == "category_zero"
    assert items.positions(["M03", "M01"]).tolist() == [2, 0]
    with pytest.raises(KeyError):
        items.positions(["M99"])


def test_chosen_items_have_no_more_room_than_they_need():
    items = samples.known()
    assert items.parameters.steps.shape[1] == 3
    assert items.chosen(["M04", "M01"]).steps.shape == (2, 2)
    assert items.chosen(["M02"]).steps.tolist() == [[0.0]]
    assert items.chosen(["M05"]).b.tolist() == [items.parameters.b[4]]


def test_items_without_parameters_are_named():
    codes = samples.responses()[:, [0, 1, 5]].copy()
    codes[:, 1] = 1
    result = fit(codes, "rasch")
    items = known_items(result, ["x", "y", "z"])
    assert (items.names, items.not_calibrated) == (("x", "z"), ("y",))
    assert items.parameters.n_items == items.errors.a.size == 2


def test_rows_become_items_whatever_their_steps_sum_to():
    rows = [
        ItemRow("i", "p", a=1.0, b=0.5, steps=(0.0, 1.0), model="gpcm"),
        ItemRow("i", "q", a=2.0, b=-1.0, se_b=0.1),
        ItemRow("i", "r", a=1.0, b=0.0, c=0.2),
    ]
    models, items, errors = assembled(rows, PATH)
    assert models == ("gpcm", "2pl", "3pl")
    np.testing.assert_allclose((items.b[:, None] + items.steps)[0], [0.5, 1.5])
    assert items.steps[1].tolist()[0] == 0.0
    assert items.n_categories.tolist() == [3, 2, 2]
    assert (items.b[1], items.c[2], errors.b[1]) == (-1.0, 0.2, 0.1)
    assert np.isnan(errors.a).all()


def test_graded_items_are_told_from_partial_credit_ones():
    graded = ItemRow("i", "g", a=1.0, b=0.0, steps=(-1.0, 1.0), model="grm")
    plain = ItemRow("i", "p", a=1.0, b=0.0, steps=(1.0, -1.0))
    models, items, _ = assembled([graded, plain], PATH)
    assert (models, items.graded.tolist()) == (("grm", "gpcm"), [True, False])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (ItemRow("f, item 1", "x", a=-1.0, b=0.0), 'f, item 1, field "a": -1; a discrimination is above 0'),
        (ItemRow("f", "x", a=1.0, b=0.0, c=1.0), 'field "c": 1; guessing lies from 0 to below 1'),
        (ItemRow("f", "x", a=1.0, b=0.0, c=0.2, model="2pl"), 'field "c": only a 3pl item can have guessing'),
        (ItemRow("f", "x", a=1.0, b=0.0, model="4pl"), 'field "model": "4pl" is no model'),
        (
            ItemRow("f", "x", a=1.0, b=0.0, steps=(0.0, 1.0), model="2pl"),
            'field "steps": a 2pl item has none',
        ),
        (
            ItemRow("f", "x", a=1.0, b=0.0, steps=(1.0, 0.0), model="grm"),
            'field "steps": those of a grm item',
        ),
        (
            ItemRow("f", "x", a=1.0, b=0.0, se_steps=(1.0, 2.0)),
            'field "se_steps": needs one number for every',
        ),
    ],
)
def test_what_no_item_can_be(row, told):
    with pytest.raises(Problem) as caught:
        assembled([row], PATH)
    assert told in str(caught.value)


def test_a_file_without_items():
    with pytest.raises(Problem, match=r"items\.json: no item in it has parameters"):
        assembled([], PATH)


def test_unknown_errors_have_the_shapes_of_the_items():
    errors = ItemErrors.unknown(samples.ITEMS)
    assert errors.a.shape == (6,)
    assert errors.steps.shape == samples.ITEMS.steps.shape
    assert np.isnan(errors.steps).all()
