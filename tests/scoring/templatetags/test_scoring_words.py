"""Are chances and letters said as a pupil should hear them?"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from scoring.templatetags.scoring_words import (
    chance,
    is_almost_all,
    letter,
    odds,
    of_hundred,
    practice_headline,
    short_day,
    tenths,
)


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "fewer than 1 in 10"),
        (0.049, "fewer than 1 in 10"),
        (0.05, "fewer than 1 in 10"),
        (0.051, "about 1 in 10"),
        (0.64, "about 6 in 10"),
        (0.949, "about 9 in 10"),
        (0.95, "more than 9 in 10"),
        (1.0, "more than 9 in 10"),
    ],
)
def test_a_chance_is_never_none_and_never_certainty(probability: float, said: str) -> None:
    with translation.override("en"):
        assert chance(probability) == said


def test_tenths_stay_between_one_and_nine() -> None:
    assert [tenths(probability) for probability in (0.0, 0.26, 0.74, 1.0)] == [1, 3, 7, 9]


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.05, "hardly ever"),
        (0.06, "1 in 10"),
        (0.72, "7 in 10"),
        (0.949, "9 in 10"),
        (0.95, "almost always"),
        (0.98, "almost always"),
    ],
)
def test_nine_in_ten_is_not_said_of_what_happens_almost_always(probability: float, said: str) -> None:
    with translation.override("en"):
        assert odds(probability) == said
    assert is_almost_all(probability) is (said == "almost always")


def items(*verdicts: str) -> list[Any]:
    """Items by verdict; "helped" is right with a hint, "looked" was left empty and its solution seen."""
    known = {"helped": "right", "looked": "omitted"}
    return [
        SimpleNamespace(verdict=known.get(one, one), hinted=one == "helped", checked=one == "looked")
        for one in verdicts
    ]


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (("right", "wrong", "right", "helped"), "2 items solved"),
        (("partly", "wrong"), "1 item nearly there"),
        (("helped", "partly"), "2 items nearly there"),
        (("wrong", "wrong", "looked"), "These were hard, and you stayed with them"),
        (("looked",), "These were hard, and you stayed with them"),
        (("omitted",), "Nothing checked yet"),
        ((), "Nothing checked yet"),
    ],
)
def test_a_practice_set_is_headed_as_on_the_phone(verdicts: tuple[str, ...], said: str) -> None:
    with translation.override("en"):
        assert practice_headline(items(*verdicts)) == said


def test_the_phone_has_the_same_headlines() -> None:
    code = (settings.BASE_DIR / "exams/static/exams/js/player/practice_summary.js").read_text("utf-8")
    for said in (
        "items solved",
        "items nearly there",
        "These were hard, and you stayed",
        "Nothing checked yet",
    ):
        assert said in code


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
