"""Are a table's columns matched with the items of a file?"""

from dataclasses import replace

import numpy as np
import pytest

from scoring.irt.cli.known_items import columns_of, read_items
from scoring.irt.cli.parameters_csv import to_csv
from scoring.irt.cli.parameters_json import to_json
from scoring.irt.cli.problems import Problem
from scoring.irt.cli.streams import Streams
from scoring.irt.cli.table import read_responses
from tests.scoring.irt.cli import samples


@pytest.fixture
def table(tmp_path):
    def reader(text):
        path = tmp_path / "trial.csv"
        path.write_text(text)
        return read_responses(path)

    return reader


def test_either_kind_of_file(tmp_path):
    json, csv = tmp_path / "items.json", tmp_path / "items.CSV"
    json.write_text(to_json(samples.known()))
    csv.write_text(to_csv(samples.known()))
    assert read_items(json, Streams()).names == read_items(csv, Streams()).names == samples.NAMES


def test_items_of_a_search_that_was_broken_off_are_told(tmp_path, capsys):
    path = tmp_path / "items.json"
    path.write_text(to_json(samples.known()))
    read_items(path, Streams())
    assert capsys.readouterr().err == ""
    path.write_text(to_json(samples.not_converged()))
    assert read_items(path, Streams()).names == samples.NAMES
    assert capsys.readouterr() == ("", f"note: items.json: {samples.NOTE_NOT_CONVERGED}")


def test_columns_by_name_in_any_order(table):
    responses, positions = columns_of(table("candidate,M04,M01\nA,2,1\n"), samples.known())
    assert responses.tolist() == [[2, 1]]
    assert positions.tolist() == [3, 0]


def test_items_that_were_not_calibrated_are_passed_over(table):
    items = replace(samples.known(), not_calibrated=("M99",))
    responses, positions = columns_of(table("M99,M02\n1,0\n"), items)
    assert (responses.tolist(), positions.tolist()) == ([[0]], [1])
    with pytest.raises(Problem, match="none of its items has parameters"):
        columns_of(table("M99\n1\n"), items)


def test_columns_of_which_nothing_is_known(table):
    with pytest.raises(
        Problem, match=r'line 1: nothing is known of the item "age" and 1 more\. If a column is'
    ):
        columns_of(table("M01,age,books\n1,1,1\n"), samples.known())


def test_a_category_that_the_item_does_not_have(table):
    with pytest.raises(
        Problem, match=r'trial\.csv, line 3, column "M04": category 3, but the item has 0 to 2'
    ):
        columns_of(table("M01,M04\n1,2\n1,3\n"), samples.known())
    responses, _ = columns_of(table("M01,M04\n1,-3\n"), samples.known())
    np.testing.assert_array_equal(responses, [[1, -3]])
