"""When does a sitting end, and was this response given in time? Pure; all times are ms since the epoch.

Only the server's clock decides. A device's clocks are evidence: every batch says what they showed when
it was sent, so the age of each event can be read off and subtracted from the moment of arrival.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

GRACE_MS = 20_000
"""How long after the end the last save may still be on its way before the sweeper closes the sitting."""
SLACK_MS = 2_000
"""What rounding, rendering and the network may add to an honest event's estimated time."""
PRACTICE_CUT_OFF_HOURS = 24
"""How long practice, which no administration rules, waits for a device that has not delivered everything."""
CONTRADICTION_MS = 30_000
"""Two clocks of one device that disagree by more than this are a matter for a person."""


class DeviceClock(NamedTuple):
    """What a device's clocks showed: `session` names the page load, in which `mono` (ms) counts up."""

    session: str
    mono: int
    wall: int


class ClockMark(NamedTuple):
    """What a device's clocks showed when the server's clock showed `at`."""

    clock: DeviceClock
    at: int

    @property
    def offset(self) -> int:
        """How far the device's date runs ahead of the server's."""
        return self.clock.wall - self.at


class SittingTimes(NamedTuple):
    """`closed_at` is when the candidate may no longer respond: the hand-in, or the end of time."""

    state: str
    started_at: int | None
    ends_at: int | None
    closed_at: int | None


class Judgement(NamedTuple):
    verdict: str
    reason: str
    estimated_at: int | None


def ends_at(
    *,
    started_at: int,
    limit_seconds: int | None,
    time_percent: int,
    granted_seconds: int,
    closes_at: int | None,
) -> int | None:
    """End of a sitting: the accommodated limit, capped at the window's close, plus what was granted.

    Grants are added after the cap, because a grant given to make up for lost time must not be eaten by
    the window. None when the sitting has no limit (practice).
    """
    if limit_seconds is None:
        return None
    end = started_at + limit_seconds * time_percent * 10
    if closes_at is not None:
        end = min(end, closes_at)
    return end + granted_seconds * 1000


def estimates(event: DeviceClock, mark: ClockMark, earlier: ClockMark | None = None) -> list[int]:
    """Server times at which the event may have been made, best evidence first; none is after `mark.at`.

    `mark` is what the same device's clocks showed when it sent the batch, `earlier` an earlier contact. A
    date that was not touched between the two bridges sleep and page loads by itself. Otherwise, within one
    page load the monotonic clock is the best witness (it may stop in sleep, so the date is heard too); across
    page loads there is only the date.
    """
    now = mark.clock
    found: list[int] = []
    if event.session == now.session and event.mono <= now.mono:
        found.append(mark.at - (now.mono - event.mono))
    if event.wall > now.wall + SLACK_MS:
        return found
    by_date = min(mark.at, mark.at - (now.wall - event.wall))
    if found and abs(found[0] - by_date) <= SLACK_MS:
        return [found[0], by_date]  # both clocks agree, as they nearly always do
    if earlier is not None and untouched(event, mark, earlier):
        return [by_date]
    return [*found, by_date]


def untouched(event: DeviceClock, mark: ClockMark, earlier: ClockMark) -> bool:
    """Was the device's date left alone from the earlier contact over the event to the mark?

    It must run ahead of the server's by as much as before. Within a page load it may gain on the monotonic
    clock, which sleeps, but never fall behind it: that is a date set back.
    """
    readings = [earlier.clock, event, mark.clock]
    fallen = any(
        before.session == after.session and _lead(after) < _lead(before) - CONTRADICTION_MS
        for before, after in pairwise(readings)
    )
    return not fallen and same_date(mark, earlier)


def same_date(mark: ClockMark, earlier: ClockMark) -> bool:
    return abs(mark.offset - earlier.offset) <= CONTRADICTION_MS


def _lead(clock: DeviceClock) -> int:
    return clock.wall - clock.mono


def judge(
    event: DeviceClock,
    mark: ClockMark,
    *,
    received_at: int,
    times: SittingTimes,
    earlier: ClockMark | None = None,
) -> Judgement:
    """Counted, late-counted or quarantined (with a reason), by the moment the response was given.

    An event that arrived before the sitting closed was given in time whatever the device's clocks say,
    since nothing is sent before it is made. One that arrives later counts when all evidence puts it
    before the close; when evidence is missing, or contradicts itself across the close by more than 30 s,
    a person decides. `mark.at` is `received_at`, unless a person carried the batch here.
    """
    if times.state in ("ready", "voided"):
        return Judgement("quarantined", "not_started" if times.state == "ready" else "voided", None)
    found = estimates(event, mark, earlier)
    # A forged clock may point before any calendar: what is stored must be a moment that databases know.
    best = max(found[0], 0) if found else None
    if times.state == "sealed":
        return Judgement("quarantined", "after_seal", best)
    if times.closed_at is None or received_at <= times.closed_at:
        return Judgement("counted", "", best if best is not None else received_at)
    if best is None:
        return Judgement("quarantined", "no_clock", None)
    if times.started_at is not None and min(found) < times.started_at - CONTRADICTION_MS:
        return Judgement("quarantined", "before_start", best)
    after_close = [moment > times.closed_at + SLACK_MS for moment in found]
    if any(after_close) and not all(after_close) and max(found) - min(found) > CONTRADICTION_MS:
        return Judgement("quarantined", "clock_contradiction", best)
    if after_close[0]:
        return Judgement("quarantined", "after_end", best)
    if event.session != mark.clock.session and earlier is not None and not same_date(mark, earlier):
        # Only the date speaks for it, and that was set to another one in between.
        return Judgement("quarantined", "clock_contradiction", best)
    late = times.ends_at is not None and received_at > times.ends_at + GRACE_MS
    return Judgement("late_counted" if late else "counted", "", best)


def worth_keeping(mark: ClockMark, kept: ClockMark | None) -> bool:
    """Does the mark say what the kept one does not: another page load, a sleep, a date that was set?"""
    if kept is None or kept.clock.session != mark.clock.session:
        return True
    return abs(_lead(mark.clock) - _lead(kept.clock)) > SLACK_MS or abs(mark.offset - kept.offset) > SLACK_MS
