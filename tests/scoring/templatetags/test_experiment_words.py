"""Is the last day of an experiment the one that was written down?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scoring.templatetags.experiment_words import last_day


@pytest.mark.parametrize(
    ("ends_at", "day"),
    [
        (datetime(2027, 1, 3, 23, 0, tzinfo=UTC), date(2027, 1, 3)),  # midnight in Belgrade
        (datetime(2027, 1, 3, 10, 0, tzinfo=UTC), date(2027, 1, 3)),  # stopped in the morning
        (datetime(2027, 1, 3, 23, 1, tzinfo=UTC), date(2027, 1, 4)),
        (None, None),
    ],
)
def test_an_end_at_midnight_is_that_of_the_day_before(ends_at: datetime | None, day: date | None) -> None:
    assert last_day(ends_at) == day
