"""What does the intake read and write? All its SQL, run by the writer inside one transaction per group."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from exams import timing
from exams.intake import journal
from exams.intake.connection import Connection
from exams.intake.facts import SittingFacts
from exams.intake.protocol import Batch, WireError, receipt_code
from exams.intake.ticket import Ticket

log = logging.getLogger(__name__)

_FACTS = """
SELECT s.id, s.public_id, s.state, s.started_at, s.ends_at, s.handed_in_at, s.handed_in_cause, s.time_percent,
       s.granted_seconds, s.form_id, s.candidate_id, f.public_id, f.purpose, f.title_sr, f.title_en,
       a.limit_seconds, a.opens_at, a.closes_at, a.title_sr, a.title_en
FROM exams_sitting s JOIN exams_form f ON f.id = s.form_id
LEFT JOIN exams_administration a ON a.id = s.administration_id
"""

_PAPER = {
    "": "SELECT body FROM exams_paper WHERE form_id = %s AND sha256 = %s",
    "br": "SELECT body_br FROM exams_paper WHERE form_id = %s AND sha256 = %s",
    "gzip": "SELECT body_gzip FROM exams_paper WHERE form_id = %s AND sha256 = %s",
}


@dataclass(frozen=True, slots=True)
class Device:
    device: str
    epoch: int


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What the reply says, and whether something moved that others wait for."""

    facts: SittingFacts
    acked_upto: int
    gaps: list[list[int]]
    epoch: int
    receipt: dict[str, Any] | None
    moved: bool


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

    def devices(self, key: int) -> list[Device]:
        rows = self.db.query("SELECT device, epoch FROM exams_sittingdevice WHERE sitting_id = %s", (key,))
        return [Device(*row) for row in rows]

    def papers(self, form_key: int) -> dict[str, dict[str, Any]]:
        rows = self.db.query(
            "SELECT language, sha256, LENGTH(body_br) FROM exams_paper WHERE form_id = %s", (form_key,)
        )
        return {language: {"sha256": sha256, "bytes": size} for language, sha256, size in rows}

    def paper(self, form_key: int, sha256: str, encoding: str) -> bytes | None:
        rows = self.db.query(_PAPER.get(encoding, _PAPER[""]), (form_key, sha256))
        return bytes(rows[0][0]) if rows else None

    def pupil_by_card(self, digest: str) -> dict[str, str] | None:
        """The pupil's public id, name and class; None for an unknown or revoked card alike."""
        rows = self.db.query(
            "SELECT p.public_id, p.given_name, p.family_name, p.id FROM accounts_logincard c"
            " JOIN accounts_person p ON p.id = c.person_id"
            " WHERE c.digest = %s AND c.revoked_at IS NULL AND p.is_active",
            (digest,),
        )
        if not rows:
            return None
        public_id, given_name, family_name, key = rows[0]
        class_name, school = self._class_of(key)
        return {
            "id": self.db.id_out(public_id),
            "given_name": given_name,
            "family_name": family_name,
            "class": class_name,
            "school": school,
        }

    def candidate(self, key: int) -> dict[str, str]:
        given_name, family_name = self.db.query(
            "SELECT given_name, family_name FROM accounts_person WHERE id = %s", (key,)
        )[0]
        return {"given_name": given_name, "family_name": family_name, "class": self._class_of(key)[0]}

    # ---- writing -----------------------------------------------------------------------------------
    def start(self, key: int, now: int) -> SittingFacts:
        """Moves ready → started. Idempotent: the first start decides, every later one returns its times."""
        facts = self.facts(key, lock=True)
        if facts.state != "ready":
            if facts.state == "voided":
                raise WireError(409, "voided")
            return facts
        if facts.opens_at is not None and now < facts.opens_at:
            raise WireError(409, "not_open_yet", opens_at=facts.opens_at)
        if facts.closes_at is not None and now >= facts.closes_at + facts.granted_seconds * 1000:
            raise WireError(409, "window_closed")
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
        self._note(key, "started", now)
        return self.facts(key)

    def lease(self, key: int, device: str, now: int) -> int:
        """The epoch under which `device` may write now: unchanged for the newest device, else one more.

        After the hand-in nobody takes over: a device that only looks must not keep the sitting from being
        sealed, and one that comes back with what it kept writes under the epoch it had.
        """
        known = {row.device: row.epoch for row in self.devices(key)}
        newest = max(known.values(), default=0)
        if device in known and known[device] == newest:
            return newest
        if self.facts(key).state in ("handed_in", "sealed"):
            return known.get(device, max(newest, 1))
        self._register(key, device, newest + 1, now, anew=device not in known)
        if known:
            self._note(key, "taken_over", now)
        return newest + 1

    def save(self, ticket: Ticket, batch: Batch, received_at: int) -> SaveResult:
        """Append what is new, judge it, and say how far this device's sequence is complete.

        Idempotent and indifferent to order, repetition and splitting. Nothing in the journal is ever
        changed: other bytes under a known identity go to the conflicts, and raise an alarm in the log.
        """
        facts = self.facts(ticket.key)
        if facts.state != "started" and batch.events:
            # A sweeper that seals right now would leave these events outside of the score.
            facts = self.facts(ticket.key, lock=True)
        devices = {row.device: row.epoch for row in self.devices(ticket.key)}
        over = facts.state in ("handed_in", "sealed")
        if devices.get(ticket.device, 0) < ticket.epoch and (batch.events or not over):
            devices[ticket.device] = self._recall(ticket, devices, received_at)
        moved = False
        if batch.events:
            if facts.state == "ready":
                facts = self._start_again(facts, batch, received_at)
                moved = facts.state == "started"
            refs, epoch = self.form_refs(facts.form_key), devices[ticket.device]
            entries = journal.admit(self.db, ticket, batch, facts, refs, epoch, received_at)
            for ending in journal.endings(facts, entries, received_at):
                self._end(facts.key, ticket.device, ending)
                moved = True
            if moved:
                facts = self.facts(ticket.key)
        acked_upto, gaps = journal.high_water_mark(self.db, ticket.key, ticket.device)
        newest = max(devices.values(), default=ticket.epoch)
        return SaveResult(facts, acked_upto, gaps, newest, self.receipt(facts), moved)

    def receipt(self, facts: SittingFacts) -> dict[str, Any] | None:
        """What was handed in, with the code that the phone can work out by itself; None before hand-in."""
        if facts.state not in ("handed_in", "sealed"):
            return None
        responses = journal.projection(self.db, facts.key).responses
        refs = self.form_refs(facts.form_key)
        digest = journal.last_digest(self.db, facts.key)
        return {
            "answered": sum(1 for ref, value in responses.items() if ref in refs and value is not None),
            "of": len(refs),
            "code": receipt_code(digest) if digest else "",
            "handed_in_at": facts.handed_in_at,
            "final": facts.state == "sealed",
        }

    def hand_in(self, key: int, cause: str, at: int) -> None:
        """Moves started → handed_in; harmless when that has happened already."""
        changed = self.db.change(
            "UPDATE exams_sitting SET state = 'handed_in', handed_in_at = %s, handed_in_cause = %s"
            " WHERE id = %s AND state = 'started'",
            (self.db.time_in(at), cause, key),
        )
        if changed:
            self._note(key, "handed_in", at)

    def _end(self, key: int, device: str, ending: journal.Ending) -> None:
        self.db.change(
            "UPDATE exams_sittingdevice SET last_seq = %s, closed = %s WHERE sitting_id = %s AND device = %s",
            (ending.last_seq, True, key, device),
        )
        if ending.cause:
            self.hand_in(key, ending.cause, ending.at)

    # ---- after a backup was put back, or a stand-by without the last seconds took over ---------------
    def _recall(self, ticket: Ticket, devices: dict[str, int], now: int) -> int:
        """The device opened the sitting in a time this store has lost; its ticket, which we signed, tells."""
        taken = ticket.epoch in devices.values()
        epoch = max(devices.values()) + 1 if taken else ticket.epoch
        self._register(ticket.key, ticket.device, epoch, now, anew=ticket.device not in devices)
        self._note(ticket.key, "device_recalled", now)
        return epoch

    def _start_again(self, facts: SittingFacts, batch: Batch, received_at: int) -> SittingFacts:
        """Who responds has begun: the sitting starts at the earliest of these events, if the window allows.

        Otherwise everything that the phone sends again would wait for a person, as given before the start.
        """
        mark = timing.DeviceClock(batch.header.clock, batch.header.mono, batch.header.wall)
        clocks = [
            timing.DeviceClock(event.body.clock, event.body.mono, event.body.wall) for event in batch.events
        ]
        moments = [timing.estimates(clock, mark, received_at)[:1] for clock in clocks]
        begun = min((moment for found in moments for moment in found), default=received_at)
        try:
            return self.start(facts.key, min(max(begun, facts.opens_at or 0), received_at))
        except WireError:
            return facts

    # ---- helpers -----------------------------------------------------------------------------------
    def _register(self, key: int, device: str, epoch: int, now: int, *, anew: bool) -> None:
        if anew:
            self.db.change(
                "INSERT INTO exams_sittingdevice (sitting_id, device, epoch, opened_at, closed)"
                " VALUES (%s, %s, %s, %s, %s)",
                (key, device, epoch, self.db.time_in(now), False),
            )
        else:
            self.db.change(
                "UPDATE exams_sittingdevice SET epoch = %s, closed = %s"
                " WHERE sitting_id = %s AND device = %s",
                (epoch, False, key, device),
            )

    def _facts(self, where: str, *values: Any) -> SittingFacts:
        rows = self.db.query(_FACTS + where, values)
        if not rows:
            raise WireError(404, "no_such_sitting")
        row = list(rows[0])
        for index in (3, 4, 5, 16, 17):
            row[index] = self.db.time_out(row[index])
        row[1], row[11] = self.db.id_out(row[1]), self.db.id_out(row[11])
        title_sr, title_en = (row[18] or row[13], row[19] or row[14])
        rules = row[15:18]
        return SittingFacts(*[*row[:13], title_sr, title_en, *rules])

    def _class_of(self, person_key: int) -> tuple[str, str]:
        rows = self.db.query(
            "SELECT g.name, o.name FROM accounts_enrollment e"
            " JOIN accounts_classgroup g ON g.id = e.class_group_id"
            " JOIN accounts_organization o ON o.id = g.school_id WHERE e.person_id = %s AND e.role = 'pupil'",
            (person_key,),
        )
        return rows[0] if rows else ("", "")

    def _note(self, key: int, kind: str, now: int) -> None:
        self.db.change(
            "INSERT INTO exams_sittingevent (sitting_id, kind, at, detail) VALUES (%s, %s, %s, '{}')",
            (key, kind, self.db.time_in(now)),
        )
