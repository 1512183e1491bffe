"""Is a table of results one that a spreadsheet reads?"""

import csv
import io

import numpy as np

from scoring.irt.cli.csv_text import csv_text


def test_quotes_blanks_and_digits():
    text = "".join(
        csv_text(["candidate", "theta"], [["A,B", np.float64(0.123456789)], ['"C"', float("nan")]])
    )
    assert text == 'candidate,theta\n"A,B",0.12346\n"""C""",\n'
    assert list(csv.reader(io.StringIO(text)))[2] == ['"C"', ""]


def test_long_tables_come_in_pieces():
    pieces = list(csv_text(["n"], ([number] for number in range(10_000))))
    assert len(pieces) == 3
    assert "".join(pieces).split() == ["n", *map(str, range(10_000))]
