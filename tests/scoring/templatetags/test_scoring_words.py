"""Are chances and letters said as a pupil should hear them?"""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from scoring.templatetags.scoring_words import chance, letter, of_hundred, short_day, tenths


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "fewer than 1 in 10"),
        (0.049, "fewer than 1 in 10"),
        (0.05, "about 1 in 10"),
        (0.64, "about 6 in 10"),
        (0.95, "about 9 in 10"),
        (0.951, "more than 9 in 10"),
        (1.0, "more than 9 in 10"),
    ],
)
def test_a_chance_is_never_none_and_never_certainty(probability: float, said: str) -> None:
    with translation.override("en"):
        assert chance(probability) == said


def test_tenths_stay_between_one_and_nine() -> None:
    assert [tenths(probability) for probability in (0.0, 0.26, 0.74, 1.0)] == [1, 3, 7, 9]


@pytest.mark.parametrize(("language", "letters"), [("sr", "абв"), ("sr-latn", "abv"), ("en", "abc")])
def test_letters_are_those_of_the_phone(language: str, letters: str) -> None:
    with translation.override(language):
        assert "".join(letter(place) for place in range(3)) == letters


@pytest.mark.parametrize(("language", "day", "share"), [("sr", "6.11.", "7,1"), ("en", "Nov 6", "7.1")])
def test_days_and_shares_of_a_picture_are_in_the_language_of_the_page(
    language: str, day: str, share: str
) -> None:
    with translation.override(language):
        assert (short_day(date(2026, 11, 6)), of_hundred(0.0705)) == (day, share)
