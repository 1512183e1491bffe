"""How does a batch of events become rows of the journal, and what do they then amount to?"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from exams import timing
from exams.counting import other_event
from exams.intake.connection import Connection, JournalRow
from exams.intake.facts import Running
from exams.intake.protocol import Batch, Event, SaveHeader, chain_text, genesis
from exams.intake.ticket import Ticket
from exams.projection import JournalEvent, Projection, project, shown, value_of

log = logging.getLogger(__name__)

ENDING_KINDS = frozenset({"hand_in", "close"})
_TIME_OVER = b'"time"'
_CONFLICT = """
INSERT INTO exams_conflictingevent (sitting_id, device, seq, body, digest, received_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (sitting_id, device, seq, digest) DO NOTHING
"""
_HAND_INS = """
SELECT sitting_id, digest FROM exams_responseevent
WHERE {among} AND kind = 'hand_in' AND reason IN ('', 'after_end') ORDER BY id DESC
"""
_LAST_EVENT = """
SELECT digest FROM exams_responseevent WHERE sitting_id = %s ORDER BY epoch DESC, seq DESC LIMIT 1
"""
_COUNTED = """
SELECT e.sitting_id, f.purpose, e.epoch, e.seq, e.kind, e.item_ref, e.body, e.verdict, e.device, other.body
FROM exams_responseevent e
JOIN exams_sitting s ON s.id = e.sitting_id JOIN exams_form f ON f.id = s.form_id
LEFT JOIN exams_decision d ON d.event_id = e.id
LEFT JOIN (
  SELECT c.sitting_id, c.device, c.seq, c.body
  FROM exams_conflictingevent c JOIN exams_decision x ON x.conflict_id = c.id WHERE x.counts
) other ON other.sitting_id = e.sitting_id AND other.device = e.device AND other.seq = e.seq
WHERE {among} AND (e.verdict <> 'quarantined' OR d.counts OR other.body IS NOT NULL)
"""


class Origin(NamedTuple):
    """Whose batch this is, what is known of its device's clocks, and when its sitting runs. `mark.at` is
    `received_at`, unless a person carried the batch here; `earlier`: a contact of the same device before it.
    """

    ticket: Ticket
    mark: timing.ClockMark
    earlier: timing.ClockMark | None
    received_at: int
    times: timing.SittingTimes


class Entry(NamedTuple):
    """An event that is new to the journal, with the judgement that is written beside it for good."""

    event: Event
    judgement: timing.Judgement


class Ending(NamedTuple):
    """A sitting's device has nothing beyond `last_seq`; with a `cause` it is handed in as of `at` (ms)."""

    sitting: int
    device: str
    last_seq: int
    cause: str
    at: int


def clock_of(header: SaveHeader) -> timing.DeviceClock:
    return timing.DeviceClock(header.clock, header.mono, header.wall)


def admit(db: Connection, batch: Batch, origin: Origin, refs: frozenset[str], epoch: int) -> list[Entry]:
    """Write the batch's new events and return them; repeated ones are passed over. `epoch`: the highest
    under which this device may have made events; `refs`: the items of the form."""
    ticket = origin.ticket
    sequences = [event.body.seq for event in batch.events]
    known = _digests(db, ticket, min(sequences) - 1, max(sequences))
    entries: list[Entry] = []
    for event in sorted(batch.events, key=lambda event: event.body.seq):
        seq = event.body.seq
        present = known.get(seq)
        if present is None:
            previous = genesis(ticket.sitting, ticket.device) if seq == 1 else known.get(seq - 1)
            entries.append(Entry(event, judge(event, origin, refs, epoch, previous)))
            known[seq] = event.digest
        elif present != event.digest:
            _keep_conflict(db, ticket, event, origin.received_at)
    if entries:
        db.append([row_of(origin, entry.event, entry.judgement) for entry in entries])
    return entries


def judge(
    event: Event, origin: Origin, refs: frozenset[str], epoch: int, previous: bytes | None
) -> timing.Judgement:
    """In time or not, and not forged. `previous`: digest of the event before, None while it is missing."""
    body = event.body
    judgement = timing.judge(
        timing.DeviceClock(body.clock, body.mono, body.wall),
        origin.mark,
        received_at=origin.received_at,
        times=origin.times,
        earlier=origin.earlier,
    )
    fault = ""
    if previous is not None and body.prev != chain_text(previous):
        fault = "broken_chain"
    elif body.epoch > epoch:
        fault = "unknown_epoch"
    elif body.item and body.item not in refs:
        fault = "unknown_item"
    if fault:
        ticket = origin.ticket
        log.warning("sitting %s device %s seq %s: %s", ticket.sitting, ticket.device, body.seq, fault)
        return timing.Judgement("quarantined", fault, judgement.estimated_at)
    return judgement


def row_of(origin: Origin, event: Event, judgement: timing.Judgement) -> JournalRow:
    body = event.body
    return (
        origin.ticket.key,
        origin.ticket.device,
        body.seq,
        body.epoch,
        body.kind,
        body.item,
        event.raw,
        event.digest,
        origin.received_at,
        judgement.estimated_at,
        judgement.verdict,
        judgement.reason,
    )


def endings(facts: Running, entries: Sequence[Entry], origin: Origin) -> list[Ending]:
    """Which of the new events end a device's part, or the whole sitting, and when. Pure."""
    found = []
    ends_at, received_at = origin.times.ends_at, origin.received_at
    for entry in entries:
        body = entry.event.body
        if body.kind not in ENDING_KINDS or not _takes_effect(facts, entry, received_at):
            continue
        # A wall clock set forward between two page loads puts the hand-in hours too early.
        at = max(entry.judgement.estimated_at or received_at, facts.started_at or 0)
        in_time = ends_at is None or (at < ends_at and bytes(body.value) != _TIME_OVER)
        cause = ("candidate" if in_time else "time") if body.kind == "hand_in" else ""
        at = at if ends_at is None else min(at, ends_at)
        found.append(Ending(facts.key, origin.ticket.device, body.seq, cause, at))
    return found


def _takes_effect(facts: Running, entry: Entry, received_at: int) -> bool:
    """A forged or misplaced event closes nothing, and no phone's wrong clock ends a sitting early."""
    if entry.judgement.reason not in ("", "after_end"):
        return False
    says_time_over = entry.event.body.kind == "hand_in" and bytes(entry.event.body.value) == _TIME_OVER
    if not says_time_over or facts.ends_at is None:
        return True
    # A phone that cannot have heard of the pause believes that its time is over; it will hear now.
    return facts.paused_at is None and received_at >= facts.ends_at - timing.CONTRADICTION_MS


def high_water_mark(db: Connection, key: int, device: str) -> tuple[int, list[list[int]]]:
    """Highest n such that 1..n have all arrived, and up to ten gaps [from, to] beyond it."""
    count, highest = db.query(
        "SELECT COUNT(*), COALESCE(MAX(seq), 0) FROM exams_responseevent"
        " WHERE sitting_id = %s AND device = %s",
        (key, device),
    )[0]
    if count == highest:
        return int(highest), []
    rows = db.query(
        "SELECT seq FROM exams_responseevent WHERE sitting_id = %s AND device = %s ORDER BY seq",
        (key, device),
    )
    gaps: list[list[int]] = []
    expected = 1
    for (seq,) in rows:
        if seq != expected:
            gaps.append([expected, seq - 1])
        expected = seq + 1
    return gaps[0][0] - 1, gaps[:10]


def projection(db: Connection, key: int) -> Projection:
    """The current responses, from what the rules counted and what people decided: the only way to them."""
    return projections(db, [key])[key]


def projections(db: Connection, keys: Sequence[int]) -> dict[int, Projection]:
    """`projection` of many sittings, in one query."""
    return {key: project(own, practice=practice) for key, (practice, own) in _counted(db, keys).items()}


def shown_in_practice(db: Connection, key: int) -> list[tuple[str, Any]]:
    """`exams.projection.shown` of a practice sitting."""
    return shown(_counted(db, [key])[key][1])


def _counted(db: Connection, keys: Sequence[int]) -> dict[int, tuple[bool, list[JournalEvent]]]:
    """Of each sitting whether it is practice (False without events), and the events that count."""
    found: dict[int, tuple[bool, list[JournalEvent]]] = {key: (False, []) for key in keys}
    for key, purpose, *row in db.query(_COUNTED.format(among=db.among("e.sitting_id")), (db.list_in(keys),)):
        found[key] = (purpose == "practice", found[key][1])
        found[key][1].append(_counted_event(*row))
    return found


def _counted_event(
    epoch: int, seq: int, kind: str, ref: str, body: str, verdict: str, device: str, instead: str | None
) -> JournalEvent:
    if instead is None:
        return JournalEvent(epoch, seq, kind, ref, value_of(body), verdict != "counted", device)
    return other_event(device, seq, instead)


def last_digests(db: Connection, keys: Sequence[int]) -> dict[int, bytes]:
    """Digest of each sitting's first hand-in that counts; without one (the server closed it), of its last
    event. Sittings without events are left out.
    """
    hand_ins = db.query(_HAND_INS.format(among=db.among("sitting_id")), (db.list_in(keys),))
    found = {key: bytes(digest) for key, digest in hand_ins}
    for key in set(keys) - set(found):
        if rows := db.query(_LAST_EVENT, (key,)):
            found[key] = bytes(rows[0][0])
    return found


def _digests(db: Connection, ticket: Ticket, first: int, last: int) -> dict[int, bytes]:
    rows = db.query(
        "SELECT seq, digest FROM exams_responseevent"
        " WHERE sitting_id = %s AND device = %s AND seq BETWEEN %s AND %s",
        (ticket.key, ticket.device, first, last),
    )
    return {seq: bytes(digest) for seq, digest in rows}


def _keep_conflict(db: Connection, ticket: Ticket, event: Event, received_at: int) -> None:
    log.error(
        "ALARM sitting %s device %s seq %s came again with other bytes",
        ticket.sitting,
        ticket.device,
        event.body.seq,
    )
    db.change(
        _CONFLICT,
        (ticket.key, ticket.device, event.body.seq, event.raw, event.digest, db.time_in(received_at)),
    )
