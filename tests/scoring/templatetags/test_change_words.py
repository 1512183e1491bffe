"""Is a change written with its sign, in points, the same width every time?"""

from __future__ import annotations

import pytest
from django.utils.translation import override

from scoring.templatetags.change_words import points_margin, signed, signed_points


@pytest.mark.parametrize(
    ("half_points", "language", "written"),
    [
        (2.4, "sr", "+1,2"),
        (-0.8, "sr", "−0,4"),
        (2.0, "en", "+1.0"),
        (0.05, "en", "0.0"),
        (-0.05, "en", "0.0"),
    ],
)
def test_half_points_as_points_to_a_tenth(half_points: float, language: str, written: str) -> None:
    with override(language):
        assert signed_points(half_points) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0.5161, "+0,52"), (-1, "−1,00"), (0.0018, "0,00"), (-0.0018, "0,00")]
)
def test_any_difference_to_two_places(value: float, written: str) -> None:
    with override("sr"):
        assert signed(value) == written


def test_a_margin_holds_95_of_100() -> None:
    with override("en"):
        # 1.96 standard deviations of 2 half-points are 1.96 points.
        assert points_margin(2.0) == "2.0"
