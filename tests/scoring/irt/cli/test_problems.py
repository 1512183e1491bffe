"""Is a place told as a spreadsheet shows it?"""

from pathlib import Path

import pytest

from scoring.irt.cli.problems import Problem, at, column_letter, told_by_name


def test_places():
    assert at(Path("a/b.csv")) == "b.csv"
    assert at(Path("b.csv"), line=7) == "b.csv, line 7"
    assert at(Path("b.csv"), line=7, column="M03") == 'b.csv, line 7, column "M03"'


@pytest.mark.parametrize(
    ("position", "letters"),
    [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")],
)
def test_letters_above_columns(position, letters):
    assert column_letter(position) == letters


def test_the_engine_counts_and_people_name():
    with (
        pytest.raises(Problem, match=r'^candidate 4, item "M02": no category 7$'),
        told_by_name(["M01", "M02"]),
    ):
        raise ValueError("candidate 4, item 1: no category 7")


def test_a_problem_stays_as_it_was_told():
    with pytest.raises(Problem, match=r"^item 1 is fine$"), told_by_name(["M01", "M02"]):
        raise Problem("item 1 is fine")
