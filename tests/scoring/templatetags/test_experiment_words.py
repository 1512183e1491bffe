"""Has every rule its words, and is the last day of an experiment the one that was written down?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from scoring.practice.policy import POLICIES
from scoring.templatetags.experiment_words import RULES, is_ordinary, last_day, rule_meaning, rule_name


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


def test_every_rule_has_words_and_no_other() -> None:
    assert RULES.keys() == POLICIES.keys()
    assert [version for version in POLICIES if is_ordinary(version)] == ["gain-2"]
    with override("en"):
        assert rule_name("even-1") == "Any item alike"
        assert rule_meaning("even-1").startswith("Chance alone chooses")
    assert (rule_name("older-1"), rule_meaning("older-1")) == ("older-1", "")
