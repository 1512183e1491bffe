"""Does a cell of a response table mean what a person meant by it?"""

import pytest

from scoring.irt.cli.cells import CategoryOf, category, number, shortened


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("0", 0), ("1", 1), ("12", 12), (" 1 ", 1), ("1.0", 1), ("1,0", 1), ("-1", -1), ("-2", -2),
        ("-3", -3), ("", -1), ("  ", -1), ("\u00a0", -1), ("NA", -1), ("na", -1), ("−2", -2), ("30", 30),
    ],
)  # fmt: skip
def test_codes(cell, code):
    assert category(cell) == code


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("B", '"B" is not a response'),
        ("x" * 80, f'"{"x" * 23}…" is not a response'),
        ("0,5", "0,5 is not a whole number. Categories count 0, 1, 2"),
        ("1_0", '"1_0" is not a response'),
        ("inf", '"inf" is not a response'),
        ("nan", '"nan" is not a response'),
        ("-4", "-4 is no code"),
        ("1203", "1203 is more than the highest category, 30"),
        ("1,203,4", '"1,203,4" is not a response'),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_remedy(cell, told):
    with pytest.raises(ValueError) as caught:
        category(cell)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(("cell", "value"), [("1.5", 1.5), ("1,5", 1.5), (" -2 ", -2.0), ("−0,25", -0.25)])
def test_numbers_with_point_or_comma(cell, value):
    assert number(cell) == value


def test_a_spelling_is_looked_at_once():
    code_of = CategoryOf()
    assert [code_of[cell] for cell in ("1", "", "1", "1,0")] == [1, -1, 1, 1]
    assert code_of == {"1": 1, "": -1, "1,0": 1}
    with pytest.raises(ValueError, match="is not a response"):
        code_of["?"]


def test_long_cells_are_shortened_and_kept_on_one_line():
    assert shortened("a\n b", 10) == "a b"
    assert shortened("abcdefghij", 5) == "abcd…"
