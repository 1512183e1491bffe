"""What does the intake read and write of one sitting? Its SQL, run by the writer inside one transaction.

Saves of running sittings come in groups and go through `saving.py`; `Store.save` here is the careful way for
everything out of the ordinary: a first contact, a hand-in, gaps and repetitions, a sitting that is over.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from exams import timing
from exams.intake import journal
from exams.intake.connection import Connection
from exams.intake.facts import Device, DeviceMark, Running, SittingFacts, device_of, newest_epoch
from exams.intake.protocol import Batch, WireError, receipt_code
from exams.intake.ticket import Ticket
from exams.projection import Projection

log = logging.getLogger(__name__)

_FACTS = """
SELECT s.id, s.public_id, s.state, s.started_at, s.ends_at, s.handed_in_at, s.paused_at, s.form_id,
       COALESCE(s.announcement_id, 0), a.opens_at, s.handed_in_cause, s.time_percent, s.granted_seconds,
       s.candidate_id, f.public_id, f.purpose, f.title_sr, f.title_en, a.id, a.public_id, a.limit_seconds,
       a.cut_off_hours, a.closes_at, a.title_sr, a.title_en
FROM exams_sitting s JOIN exams_form f ON f.id = s.form_id
LEFT JOIN exams_administration a ON a.id = s.administration_id
"""
_DEVICES = """
SELECT device, epoch, entered, mark_clock, mark_mono, mark_wall, mark_at
FROM exams_sittingdevice WHERE sitting_id = %s
"""
_KEEP_MARK = """
UPDATE exams_sittingdevice SET mark_clock = %s, mark_mono = %s, mark_wall = %s, mark_at = %s
WHERE sitting_id = %s AND device = %s
"""
_CLOSE_DEVICE = """
UPDATE exams_sittingdevice SET last_seq = %s, closed = %s WHERE sitting_id = %s AND device = %s
"""
_STARTED = """
SELECT s.id FROM exams_sitting s WHERE {among} AND s.state = 'started' ORDER BY s.id
"""
_HAND_IN = """
UPDATE exams_sitting SET state = 'handed_in', handed_in_at = %s, handed_in_cause = %s, paused_at = NULL
WHERE id = %s
"""
_NOTE = "INSERT INTO exams_sittingevent (sitting_id, kind, at, detail) VALUES (%s, %s, %s, '{}')"
_NEWS = """
SELECT n.id, n.text_sr, n.text_en, n.at FROM exams_announcement n
JOIN exams_sitting s ON s.administration_id = n.administration_id
WHERE s.id = %s AND n.id > %s AND n.id <= s.announcement_id AND (n.sitting_id IS NULL OR n.sitting_id = s.id)
  AND (n.class_group_id IS NULL OR n.class_group_id IN (
    SELECT class_group_id FROM accounts_enrollment WHERE person_id = s.candidate_id AND role = 'pupil'))
  AND (n.school_id IS NULL OR n.school_id IN (
    SELECT g.school_id FROM accounts_enrollment e JOIN accounts_classgroup g ON g.id = e.class_group_id
    WHERE e.person_id = s.candidate_id AND e.role = 'pupil'))
