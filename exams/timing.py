"""When does a sitting end, and was this response given in time? Pure; all times are ms since the epoch.

Only the server's clock decides. A device's clocks are evidence: every batch says what they showed when
it was sent, so the age of each event can be read off and subtracted from the moment of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

GRACE_MS = 20_000
"""How long after the end the last save may still be on its way before the sweeper closes the sitting."""
SLACK_MS = 2_000
"""What rounding, rendering and the network may add to an honest event's estimated time."""
CONTRADICTION_MS = 30_000
"""Two clocks of one device that disagree by more than this are a matter for a person."""


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """What a device's clocks showed: `session` names the page load, in which `mono` (ms) counts up."""

    session: str
    mono: int
    wall: int


@dataclass(frozen=True, slots=True)
class SittingTimes:
    """`closed_at` is when the candidate may no longer respond: the hand-in, or the end of time."""

    state: str
    started_at: int | None
    ends_at: int | None
    closed_at: int | None


@dataclass(frozen=True, slots=True)
class Judgement:
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


def estimates(event: DeviceClock, mark: DeviceClock, received_at: int) -> list[int]:
    """Server times at which the event may have been made, best evidence first; none is after arrival.

    `mark` is what the same device's clocks showed when it sent the batch. Within one page load the
    monotonic clock is the best witness (it may stop in sleep, so the wall clock is heard too); across
    page loads only the wall clock bridges the gap.
    """
    found: list[int] = []
    if event.session == mark.session and event.mono <= mark.mono:
        found.append(received_at - (mark.mono - event.mono))
    if event.wall <= mark.wall + SLACK_MS:
        found.append(min(received_at, received_at - (mark.wall - event.wall)))
    return found


def judge(event: DeviceClock, mark: DeviceClock, *, received_at: int, times: SittingTimes) -> Judgement:
    """Counted, late-counted or quarantined (with a reason), by the moment the response was given.

    An event that arrived before the sitting closed was given in time whatever the device's clocks say,
    since nothing is sent before it is made. One that arrives later counts when all evidence puts it
    before the close; when evidence is missing, or contradicts itself across the close by more than 30 s,
    a person decides.
    """
    if times.state in ("ready", "voided"):
        return Judgement("quarantined", "not_started" if times.state == "ready" else "voided", None)
    found = estimates(event, mark, received_at)
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
    late = times.ends_at is not None and received_at > times.ends_at + GRACE_MS
    return Judgement("late_counted" if late else "counted", "", best)
