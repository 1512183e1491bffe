"""Does a JSON file of items come back as it was, and is what does not fit told with item and field?"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scoring.irt.calibration.result import Population
from scoring.irt.cli.parameters import ItemErrors
from scoring.irt.cli.parameters_json import from_json, to_json
from scoring.irt.cli.problems import Problem
from tests.scoring.irt.cli import samples

PATH = Path("items.json")


def test_there_and_back_to_the_last_digit():
    items = samples.known()
    again = from_json(to_json(items), PATH)
    assert (again.names, again.models, again.run) == (items.names, items.models, dict(items.run))
    for name in ("a", "b", "c", "steps", "n_categories", "graded"):
        np.testing.assert_array_equal(getattr(again.parameters, name), getattr(items.parameters, name), name)
    for name in ("a", "b"):
        np.testing.assert_array_equal(getattr(again.errors, name), getattr(items.errors, name))
    assert again.errors.c[2] == items.errors.c[2]
    np.testing.assert_array_equal(again.errors.steps[3:5], items.errors.steps[3:5])
    assert again.population is not None
    assert again.population.groups == ("north", "south")
    np.testing.assert_array_equal(again.population.mean, items.population.mean)
    np.testing.assert_array_equal(again.population.se_sd, items.population.se_sd)


def test_an_item_a_line_and_nothing_that_is_not_json():
    text = to_json(samples.known())
    assert next(line for line in text.splitlines() if '"M04"' in line).startswith(
        '  {"name": "M04", "model": "gpcm"'
    )
    found = json.loads(text, parse_constant=lambda name: pytest.fail(name))
    assert found["format"] == "scoring.irt items"
    assert "c" in found["items"][2]
    assert "c" not in found["items"][0]
    assert "steps" not in found["items"][0]


def test_what_is_unknown_is_left_out():
    items = replace(samples.known(), errors=ItemErrors.unknown(samples.known().parameters), population=None)
    found = json.loads(to_json(items))
    assert set(found["items"][3]) == {"name", "model", "a", "b", "steps"}
    assert "population" not in found
    again = from_json(to_json(items), PATH)
    assert again.population is None
    assert np.isnan(again.errors.a).all()


def test_a_regression_and_items_without_parameters():
    population = Population(
        ("",), np.array([0.0]), np.array([0.9]), np.zeros(1), np.array([0.02]), np.array([0.3, -0.1]),
        np.array([0.05, np.nan]),
    )  # fmt: skip
    items = replace(
        samples.known(), population=population, covariates=("age", "books"), not_calibrated=("M07",)
    )
    again = from_json(to_json(items), PATH)
    assert (again.covariates, again.not_calibrated) == (("age", "books"), ("M07",))
    assert again.population.coefficients.tolist() == [0.3, -0.1]
    assert np.isnan(again.population.se_coefficients[1])


def small(**changes):
    item = {"name": "M01", "model": "2pl", "a": 1.0, "b": 0.0} | changes.pop("item", {})
    whole = {"format": "scoring.irt items", "version": 1, "items": [item]} | changes
    return json.dumps({key: value for key, value in whole.items() if value is not None})


def test_the_least_a_file_needs():
    items = from_json(small(), PATH)
    assert (items.names, items.models, items.population, dict(items.run)) == (("M01",), ("2pl",), None, {})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{\n", r"items\.json, line 2: not JSON"),
        ("[]", r"items\.json: expected an object in curly brackets"),
        (small(format=None), r'its "format" is not "scoring\.irt items": not a file of item parameters'),
        (small(version=2), r"version 2; this program reads version 1"),
        (small(items=None), r'field "items": expected a list in square brackets, found nothing'),
        (small(items=[]), r"no item in it has parameters"),
        (small(items=[3]), r"items\.json, item 1: expected an object"),
        (small(item={"name": 3}), r'items\.json, item 1, field "name": expected a text, found 3'),
        (small(item={"a": None}), r'item "M01", field "a": expected a number, found nothing'),
        (small(item={"a": "1.0"}), r'item "M01", field "a": expected a number, found "1.0"'),
        (small(item={"b": True}), r'item "M01", field "b": expected a number, found true'),
        (small(item={"b": float("nan")}), r'item "M01", field "b": expected a number, found NaN'),
        (small(item={"a": 0}), r'item "M01", field "a": 0; a discrimination is above 0'),
        (small(item={"steps": 1}), r'item "M01", field "steps": expected a list in square brackets, found 1'),
        (small(item={"steps": [0, "x"]}), r'field "steps": expected a number, found "x"'),
        (small(items=[{"name": "x", "a": 1, "b": 0}] * 2), r'item "x": stands there twice'),
        (small(population=3), r"items\.json, population: expected an object"),
        (small(population={}), r'population, field "groups": expected a list'),
        (
            small(population={"groups": [{"name": "", "mean": 0, "sd": 0}]}),
            r'population, group 1, field "sd": a standard deviation is above 0',
        ),
        (
            small(population={"groups": [{"name": "", "mean": 0, "sd": 1}], "covariates": [{"name": "x"}]}),
            r'population, covariate 1, field "coefficient": expected a number, found nothing',
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(text, told):
    with pytest.raises(Problem, match=told):
        from_json(text, PATH)