ORDER BY n.id
"""


class SaveResult(NamedTuple):
    """What the reply says, and whether something moved that others wait for."""

    facts: Running
    acked_upto: int
    gaps: list[list[int]]
    epoch: int
    receipt: dict[str, Any] | None
    moved: bool
    notices: list[dict[str, Any]]


class Store:
    """Every method runs inside the writer's transaction and on its thread."""

    def __init__(self, connection: Connection) -> None:
        self.db = connection
        self._form_refs: dict[int, frozenset[str]] = {}

    # ---- reading -----------------------------------------------------------------------------------
    def facts(self, key: int, *, lock: bool = False) -> SittingFacts:
        """With `lock` nobody else moves the sitting or grants time until this transaction ends."""
        return self._facts("WHERE s.id = %s" + (self.db.row_lock if lock else ""), key)

    def facts_of(self, sitting: str, person: str) -> SittingFacts:
        """The doorway of the hot path: a sitting is found only together with the pupil it belongs to."""
        try:
            values = (self.db.id_in(sitting), self.db.id_in(person))
        except ValueError:
            raise WireError(404, "no_such_sitting") from None
        return self._facts(
            "JOIN accounts_person p ON p.id = s.candidate_id WHERE s.public_id = %s AND p.public_id = %s",
            *values,
        )

    def form_refs(self, form_key: int) -> frozenset[str]:
        """A published form never changes, so its item refs are remembered for ever."""
        if form_key not in self._form_refs:
            rows = self.db.query(
                "SELECT v.ref FROM exams_formitem i JOIN exams_itemversion v ON v.id = i.version_id"
                " WHERE i.form_id = %s",
                (form_key,),
            )
            self._form_refs[form_key] = frozenset(row[0] for row in rows)
        return self._form_refs[form_key]

    def devices(self, key: int) -> dict[str, Device]:
        rows = self.db.query(_DEVICES, (key,))
        return {row[0]: device_of(row, self.db.time_out) for row in rows}

    def news(self, key: int, after: int) -> list[dict[str, Any]]:
        """Announcements to this sitting that are newer than number `after`, oldest first."""
        rows = self.db.query(_NEWS, (key, after))
        return [{"id": id_, "sr": sr, "en": en, "at": self.db.time_out(at)} for id_, sr, en, at in rows]

    def receipt(self, facts: Running) -> dict[str, Any] | None:
        """What was handed in, with the code that the phone can work out by itself; None before hand-in."""
        return self.receipts([facts]).get(facts.key)

    def receipts(self, found: Sequence[Running]) -> dict[int, dict[str, Any]]:
        """`receipt` of those that are handed in, by their keys, in two queries."""
        over = {facts.key: facts for facts in found if facts.state in ("handed_in", "sealed")}
        if not over:
            return {}
        projections = journal.projections(self.db, sorted(over))
        digests = journal.last_digests(self.db, sorted(over))
        return {key: self._receipt(facts, projections[key], digests.get(key)) for key, facts in over.items()}

    def _receipt(self, facts: Running, projection: Projection, digest: bytes | None) -> dict[str, Any]:
        refs = self.form_refs(facts.form_key)
        return {
            "answered": sum(
                1 for ref, value in projection.responses.items() if ref in refs and value is not None
            ),
            "of": len(refs),
            "code": receipt_code(digest) if digest else "",
            "handed_in_at": facts.handed_in_at,
            "final": facts.state == "sealed",
        }

    # ---- writing -----------------------------------------------------------------------------------
    def start(self, key: int, now: int, *, by_code: bool = False) -> SittingFacts:
        """Moves ready → started. Idempotent: the first start decides, every later one returns its times.

        `by_code`: it began on a phone without a network, which nobody can have paused.
        """
        facts = self.facts(key, lock=True)
        if facts.state != "ready":
            if facts.state == "voided":
                raise WireError(409, "voided")
            return facts
        if facts.opens_at is not None and now < facts.opens_at:
            raise WireError(409, "not_open_yet", opens_at=facts.opens_at)
        if facts.closes_at is not None and now >= facts.closes_at + facts.granted_seconds * 1000:
            raise WireError(409, "window_closed")
        if facts.paused_at is not None and not by_code:
            raise WireError(409, "paused", paused_at=facts.paused_at)
        ends_at = timing.ends_at(
            started_at=now,
            limit_seconds=facts.limit_seconds,
            time_percent=facts.time_percent,
            granted_seconds=facts.granted_seconds,
            closes_at=facts.closes_at,
        )
        self.db.change(
            "UPDATE exams_sitting SET state = 'started', started_at = %s, ends_at = %s"
            " WHERE id = %s AND state = 'ready'",
            (self.db.time_in(now), self.db.time_in(ends_at), key),
        )
        self._note(key, "started_by_code" if by_code else "started", now)
        return self.facts(key)

    def lease(self, key: int, device: str, now: int) -> int:
        """The epoch under which `device` may write now: unchanged for the newest device, else one more.

        Before the start it is only provisional: a phone that fetches the paper ahead enters nothing yet.
        After the hand-in nobody takes over: a device that only looks must not keep the sitting from being
        sealed, and one that comes back with what it kept writes under the epoch it had.
        """
        devices = self.devices(key)
        highest = max((one.epoch for one in devices.values()), default=0)
        state = self.facts(key).state
        if state == "started":
            return self.enter(key, device, now)
        if device in devices:
            return devices[device].epoch
        if state in ("handed_in", "sealed"):
            return max(highest, 1)
        self._register(key, device, highest + 1, now, anew=True, entered=False)
        return highest + 1

    def enter(self, key: int, device: str, now: int) -> int:
        """From now on this device writes; idempotent. The epoch is above that of every other that entered."""
        devices = self.devices(key)
        own, newest = devices.get(device), newest_epoch(devices)
        if own is not None and own.epoch >= newest:
            if not own.entered:
                self._register(key, device, own.epoch, now, anew=False, entered=True)
            return own.epoch
        epoch = max(one.epoch for one in devices.values()) + 1 if devices else 1
        self._register(key, device, epoch, now, anew=own is None, entered=True)
        if newest:
            self._note(key, "taken_over", now)
        return epoch

    def keep_marks(self, found: Sequence[DeviceMark]) -> None:
        """Remember what devices' clocks showed, to tell later whether a date was set.

        Nothing is learned from readings that no clock shows, and they fit no column.
        """
        rows = []
        for sitting, device, mark in found:
            clock = mark.clock
            if max(abs(clock.mono), abs(clock.wall)) < 2**53:
                session = clock.session[:16]
                readable = session.isascii() and session.isprintable()
                at = self.db.time_in(mark.at)
                rows.append((session if readable else "", clock.mono, clock.wall, at, sitting, device))
        self.db.change_many(_KEEP_MARK, rows)

    def save(self, ticket: Ticket, batch: Batch, received_at: int, *, carried: bool = False) -> SaveResult:
        """Append what is new, judge it, and say how far this device's sequence is complete.

        Idempotent and indifferent to order, repetition and splitting. Nothing in the journal is ever
        changed: other bytes under a known identity go to the conflicts, and raise an alarm in the log.
        `carried`: the batch came as a file or as pictures, so its clock mark is older than its arrival.
        """
        facts = self.facts(ticket.key)
        if facts.state != "started" and batch.events:
            # A sweeper that seals right now would leave these events outside of the score.
            facts = self.facts(ticket.key, lock=True)
        devices = self.devices(ticket.key)
        over = facts.state in ("handed_in", "sealed")
        own = devices.get(ticket.device)
        if (own is None or own.epoch < ticket.epoch) and (batch.events or not over):
            own = devices[ticket.device] = self._recall(ticket, devices, received_at, facts.state != "ready")
        mark = self._mark(batch, own, received_at, carried=carried)
        origin = journal.Origin(ticket, mark, own.mark if own else None, received_at, facts.times)
        moved = False
        if batch.events and own is not None:
            if facts.state == "ready":
                facts = self._start_again(facts, origin, batch)
                origin = origin._replace(times=facts.times)
                moved = facts.state == "started"
            if not own.entered and facts.state != "ready":
                self._register(ticket.key, ticket.device, own.epoch, received_at, anew=False, entered=True)
                devices[ticket.device] = Device(own.device, own.epoch, entered=True, mark=own.mark)
            refs = self.form_refs(facts.form_key)
            entries = journal.admit(self.db, batch, origin, refs, own.epoch)
            if endings := journal.endings(facts, entries, origin):
                self.end(endings)
                moved = True
            if moved:
                facts = self.facts(ticket.key)
        if own is not None and not carried and timing.worth_keeping(mark, own.mark):
            self.keep_marks([DeviceMark(ticket.key, ticket.device, mark)])
        acked_upto, gaps = journal.high_water_mark(self.db, ticket.key, ticket.device)
        epoch = newest_epoch(devices) or ticket.epoch
        news = self.news(ticket.key, batch.header.notice) if facts.announcement > batch.header.notice else []
        return SaveResult(facts, acked_upto, gaps, epoch, self.receipt(facts), moved, news)

    def end(self, endings: Sequence[journal.Ending]) -> None:
        """Moves started → handed_in where an ending has a cause, by the first of them; harmless where that
        has happened already.
        """
        self.db.change_many(_CLOSE_DEVICE, [(one.last_seq, True, one.sitting, one.device) for one in endings])
        hand_ins = {one.sitting: one for one in reversed(endings) if one.cause}
        if not hand_ins:
            return
        # In the order of their keys, so that two processes never wait for each other in a circle.
        started = self.db.query(
            _STARTED.format(among=self.db.among("s.id")) + self.db.row_lock,
            (self.db.list_in(sorted(hand_ins)),),
        )
        ended = [hand_ins[key] for (key,) in started]
        moments = [self.db.time_in(one.at) for one in ended]
        rows = [(at, one.cause, one.sitting) for at, one in zip(moments, ended, strict=True)]
        self.db.change_many(_HAND_IN, rows)
        notes = [(one.sitting, "handed_in", at) for at, one in zip(moments, ended, strict=True)]
        self.db.change_many(_NOTE, notes)

    # ---- started without a network; or a backup was put back ----------------------------------------
    def _recall(self, ticket: Ticket, devices: dict[str, Device], now: int, entered: bool) -> Device:
        """The device opened the sitting in a time this store has lost; its ticket, which we signed, tells."""
        taken = {one.epoch for one in devices.values()}
        epoch = max(taken) + 1 if ticket.epoch in taken else ticket.epoch
        anew = ticket.device not in devices
        self._register(ticket.key, ticket.device, epoch, now, anew=anew, entered=entered)
        self._note(ticket.key, "device_recalled", now)
        return Device(ticket.device, epoch, entered)

    def _start_again(self, facts: SittingFacts, origin: journal.Origin, batch: Batch) -> SittingFacts:
        """Who responds has begun: the sitting starts at the earliest of these events, if the window allows.

        So it goes for a paper that was opened by code without a network, and after a restored backup:
        otherwise everything that phones send again would wait for a person, as given before the start.
        """
        clocks = [
            timing.DeviceClock(event.body.clock, event.body.mono, event.body.wall) for event in batch.events
        ]
        moments = [timing.estimates(clock, origin.mark, origin.earlier)[:1] for clock in clocks]
        begun = min((moment for found in moments for moment in found), default=origin.received_at)
        by_code = any(event.body.kind == "unlocked" for event in batch.events)
        moment = min(max(begun, facts.opens_at or 0), origin.received_at)
        try:
            return self.start(facts.key, moment, by_code=by_code)
        except WireError:
            return facts

    def _mark(self, batch: Batch, own: Device | None, received_at: int, *, carried: bool) -> timing.ClockMark:
        """When the server's clock showed what the batch's header says. A carried batch was made earlier: by
        the device's date, as far as that ran ahead at the last contact.
        """
        clock = journal.clock_of(batch.header)
        if carried and own is not None and own.mark is not None:
            return timing.ClockMark(clock, min(received_at, clock.wall - own.mark.offset))
        return timing.ClockMark(clock, received_at)

    # ---- helpers -----------------------------------------------------------------------------------
    def _register(self, key: int, device: str, epoch: int, now: int, *, anew: bool, entered: bool) -> None:
        if anew:
            self.db.change(
                "INSERT INTO exams_sittingdevice"
                " (sitting_id, device, epoch, opened_at, closed, entered, mark_clock)"
                " VALUES (%s, %s, %s, %s, %s, %s, '')",
                (key, device, epoch, self.db.time_in(now), False, entered),
            )
        else:
            self.db.change(
                "UPDATE exams_sittingdevice SET epoch = %s, closed = %s, entered = %s"
                " WHERE sitting_id = %s AND device = %s",
                (epoch, False, entered, key, device),
            )

    def _facts(self, where: str, *values: Any) -> SittingFacts:
        rows = self.db.query(_FACTS + where, values)
        if not rows:
            raise WireError(404, "no_such_sitting")
        row = list(rows[0])
        for index in (3, 4, 5, 6, 9, 22):
            row[index] = self.db.time_out(row[index])
        row[1], row[14] = self.db.id_out(row[1]), self.db.id_out(row[14])
        row[19] = None if row[19] is None else self.db.id_out(row[19])
        title_sr, title_en = (row[23] or row[16], row[24] or row[17])
        return SittingFacts(*[*row[:16], title_sr, title_en, *row[18:23]])

    def _note(self, key: int, kind: str, now: int) -> None:
        self.db.change(_NOTE, (key, kind, self.db.time_in(now)))
