"""Does the picture lie where the figures say, and does the sentence say what really moved?"""

from __future__ import annotations

from datetime import date

import pytest

from scoring.growth_picture import Change, Stand, change, picture


def stand(day: date, low: int, expected: float, high: int, *, trial: bool = False) -> Stand:
    return Stand(day=day, low=low, expected=expected, high=high, trial=trial)


FIRST = stand(date(2026, 10, 14), 16, 22.4, 28, trial=True)  # a Wednesday


def compared(last: Stand) -> Change:
    found = change([FIRST, last])
    assert found is not None
    return found


def test_one_day_is_nothing_to_compare() -> None:
    assert change([]) is None and change([FIRST]) is None


@pytest.mark.parametrize(
    ("expected", "direction"), [(22.4, "same"), (21.5, "same"), (21.4, "down"), (22.49, "same"), (22.5, "up")]
)
def test_the_direction_is_that_of_the_figures_as_they_are_shown(expected: float, direction: str) -> None:
    assert compared(stand(date(2026, 11, 25), 16, expected, 28)).direction == direction


def test_weeks_chance_and_precision() -> None:
    inside = compared(stand(date(2026, 11, 25), 20, 27.0, 34))
    assert (inside.weeks, inside.within, inside.narrower) == (6, True, False)
    beyond = compared(stand(date(2026, 10, 17), 26, 30.0, 34))
    assert (beyond.weeks, beyond.within, beyond.narrower) == (0, False, True)


def test_days_and_points_have_their_places() -> None:
    drawn = picture([FIRST, stand(date(2026, 10, 26), 20, 41.0, 40)], 40)
    assert [(mark.x, mark.low_y, mark.high_y, mark.expected_y, mark.trial) for mark in drawn.marks] == [
        ("66.57", "108.80", "58.40", "81.92", True),
        ("310.00", "92.00", "8.00", "8.00", False),
    ]
    assert [(label.points, label.at) for label in drawn.points] == [
        (0, "176.00"),
        (5, "134.00"),
        (10, "92.00"),
        (15, "50.00"),
        (20, "8.00"),
    ]
    assert [(label.day, label.at) for label in drawn.weeks] == [
        (date(2026, 10, 12), "26.00"),
        (date(2026, 10, 19), "168.00"),
        (date(2026, 10, 26), "310.00"),
    ]


def test_a_single_day_has_a_week_around_it() -> None:
    drawn = picture([FIRST], 20)
    assert [mark.x for mark in drawn.marks] == ["107.14"]
    assert [label.day for label in drawn.weeks] == [date(2026, 10, 12), date(2026, 10, 19)]
    with pytest.raises(ValueError, match="nothing to draw"):
        picture([], 40)


def test_a_year_has_five_dates_and_a_short_test_round_points() -> None:
    drawn = picture([FIRST, stand(date(2027, 6, 9), 16, 20, 24)], 10)
    assert len(drawn.weeks) == 5 and drawn.weeks[1].day == date(2026, 11, 30)
    assert [label.points for label in drawn.points] == [0, 1, 2, 3, 4, 5]
    assert [label.points for label in picture([FIRST], 18).points] == [0, 2, 4, 6, 9]
