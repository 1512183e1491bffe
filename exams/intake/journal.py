"""How does a batch of events become rows of the journal, and what do they then amount to?"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from exams import timing
from exams.intake.connection import Connection
from exams.intake.facts import SittingFacts
from exams.intake.protocol import Batch, Event, chain_text, genesis
from exams.intake.ticket import Ticket
from exams.projection import JournalEvent, Projection, project, value_of

log = logging.getLogger(__name__)

_TIME_OVER = b'"time"'
_APPEND = """
INSERT INTO exams_responseevent
  (sitting_id, device, seq, epoch, kind, item_ref, body, digest, received_at, estimated_at, verdict, reason)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (sitting_id, device, seq) DO NOTHING
"""
_CONFLICT = """
INSERT INTO exams_conflictingevent (sitting_id, device, seq, body, digest, received_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (sitting_id, device, seq, digest) DO NOTHING
"""

_FIRST_HAND_IN = """
SELECT digest FROM exams_responseevent
WHERE sitting_id = %s AND kind = 'hand_in' AND reason IN ('', 'after_end') ORDER BY id LIMIT 1
"""
_LAST_EVENT = """
SELECT digest FROM exams_responseevent WHERE sitting_id = %s ORDER BY epoch DESC, seq DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that is new to the journal, with the judgement that is written beside it for good."""

    event: Event
    judgement: timing.Judgement


@dataclass(frozen=True, slots=True)
class Ending:
    """A device has nothing beyond `last_seq`; with a `cause` the sitting is handed in as of `at` (ms)."""

    last_seq: int
    cause: str
    at: int


def admit(
    db: Connection,
    ticket: Ticket,
    batch: Batch,
    facts: SittingFacts,
    refs: frozenset[str],
    epoch: int,
    received_at: int,
) -> list[Entry]:
    """Write the batch's new events and return them; repeated ones are passed over. `epoch`: the highest
    under which this device may have made events; `refs`: the items of the form."""
    sequences = [event.body.seq for event in batch.events]
    known = _digests(db, ticket, min(sequences) - 1, max(sequences))
    mark = timing.DeviceClock(batch.header.clock, batch.header.mono, batch.header.wall)
    entries: list[Entry] = []
    for event in sorted(batch.events, key=lambda event: event.body.seq):
        present = known.get(event.body.seq)
        if present is None:
            judgement = _judge(event, mark, facts, refs, epoch, known, ticket, received_at)
            known[event.body.seq] = event.digest
            entries.append(Entry(event, judgement))
        elif present != event.digest:
            _keep_conflict(db, ticket, event, received_at)
    db.change_many(_APPEND, [_row(db, ticket, entry, received_at) for entry in entries])
    return entries


def endings(facts: SittingFacts, entries: list[Entry], received_at: int) -> list[Ending]:
    """Which of the new events end a device's part, or the whole sitting, and when. Pure."""
    found = []
    for entry in entries:
        body = entry.event.body
        if body.kind not in ("hand_in", "close") or not _takes_effect(facts, entry, received_at):
            continue
        # A wall clock set forward between two page loads puts the hand-in hours too early.
        at = max(entry.judgement.estimated_at or received_at, facts.started_at or 0)
        in_time = facts.ends_at is None or (at < facts.ends_at and bytes(body.value) != _TIME_OVER)
        cause = ("candidate" if in_time else "time") if body.kind == "hand_in" else ""
        found.append(Ending(body.seq, cause, at if facts.ends_at is None else min(at, facts.ends_at)))
    return found


def _takes_effect(facts: SittingFacts, entry: Entry, received_at: int) -> bool:
    """A forged or misplaced event closes nothing, and no phone's wrong clock ends a sitting early."""
    if entry.judgement.reason not in ("", "after_end"):
        return False
    says_time_over = entry.event.body.kind == "hand_in" and bytes(entry.event.body.value) == _TIME_OVER
    return not (says_time_over and facts.ends_at and received_at < facts.ends_at - timing.CONTRADICTION_MS)


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
    rows = db.query(
        "SELECT epoch, seq, kind, item_ref, body, verdict, device FROM exams_responseevent"
        " WHERE sitting_id = %s AND verdict <> 'quarantined'",
        (key,),
    )
    return project(
        JournalEvent(epoch, seq, kind, ref, value_of(body), verdict == "late_counted", device)
        for epoch, seq, kind, ref, body, verdict, device in rows
    )


def last_digest(db: Connection, key: int) -> bytes | None:
    """Digest of the first hand-in that counts; without one (the server closed it), of the last event."""
    for sql in (_FIRST_HAND_IN, _LAST_EVENT):
        if rows := db.query(sql, (key,)):
            return bytes(rows[0][0])
    return None


def _judge(
    event: Event,
    mark: timing.DeviceClock,
    facts: SittingFacts,
    refs: frozenset[str],
    epoch: int,
    known: dict[int, bytes],
    ticket: Ticket,
    received_at: int,
) -> timing.Judgement:
    body = event.body
    clock = timing.DeviceClock(body.clock, body.mono, body.wall)
    judgement = timing.judge(clock, mark, received_at=received_at, times=facts.times)
    predecessor = genesis(facts.public_id, ticket.device) if body.seq == 1 else known.get(body.seq - 1)
    fault = ""
    if predecessor is not None and body.prev != chain_text(predecessor):
        fault = "broken_chain"
    elif body.epoch > epoch:
        fault = "unknown_epoch"
    elif body.item and body.item not in refs:
        fault = "unknown_item"
    if fault:
        log.warning("sitting %s device %s seq %s: %s", facts.public_id, ticket.device, body.seq, fault)
        return timing.Judgement("quarantined", fault, judgement.estimated_at)
    return judgement


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


def _row(db: Connection, ticket: Ticket, entry: Entry, received_at: int) -> tuple[Any, ...]:
    body, judgement = entry.event.body, entry.judgement
    return (
        ticket.key,
        ticket.device,
        body.seq,
        body.epoch,
        body.kind,
        body.item,
        entry.event.raw,
        entry.event.digest,
        db.time_in(received_at),
        db.time_in(judgement.estimated_at),
        judgement.verdict,
        judgement.reason,
    )
