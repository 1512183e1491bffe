"""When a sitting ends, and what the clocks of a device prove."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exams.timing import (
    CONTRADICTION_MS,
    GRACE_MS,
    SLACK_MS,
    ClockMark,
    DeviceClock,
    Judgement,
    SittingTimes,
    ends_at,
    estimates,
    judge,
    worth_keeping,
)

NINE = 1_790_000_000_000
MINUTE = 60_000
END = NINE + 60 * MINUTE
RUNNING = SittingTimes("started", NINE, END, END)
HANDED_IN = SittingTimes("handed_in", NINE, END, END - 20 * MINUTE)


def clock(mono: int, wall: int | None = None, session: str = "s") -> DeviceClock:
    return DeviceClock(session, mono, NINE + mono if wall is None else wall)


# ---- the end -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("limit", "percent", "granted", "closes", "minutes"),
    [
        (3600, 100, 0, None, 60),
        (3600, 150, 0, None, 90),
        (3600, 133, 0, None, 79.8),
        (3600, 100, 600, None, 70),
        (3600, 150, 600, None, 100),
        (3600, 100, 0, 45, 45),
        (3600, 150, 600, 45, 55),
        (3600, 100, 0, 60, 60),
        (3600, 100, 0, 61, 60),
        (1, 100, 0, None, 1 / 60),
    ],
)
def test_end(limit: int, percent: int, granted: int, closes: int | None, minutes: float) -> None:
    found = ends_at(
        started_at=NINE,
        limit_seconds=limit,
        time_percent=percent,
        granted_seconds=granted,
        closes_at=None if closes is None else NINE + closes * MINUTE,
    )
    assert found == NINE + round(minutes * MINUTE)


def test_practice_has_no_end() -> None:
    assert (
        ends_at(started_at=NINE, limit_seconds=None, time_percent=150, granted_seconds=60, closes_at=NINE)
        is None
    )


@given(
    limit=st.integers(1, 20_000),
    percent=st.integers(100, 300),
    granted=st.integers(0, 7200),
    closes=st.none() | st.integers(0, 30_000),
    more_percent=st.integers(0, 200),
    more_granted=st.integers(0, 7200),
    later=st.integers(0, 30_000),
)
def test_end_only_moves_away(
    limit: int,
    percent: int,
    granted: int,
    closes: int | None,
    more_percent: int,
    more_granted: int,
    later: int,
) -> None:
    def end(percent: int, granted: int, closes: int | None) -> int:
        found = ends_at(
            started_at=NINE,
            limit_seconds=limit,
            time_percent=percent,
            granted_seconds=granted,
            closes_at=None if closes is None else NINE + closes * 1000,
        )
        assert found is not None
        return found

    first = end(percent, granted, closes)
    assert end(percent + more_percent, granted, closes) >= first
    # A grant counts to the second, also against the close of the window.
    assert end(percent, granted + more_granted, closes) == first + more_granted * 1000
    assert end(percent, granted, None if closes is None else closes + later) >= first
    assert first >= NINE + granted * 1000


# ---- estimates ---------------------------------------------------------------------------------------
def test_age_is_read_off_both_clocks() -> None:
    assert estimates(clock(1_000), ClockMark(clock(61_000), END)) == [END - MINUTE, END - MINUTE]
    # The monotonic clock slept for five minutes; the wall clock did not.
    slept = clock(61_000, wall=NINE + 361_000)
    assert estimates(clock(1_000), ClockMark(slept, END)) == [END - MINUTE, END - 6 * MINUTE]


def test_other_page_load_leaves_the_wall_clock_only() -> None:
    mark = ClockMark(clock(50, NINE + 11_000, "new"), END)
    assert estimates(clock(1_000, session="old"), mark) == [END - 10_000]


def test_clock_that_went_backwards_is_no_witness() -> None:
    assert estimates(clock(2_000, wall=NINE), ClockMark(clock(1_000, wall=NINE), END)) == [END]
    assert estimates(clock(1_000, NINE + SLACK_MS), ClockMark(clock(1_000, NINE, "new"), END)) == [END]
    assert estimates(clock(1_000, NINE + SLACK_MS + 1), ClockMark(clock(1_000, NINE, "new"), END)) == []


CLOCKS = st.builds(
    DeviceClock,
    session=st.sampled_from(["a", "b"]),
    mono=st.integers(-10_000, 10_000_000),
    wall=st.integers(NINE - 10_000_000, NINE + 10_000_000) | st.integers(-(2**53), 2**53),
)
MOMENTS = st.integers(NINE - 10 * MINUTE, END + 100 * MINUTE)


@given(CLOCKS, CLOCKS, MOMENTS)
def test_no_estimate_is_after_arrival(event: DeviceClock, mark: DeviceClock, received_at: int) -> None:
    found = estimates(event, ClockMark(mark, received_at))
    assert all(moment <= received_at for moment in found)
    assert len(found) <= 2


# ---- verdicts ----------------------------------------------------------------------------------------
def verdict(
    age: int, received_at: int, times: SittingTimes = RUNNING, *, wall_age: int | None = None
) -> Judgement:
    """Of an event that is `age` ms old by the monotonic clock and `wall_age` by the wall clock."""
    mark = DeviceClock("s", 10**8, NINE)
    event = DeviceClock("s", 10**8 - age, NINE - (age if wall_age is None else wall_age))
    return judge(event, ClockMark(mark, received_at), received_at=received_at, times=times)


@pytest.mark.parametrize(
    ("age", "after_end", "expected"),
    [
        (0, -1, Judgement("counted", "", END - 1)),
        (0, 0, Judgement("counted", "", END)),
        (0, SLACK_MS, Judgement("counted", "", END + SLACK_MS)),
        (0, SLACK_MS + 1, Judgement("quarantined", "after_end", END + SLACK_MS + 1)),
        (GRACE_MS, GRACE_MS, Judgement("counted", "", END)),
        (GRACE_MS + 1, GRACE_MS + 1, Judgement("late_counted", "", END)),
        (9 * MINUTE, 10 * MINUTE, Judgement("quarantined", "after_end", END + MINUTE)),
        (11 * MINUTE, 10 * MINUTE, Judgement("late_counted", "", END - MINUTE)),
        (70 * MINUTE, 10 * MINUTE, Judgement("late_counted", "", NINE)),
        (70 * MINUTE + 30_000, 10 * MINUTE, Judgement("late_counted", "", NINE - 30_000)),
        (70 * MINUTE + 30_001, 10 * MINUTE, Judgement("quarantined", "before_start", NINE - 30_001)),
    ],
)
def test_verdict_by_age(age: int, after_end: int, expected: Judgement) -> None:
    assert verdict(age, END + after_end) == expected


@pytest.mark.parametrize(
    ("age", "wall_age", "expected"),
    [
        # One clock puts it before the close, the other after: more than 30 s apart, a person decides.
        (60_000, 90_000, ("late_counted", "")),
        (45_000, 75_000, ("quarantined", "after_end")),
        (45_000, 75_001, ("quarantined", "clock_contradiction")),
        (75_001, 45_000, ("quarantined", "clock_contradiction")),
        (75_000, 45_000, ("late_counted", "")),
        # Far apart, but both on the same side of the close.
        (10_000, 50_000, ("quarantined", "after_end")),
        (70_000, 600_000, ("late_counted", "")),
    ],
)
def test_contradiction_matters_across_the_close(age: int, wall_age: int, expected: tuple[str, str]) -> None:
    found = verdict(age, END + 57_999, wall_age=wall_age)
    assert (found.verdict, found.reason) == expected


def test_after_the_hand_in_the_hand_in_is_the_close() -> None:
    closed_at = HANDED_IN.closed_at
    assert closed_at is not None
    assert verdict(MINUTE, closed_at + MINUTE, HANDED_IN).verdict == "counted"
    assert verdict(MINUTE, closed_at + 2 * MINUTE, HANDED_IN).reason == "after_end"
    # Not late: the end of time has not come yet.
    assert verdict(10 * MINUTE, closed_at + 9 * MINUTE, HANDED_IN).verdict == "counted"


def test_states_that_take_nothing() -> None:
    for state, reason in (("ready", "not_started"), ("voided", "voided")):
        assert verdict(0, NINE, SittingTimes(state, None, None, None)) == Judgement(
            "quarantined", reason, None
        )
    sealed = SittingTimes("sealed", NINE, END, END)
    assert verdict(MINUTE, END, sealed) == Judgement("quarantined", "after_seal", END - MINUTE)


def test_no_clock_at_all() -> None:
    event, mark = clock(1_000, NINE + 10_000, "old"), clock(1_000, NINE, "new")
    assert judge(event, ClockMark(mark, END + 1), received_at=END + 1, times=RUNNING) == Judgement(
        "quarantined", "no_clock", None
    )
    assert judge(event, ClockMark(mark, END), received_at=END, times=RUNNING) == Judgement("counted", "", END)


def test_practice_is_never_late() -> None:
    assert verdict(10**7, 2 * END, SittingTimes("started", NINE, None, None)).verdict == "counted"


def test_stored_moment_is_one_that_databases_know() -> None:
    event, mark = DeviceClock("s", 0, 0), DeviceClock("s", 2**53, 0)
    assert judge(event, ClockMark(mark, NINE), received_at=NINE, times=RUNNING) == Judgement("counted", "", 0)


TIMES = st.builds(
    lambda state, length, handed_in: SittingTimes(
        state,
        NINE,
        NINE + length,
        NINE + (min(handed_in, length) if state == "handed_in" else length),
    ),
    st.sampled_from(["started", "handed_in"]),
    st.integers(1, 100 * MINUTE),
    st.integers(0, 100 * MINUTE),
)


@given(CLOCKS, CLOCKS, MOMENTS, TIMES)
def test_never_counts_what_all_evidence_puts_after_the_close(
    event: DeviceClock, mark: DeviceClock, received_at: int, times: SittingTimes
) -> None:
    assert times.closed_at is not None
    found = estimates(event, ClockMark(mark, received_at))
    assume(all(moment > times.closed_at + SLACK_MS for moment in found))
    assume(received_at > times.closed_at)
    assert (
        judge(event, ClockMark(mark, received_at), received_at=received_at, times=times).verdict
        == "quarantined"
    )


@given(CLOCKS, CLOCKS, TIMES, st.integers(0, 100 * MINUTE))
def test_never_quarantines_what_arrived_before_the_close(
    event: DeviceClock, mark: DeviceClock, times: SittingTimes, before: int
) -> None:
    assert times.closed_at is not None
    received_at = max(NINE, times.closed_at - before)
    assert (
        judge(event, ClockMark(mark, received_at), received_at=received_at, times=times).verdict == "counted"
    )


@given(CLOCKS, CLOCKS, MOMENTS, TIMES, st.integers(0, 7_200_000))
def test_more_time_never_takes_a_response_away(
    event: DeviceClock, mark: DeviceClock, received_at: int, times: SittingTimes, granted: int
) -> None:
    assume(times.state == "started" and times.ends_at is not None)
    longer = SittingTimes(times.state, NINE, times.ends_at + granted, times.closed_at + granted)  # type: ignore[operator]
    before = judge(event, ClockMark(mark, received_at), received_at=received_at, times=times)
    after = judge(event, ClockMark(mark, received_at), received_at=received_at, times=longer)
    within = (
        before.verdict != "quarantined"
        and abs(
            max(estimates(event, ClockMark(mark, received_at)), default=0)
            - min(estimates(event, ClockMark(mark, received_at)), default=0)
        )
        <= CONTRADICTION_MS
    )
    if within:
        assert after.verdict != "quarantined"


# ---- a date that was left alone ----------------------------------------------------------------------
def contact(at: int, *, mono: int, ahead: int = 0, session: str = "s") -> ClockMark:
    """The device's date runs `ahead` ms of the server's."""
    return ClockMark(DeviceClock(session, mono, at + ahead), at)


def made(at: int, *, mono: int, ahead: int = 0, session: str = "s") -> DeviceClock:
    return DeviceClock(session, mono, at + ahead)


def of(event: DeviceClock, mark: ClockMark, earlier: ClockMark | None) -> tuple[str, str]:
    found = judge(event, mark, received_at=mark.at, times=RUNNING, earlier=earlier)
    return found.verdict, found.reason


HOUR = 3_600_000


@pytest.mark.parametrize("ahead", [0, HOUR, -24 * HOUR])
def test_sleep_across_the_end_costs_nothing(ahead: int) -> None:
    """The monotonic clock stood still from a minute after the response until an hour after the end."""
    earlier = contact(END - 10 * MINUTE, mono=50 * MINUTE, ahead=ahead)
    event = made(END - 5 * MINUTE, mono=55 * MINUTE, ahead=ahead)
    mark = contact(END + HOUR, mono=56 * MINUTE, ahead=ahead)
    assert of(event, mark, earlier) == ("late_counted", "")
    assert estimates(event, mark, earlier) == [END - 5 * MINUTE]
    # Without an earlier contact nothing vouches for the date.
    assert of(event, mark, None) == ("quarantined", "clock_contradiction")


def test_date_set_back_after_the_end_proves_nothing() -> None:
    earlier = contact(END - 10 * MINUTE, mono=50 * MINUTE)
    # After the end the date is set back by ten minutes, a response is given, the date set right again.
    event = made(END + 2 * MINUTE, mono=62 * MINUTE, ahead=-10 * MINUTE)
    mark = contact(END + 3 * MINUTE, mono=63 * MINUTE)
    assert of(event, mark, earlier) == ("quarantined", "clock_contradiction")


def test_date_that_was_put_right_in_between_is_a_matter_for_a_person() -> None:
    """A slow phone is put right by its network while the page is not open: only the date remains."""
    earlier = contact(END - 30 * MINUTE, mono=30 * MINUTE, ahead=-HOUR)
    event = made(END - 5 * MINUTE, mono=55 * MINUTE, ahead=-HOUR)
    mark = contact(END + 10 * MINUTE, mono=1_000, session="later")
    assert of(event, mark, earlier) == ("quarantined", "before_start")
    slower = made(END + 5 * MINUTE, mono=65 * MINUTE, ahead=-20 * MINUTE)
    was_slow = contact(END - 30 * MINUTE, mono=30 * MINUTE, ahead=-20 * MINUTE)
    assert of(slower, mark, was_slow) == ("quarantined", "clock_contradiction")


def test_reload_offline_is_bridged_by_a_date_left_alone() -> None:
    earlier = contact(END - 30 * MINUTE, mono=30 * MINUTE, ahead=HOUR)
    event = made(END - MINUTE, mono=59 * MINUTE, ahead=HOUR)
    mark = contact(END + 10 * MINUTE, mono=1_000, ahead=HOUR, session="later")
    assert of(event, mark, earlier) == ("late_counted", "")


@given(CLOCKS, CLOCKS, CLOCKS, MOMENTS, MOMENTS)
def test_an_earlier_contact_never_makes_an_estimate_later_than_the_mark(
    event: DeviceClock, mark: DeviceClock, before: DeviceClock, at: int, earlier_at: int
) -> None:
    found = estimates(event, ClockMark(mark, at), ClockMark(before, earlier_at))
    assert all(moment <= at for moment in found)


@pytest.mark.parametrize(
    ("mono", "wall", "session", "expected"),
    [
        (MINUTE, MINUTE, "s", False),
        (MINUTE, MINUTE + SLACK_MS, "s", False),
        (MINUTE, MINUTE + SLACK_MS + 1, "s", True),
        (MINUTE - SLACK_MS - 1, MINUTE, "s", True),
        (0, MINUTE, "other", True),
    ],
)
def test_marks_that_say_something_new_are_kept(mono: int, wall: int, session: str, expected: bool) -> None:
    kept = ClockMark(DeviceClock("s", 0, NINE), NINE)
    mark = ClockMark(DeviceClock(session, mono, NINE + wall), NINE + MINUTE)
    assert worth_keeping(mark, kept) is expected
    assert worth_keeping(mark, None)
