"""Does a table in a terminal line up?"""

from scoring.irt.cli.text_table import figure, text_table


def test_columns_are_as_wide_as_they_need():
    rows = [["M01", "1.000", ""], ["M020", "-0.5", "x"]]
    assert text_table(["item", "b", ""], rows) == "item      b\nM01   1.000\nM020   -0.5  x"


def test_no_rows():
    assert text_table(["item", "b"], []) == "item  b"


def test_figures():
    assert [figure(1.23456), figure(-0.5, 1), figure(float("nan"))] == ["1.235", "-0.5", ""]
