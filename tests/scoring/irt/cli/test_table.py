"""Is a spreadsheet's file read whatever program wrote it, and its mistake told with line and column?"""

import os

import numpy as np
import pytest

from scoring.irt.cli.problems import Problem
from scoring.irt.cli.table import Columns, read_responses


@pytest.fixture
def read(tmp_path):
    def reader(content, columns=Columns(), encoding="utf-8", **options):  # noqa: B008  frozen
        path = tmp_path / "trial.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return read_responses(path, columns, **options)

    return reader


PLAIN = "candidate,M01,M02\nA,1,0\nB,,2\n"


def test_a_plain_table(read):
    table = read(PLAIN)
    assert table.candidates == ("A", "B")
    assert table.items == ("M01", "M02")
    assert table.responses.tolist() == [[1, 0], [-1, 2]]
    assert table.responses.dtype == np.int8
    assert (table.groups, table.covariates, list(table.lines)) == (None, None, [2, 3])
    assert table.place(1, 0) == 'trial.csv, line 3, column "M01"'


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.rstrip("\n"),
        "\ufeff" + PLAIN,
        "sep=;\r\n" + PLAIN.replace(",", ";"),
        '"candidate","M01","M02"\n"A","1","0"\n"B","","2"\n',
        PLAIN.replace("candidate", "Candidate"),
        PLAIN.replace("\n", ",\n"),
        PLAIN.replace("A,1,0", "A,1,0,,"),
        PLAIN.replace(",", " , "),
        PLAIN + ",,\n\n",
        PLAIN.encode("utf-16"),
    ],
    ids=[
        "semicolon", "tab", "CRLF", "CR", "no last line end", "byte order mark", "sep=", "quoted",
        "capital", "empty last column", "surplus blank cells", "spaces", "empty lines", "UTF-16",
    ],
)  # fmt: skip
def test_the_same_table_from_other_programs(read, content):
    table = read(content)
    assert (table.candidates, table.items) == (("A", "B"), ("M01", "M02"))
    assert table.responses.tolist() == [[1, 0], [-1, 2]]


def test_decimal_commas_of_a_semicolon_table(read):
    assert read("candidate;M01;M02\nA;1,0;0,0\n").responses.tolist() == [[1, 0]]


def test_serbian_letters_in_either_encoding(read):
    content = "candidate;M01\nЂорђе Ћирић;1\nŽaklina Đurić;0\n"
    assert read(content).candidates == ("Ђорђе Ћирић", "Žaklina Đurić")


def test_another_encoding_by_its_name(tmp_path):
    path = tmp_path / "trial.csv"
    path.write_bytes("candidate;M01\nŽaklina Đurić;0\n".encode("cp1250"))
    assert read_responses(path, encoding="cp1250").candidates == ("Žaklina Đurić",)
    with pytest.raises(Problem, match=r"trial\.csv, line 2: not utf-8 text\. .* --encoding cp1250"):
        read_responses(path)
    with pytest.raises(Problem, match='--encoding: "cp-nothing" is not known'):
        read_responses(path, encoding="cp-nothing")


def test_candidates_without_a_column_are_told_by_their_line(read):
    table = read("M01,M02\n1,0\n\n0,1\n")
    assert table.candidates == ("line 2", "line 4")
    assert table.items == ("M01", "M02")


def test_columns_that_are_no_items(read):
    columns = Columns(group="region", covariates=("age", "books"), ignored=("school",), candidate="code")
    table = read(
        'region,code,M01,age,school,M02,books\nnorth,A,1,14.5,OS 3,0,2\nsouth,B,0,15,,1,"0,5"\n', columns
    )
    assert table.groups == ("north", "south")
    assert table.covariates.tolist() == [[14.5, 2.0], [15.0, 0.5]]
    assert (table.candidates, table.items) == (("A", "B"), ("M01", "M02"))
    assert table.responses.tolist() == [[1, 0], [0, 1]]


def test_tables_longer_than_a_chunk(read):
    rng = np.random.default_rng(5)
    codes = rng.integers(-3, 3, (20_000, 3))
    lines = [f"K{row},{a},{b},{c}" for row, (a, b, c) in enumerate(codes.tolist())]
    table = read("\n".join(["candidate,x,y,z", *lines]))
    np.testing.assert_array_equal(table.responses, codes)
    assert table.candidates[19_999] == "K19999"
    with pytest.raises(Problem, match=r'trial\.csv, line 20002, column "y": "\?" is not a response'):
        read("\n".join(["candidate,x,y,z", *lines, "last,0,?,1"]))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", r"trial\.csv: nothing in the first line\. It has to name the columns"),
        ("\n\n", r"trial\.csv: nothing in the first line"),
        ("candidate,M01\n", r"trial\.csv: a header, but no candidate below it"),
        ("candidate\nA\n", r"trial\.csv, line 1: no column is left for items; the columns are candidate"),
        ("a,M01,b,M01\n1,1,1,1\n", r'line 1: columns B and D are both called "M01"\. Rename or delete one'),
        ("0,1,1\n1,0,1\n", r'columns B and C are both called "1"\. The first line has to name the columns'),
        ("a,,b\n1,1,1\n", r"line 1: column B has no name; give it one"),
        ("candidate,M01\nA,1\nB,0\nA,0\n", r'line 4, column "candidate": "A" stands in line 2 already'),
        ("candidate,M01\nA,1\n ,0\n", r'line 3, column "candidate": the candidate has no name'),
        ("candidate,M01,M02\nA,1,0\nB,0\n", r"line 3: 2 cells, but the header names 3 columns"),
        ("candidate,M01\nA,1,0\n", r"line 2: 3 cells, but the header names 2 columns"),
        ("candidate,M01\nA,yes\n", r'line 2, column "M01": "yes" is not a response'),
        ("candidate;M01\nA;0,5\n", r'line 2, column "M01": 0,5 is not a whole number'),
        ('candidate,M01\nA,"1\nB,0\n', r"line 2: a quotation mark is not closed"),
        ('candidate,M01\nA,"1"0\n', r"line 2: a quotation mark is not closed or stands in the middle"),
    ],
)
def test_mistakes_are_told_with_their_place(read, content, told):
    with pytest.raises(Problem, match=told):
        read(content)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (
            Columns(group="gruppe"),
            r'line 1: no column is called "gruppe" \(--group\); the columns are candidate,',
        ),
        (Columns(covariates=("age",)), r'no column is called "age" \(--covariates\)'),
        (Columns(ignored=("x",)), r'no column is called "x" \(--ignore\)'),
        (Columns(candidate="code"), r'no column is called "code" \(--candidate\)'),
        (Columns(group="M01"), r'line 3, column "M01": the group is blank'),
        (Columns(covariates=("M01",)), r'line 3, column "M01": a covariate has to be a number, not blank'),
    ],
)
def test_columns_that_are_not_as_named(read, columns, told):
    with pytest.raises(Problem, match=told):
        read(PLAIN, columns)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Problem, match=r"nothing\.csv: cannot be read: No such file"):
        read_responses(tmp_path / "nothing.csv")


def test_columns_that_are_passed_over_need_not_be_there(tmp_path):
    path = tmp_path / "trial.csv"
    path.write_text("M01,age,M02\n1,12.5,0\n")
    assert read_responses(path, Columns(passed_over=("age", "books"))).items == ("M01", "M02")


def test_a_pipe_is_refused_before_its_first_bytes_are_gone(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(Problem, match="pipe: is a pipe or a terminal; save the table to a file first"):
        read_responses(path)
