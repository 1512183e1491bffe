"""Do a sitting's state, times, grants and pauses agree? Pure; all times are ms since the epoch."""

from __future__ import annotations

from collections.abc import Iterator

from exams import timing
from exams.verification import Finding, SittingRecord

ROUNDING_MS = 1_000
_BEGUN = {"started", "handed_in", "sealed"}
_OVER = {"handed_in", "sealed"}


def state_findings(record: SittingRecord) -> Iterator[Finding]:
    for what in _moments(record):
        yield Finding(record.public_id, "times", what)
    if record.state == "sealed" and record.sealed_at is not None and not _may_be_sealed(record):
        yield Finding(
            record.public_id, "sealed", "sealed before everything had arrived and before the cut-off"
        )
    granted = sum(seconds for _, seconds in record.grants)
    if granted != record.granted_seconds:
        yield Finding(
            record.public_id, "grants", f"{record.granted_seconds} s in all, but grants of {granted} s"
        )
    expected = expected_end(record)
    if record.started_at is not None and not _same(expected, record.ends_at):
        off = "no end" if record.ends_at is None else f"{((expected or 0) - record.ends_at) / 1000:+.0f} s"
        yield Finding(record.public_id, "end", f"the end that follows from its record differs: {off}")
    if record.paused_at is not None and not record.pauses:
        yield Finding(record.public_id, "pause", "paused, but no open pause concerns it")
    if record.paused_at is None and record.pauses and record.state in ("ready", "started"):
        yield Finding(record.public_id, "pause", "an open pause concerns it, but its time runs", wrong=False)


def expected_end(record: SittingRecord) -> int | None:
    """The end as the rules, the grants, the pauses and the reopenings make it, one after the other."""
    if record.started_at is None:
        return None
    end = timing.ends_at(
        started_at=record.started_at,
        limit_seconds=record.limit_seconds,
        time_percent=record.time_percent,
        granted_seconds=0,
        closes_at=record.closes_at,
    )
    if end is None:
        return None
    since = record.started_at
    for at, kind, seconds in _movements(record):
        if kind == "grant":
            end += seconds * 1000
        elif kind == "resumed":
            end += max(0, at - since)
        else:
            # Opened again in the middle of a pause, it stands still from that moment.
            end = max(at, end) + seconds * 1000 if kind == "reopened" else end
            since = max(at, record.started_at)
    return end


def _movements(record: SittingRecord) -> list[tuple[int, str, int]]:
    """What moved the end, in order; the grant that belongs to a reopening is told by that."""
    reopened = [
        (at, kind, int(str(detail.get("seconds", 0))))
        for at, kind, detail in record.happenings
        if kind == "reopened"
    ]
    grants = list(record.grants)
    for at, _, seconds in reopened:
        if (at, seconds) in grants:
            grants.remove((at, seconds))
    others = [(at, kind, 0) for at, kind, _ in record.happenings if kind in ("paused", "resumed")]
    given = [(at, "grant", seconds) for at, seconds in grants]
    return sorted([*reopened, *others, *given], key=lambda movement: movement[0])


def _moments(record: SittingRecord) -> Iterator[str]:
    """What is missing or stands where it should not."""
    state = record.state
    if state in _BEGUN and record.started_at is None:
        yield f"{state}, but never started"
    if state == "ready" and record.started_at is not None:
        yield "ready, but it has a start"
    if state in _OVER and (record.handed_in_at is None or not record.handed_in_cause):
        yield f"{state}, but no hand-in with time and cause"
    if state in ("ready", "started") and (record.handed_in_at is not None or record.handed_in_cause):
        yield f"{state}, but it has a hand-in"
    if (state == "sealed") is not (record.sealed_at is not None) and state != "voided":
        yield f"{state}, but {'no' if record.sealed_at is None else 'a'} time of sealing"
    ordered = [record.started_at, record.handed_in_at, record.sealed_at]
    known = [moment for moment in ordered if moment is not None]
    if known != sorted(known):
        yield "start, hand-in and sealing are not in this order"


def _may_be_sealed(record: SittingRecord) -> bool:
    sealed_at, handed_in_at = record.sealed_at or 0, record.handed_in_at or 0
    if sealed_at + ROUNDING_MS >= handed_in_at + record.cut_off_ms:
        return True
    recalled = any(kind == "device_recalled" and at >= sealed_at for at, kind, _ in record.happenings)
    return recalled or _complete_at_seal(record)


def _complete_at_seal(record: SittingRecord) -> bool:
    """Every device that was part of it had said its last number, and everything up to that is here."""
    numbers: dict[str, set[int]] = {}
    late: set[str] = set()
    for row in record.kept:
        if row.reason == "after_seal":
            late.add(row.device)
        else:
            numbers.setdefault(row.device, set()).add(row.seq)
    for device in record.devices:
        own = numbers.get(device.device, set())
        if not device.entered or (not own and device.device in late):
            continue
        if not device.closed or device.last_seq is None:
            return False
        if not own.issuperset(range(1, device.last_seq + 1)):
            return False
    return True


def _same(one: int | None, other: int | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= ROUNDING_MS
