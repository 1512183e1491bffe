"""Can items be kept in a spreadsheet and read from one, whoever estimated them?"""

import numpy as np
import pytest

from scoring.irt.cli.parameters_csv import from_csv, to_csv
from scoring.irt.cli.problems import Problem
from tests.scoring.irt.cli import samples


@pytest.fixture
def read(tmp_path):
    def reader(text, **options):
        path = tmp_path / "items.csv"
        path.write_text(text)
        return from_csv(path, **options)

    return reader


def test_there_and_back_to_six_digits(read):
    items = samples.known()
    again = read(to_csv(items))
    assert (again.names, again.models) == (items.names, items.models)
    for name in ("a", "b", "c", "steps"):
        mine, theirs = getattr(items.parameters, name), getattr(again.parameters, name)
        np.testing.assert_allclose(theirs, mine, rtol=0, atol=1e-5, err_msg=name)
    np.testing.assert_allclose(again.errors.a, items.errors.a, rtol=1e-5)
    np.testing.assert_allclose(again.errors.steps[3:5], items.errors.steps[3:5], rtol=1e-5)
    assert again.parameters.graded.tolist() == items.parameters.graded.tolist()


def test_right_or_wrong_items_need_no_columns_for_steps(read):
    items = read("item,a,b\nx,1,0\n")
    assert to_csv(items).splitlines() == ["item,model,a,b,c,se_a,se_b,se_c", "x,2pl,1,0,,,,"]


def test_a_table_from_elsewhere(read):
    items = read("Item;B;A;C;step_1;step_2\nx;-0,5;1,2;;;\ny;0;1;0,2;;\n\nz;1;1;;-1;1\n")
    assert items.names == ("x", "y", "z")
    assert items.models == ("2pl", "3pl", "gpcm")
    assert items.parameters.b.tolist() == [-0.5, 0.0, 1.0]
    assert items.parameters.steps[2].tolist() == [-1.0, 1.0]
    assert items.population is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"items\.csv, line 1: a file of item parameters has the columns item, model, a, b"),
        ("item,a\nx,1\n", "item, a and b have to be there, each once"),
        ("item,a,b,b\nx,1,0,0\n", "item, a and b have to be there, each once"),
        ("item,a,b,d\nx,1,0,0\n", '"d" is none of them'),
        ("item,a,b\nx,1\n", r"line 2: 2 cells, but the header names 3 columns"),
        ("item,a,b\nx,1,0,7\n", r"line 2: 4 cells, but the header names 3 columns"),
        ("item,a,b\n,1,0\n", r'line 2, column "item": the item has no name'),
        ("item,a,b\nx,,0\n", r'line 2, column "a": expected a number, not blank'),
        ("item,a,b\nx,1,hard\n", r'line 2, column "b": expected a number, not hard'),
        ("item,a,b\nx,1,0\nx,1,0\n", r'line 3: "x" stands there twice'),
        ("item,a,b\nx,0,0\n", r'line 2, field "a": 0; a discrimination is above 0'),
        ("item,a,b,step_1,step_2\nx,1,0,,1\n", r'line 2, column "step_1" and on: a step is missing'),
        ("item,a,b\n", "no item in it has parameters"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(read, text, told):
    with pytest.raises(Problem, match=told):
        read(text)
