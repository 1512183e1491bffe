"""How are thetas, changes and flags written, in each language?"""

from __future__ import annotations

import pytest
from django.utils.translation import override

from scoring.actions.calibration_states import MOVES
from scoring.templatetags.calibration_words import (
    change,
    flag_meaning,
    flag_word,
    points_change,
    problem_word,
    refused_word,
    share_change,
    source_word,
    state_tone,
    state_word,
    theta,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.234, "1.23"), (-0.456, "\u22120.46"), (-0.001, "0.00"), (0, "0.00"), (None, "–")],
)
def test_thetas_have_a_real_minus(value: float | None, expected: str) -> None:
    with override("en"):
        assert theta(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, "+0.50"), (-0.5, "\u22120.50"), (0.004, "0.00"), (None, "–")]
)
def test_changes_have_their_sign(value: float | None, expected: str) -> None:
    with override("en"):
        assert change(value) == expected


def test_serbian_has_its_comma_and_half_points_are_halved() -> None:
    with override("sr"):
        assert (theta(1.5), points_change(3.0), points_change(3.0, "plain")) == ("1,50", "+1,5", "1,5")


@pytest.mark.parametrize(
    ("difference", "written"),
    [(0.0123, "+1.2 pp"), (-0.0123, "\u22121.2 pp"), (0.0004, "0.0 pp"), (None, "–")],
)
def test_shares_differ_by_percentage_points(difference: float | None, written: str) -> None:
    with override("en"):
        assert share_change(difference) == written


def test_every_state_source_and_refusal_has_words() -> None:
    with override("en"):
        assert all(state_word(state) and state_tone(state) for state in MOVES)
        assert source_word("linked") == "calibrated and linked"
        assert refused_word("no_items").startswith("Nothing was accepted")
        assert (flag_word("easy"), flag_meaning("easy")) == ("very easy", "It tells little about anybody.")
        assert (flag_word("unheard"), flag_meaning("unheard")) == ("unheard", "")
        assert problem_word("something else") == "something else"
