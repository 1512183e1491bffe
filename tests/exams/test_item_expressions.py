"""Are the expressions of families exact, and nothing more than arithmetic?"""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.item_expressions import ExpressionError, decimals, evaluate

NAMES = {"a": Fraction(6), "b": Fraction(-4), "h": Fraction(1, 2), "word": "дан"}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("0.1 + 0.2", Fraction(3, 10)),
        ("a / b", Fraction(-3, 2)),
        ("a // 4 + a % 4", Fraction(3)),
        ("b ** 2 - a ** -1", Fraction(95, 6)),
        ("-a + abs(b)", Fraction(-2)),
        ("gcd(a, 9) + lcm(4, 6)", Fraction(15)),
        ("sqrt(9 / 4)", Fraction(3, 2)),
        ("round(2.5) + round(-2.5)", Fraction(0)),
        ("round(1.005, 2)", Fraction(101, 100)),
        ("floor(h) + ceil(h)", Fraction(1)),
        ("decimals(h)", Fraction(1)),
        ("decimals(1 / 3)", Fraction(99)),
        ("digits(-120)", Fraction(3)),
        ("min(a, b, h)", Fraction(-4)),
        ("a if b > 0 else h", Fraction(1, 2)),
        ("1 < a < 10 and not b > 0", True),
        ("whole(h) or prime(7)", True),
        ("prime(1)", False),
        ("word == 'дан'", True),
    ],
)
def test_values_are_exact(expression: str, value: object) -> None:
    assert evaluate(expression, NAMES) == value


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("c + 1", "nothing is called 'c'"),
        ("1 / (a - 6)", "divides by zero"),
        ("sqrt(2)", "not exact"),
        ("sqrt(-4)", "no square root"),
        ("a +", "is no expression"),
        ("word + 1", "is no number"),
        ("a > word", "mixes numbers and words"),
        ("2 ** 1000", "exponent"),
        ("(10 ** 30) * (10 ** 30)", "beyond 40 digits"),
        ("gcd(h, 2)", "not whole"),
        ("sqrt(4, 9)", "does not take 2 numbers"),
        ("__import__('os')", "not allowed"),
        ("a.numerator", "not allowed"),
        ("[1, 2][0]", "not allowed"),
        ("(lambda: 1)()", "not allowed"),
        ("a in (1, 2)", "not allowed"),
        ("open(word)", "not allowed"),
        ("prime(10 ** 30 + 57)", "prime takes numbers up to 1,000,000"),
        ("round(1, 10 ** 9)", "round takes at most 12 places"),
        ("1e400", "too long to be exact"),
        ("0.12345678901234567890123", "too long to be exact"),
        ("1e39 * 100", "beyond 40 digits"),
        ("lcm(10 ** 39 + 7, 10 ** 39 + 9)", "beyond 40 digits"),
        ("+".join(["a"] * 3000), "is no expression"),
    ],
)
def test_everything_else_is_refused_with_its_reason(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        evaluate(expression, NAMES)


@given(st.text(max_size=40))
def test_any_text_gives_a_value_or_an_expression_error(text: str) -> None:
    with suppress(ExpressionError):
        evaluate(text, NAMES)


@given(st.integers(-(10**6), 10**6), st.integers(0, 6))
def test_decimals_counts_places(number: int, places: int) -> None:
    value = Fraction(number, 10**places)
    assert decimals(value) <= places
    assert (value * 10 ** decimals(value)).denominator == 1
