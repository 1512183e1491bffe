"""Does what was missed come back in time, and does it leave once it is repaired?"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scoring.practice.learner import Met
from scoring.practice.review import Outcome, reviews

START = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)
BELGRADE = ZoneInfo("Europe/Belgrade")


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def after(*gos: tuple[float, float], now: float, hinted: bool = False) -> Met:
    """How things stand at day `now` after goes (day, share) at one item, the first with a hint or not."""
    history = [Outcome("k", day(at), share, hinted and n == 0) for n, (at, share) in enumerate(gos)]
    return reviews(history, day(now))["k"]


def test_what_was_solved_at_once_never_enters():
    assert after((0, 1.0), (3, 1.0), now=50) == Met(missed=False)


def test_what_was_missed_is_due_the_next_day_and_not_the_same():
    assert not after((0, 0.0), now=0.2).due
    met = after((0, 0.0), now=1)
    assert met.missed and met.due
    assert met.due_at == datetime(2026, 3, 2, tzinfo=UTC)
    # FSRS-6 with its usual weights: stability 0.212 days after a first failure, decay 0.1542.
    factor = 0.9 ** (1 / -0.1542) - 1
    assert met.retrievability == pytest.approx((1 + factor / 0.212) ** -0.1542, rel=1e-9)


def test_a_part_of_the_points_is_remembered_better_than_none_and_both_are_missed():
    none, part = after((0, 0.0), now=2), after((0, 0.5), now=2)
    assert none.missed and part.missed
    assert none.retrievability is not None and part.retrievability is not None
    assert none.retrievability < part.retrievability


def test_a_hint_makes_it_missed_like_a_wrong_response():
    assert after((0, 1.0), now=1, hinted=True) == after((0, 0.0), now=1)


def test_solving_once_puts_it_off_for_weeks():
    met = after((0, 0.0), (1, 1.0), now=2)
    assert met == Met(
        missed=True,
        due=False,
        due_at=datetime(2026, 3, 20, tzinfo=UTC),
        retrievability=pytest.approx(met.retrievability),
        confirm=True,
    )
    assert not after((0, 0.0), (1, 1.0), now=18).due
    assert after((0, 0.0), (1, 1.0), now=19).due


def test_the_gap_is_as_long_as_seven_in_ten_still_recall_it():
    """Stability after a failure and a success a day later is 1.89 days; recall falls by a power of time."""
    met = after((0, 0.0), (1, 1.0), now=19)
    assert met.retrievability == pytest.approx(0.7, abs=0.01)


def test_solving_on_two_days_repairs_it_and_twice_on_one_day_does_not():
    assert after((0, 0.0), (1, 1.0), (4, 1.0), now=4) == Met(missed=False)
    assert after((0, 0.0), (1, 1.0), (1.1, 1.0), now=4).missed


def test_what_was_solved_once_since_is_to_be_confirmed():
    assert not after((0, 0.0), now=1).confirm
    assert after((0, 0.0), (1, 1.0), now=19).confirm
    assert after((0, 0.0), (1, 1.0), (1.1, 1.0), now=19).confirm
    assert not after((0, 0.0), (1, 1.0), (4, 0.5), now=6).confirm
    assert after((0, 0.0), (1, 1.0), (4, 0.5), (5, 1.0), now=6).confirm
    assert not after((0, 0.0), (1, 1.0), (4, 1.0), now=6).confirm


def test_a_solution_with_a_hint_confirms_nothing():
    gos = [Outcome("k", day(0), 0.0), Outcome("k", day(1), 1.0, hinted=True)]
    met = reviews(gos, day(3))["k"]
    assert met.missed and not met.confirm


def test_days_are_those_of_the_pupils_clock():
    # 23:30 and 00:30 in Belgrade are two days there and one in UTC.
    gos = [Outcome("k", day(0), 0.0), Outcome("k", datetime(2026, 3, 3, 22, 30, tzinfo=UTC), 1.0)]
    gos.append(Outcome("k", datetime(2026, 3, 3, 23, 30, tzinfo=UTC), 1.0))
    assert reviews(gos, day(5))["k"].missed
    assert reviews(gos, day(5), zone=BELGRADE)["k"] == Met(missed=False)
    first = reviews(gos[:1], day(1), zone=BELGRADE)["k"]
    assert first.due_at == datetime(2026, 3, 2, tzinfo=BELGRADE)


def test_missing_it_between_begins_again():
    assert after((0, 0.0), (1, 1.0), (4, 0.5), (5, 1.0), now=6).missed
    assert not after((0, 0.0), (1, 1.0), (4, 0.5), (5, 1.0), (9, 1.0), now=9).missed


def test_missed_after_it_was_repaired_it_returns():
    repaired = ((0, 0.0), (1, 1.0), (4, 1.0))
    assert after(*repaired, (30, 0.0), now=31).due


def test_keys_do_not_mix_and_the_order_of_the_history_does_not_matter():
    history = [Outcome("a", day(0), 0.0), Outcome("b", day(0), 1.0), Outcome("a", day(1), 1.0)]
    found = reviews(history, day(30))
    assert found["a"].due and found["b"] == Met(missed=False)
    assert reviews(reversed(history), day(30)) == found
    assert reviews([], day(0)) == {}


def test_the_same_history_always_says_the_same():
    gos = ((0, 0.0), (1, 0.5), (2, 1.0), (8, 0.0), (9, 1.0))
    assert len({after(*gos, now=20) for _ in range(20)}) == 1
