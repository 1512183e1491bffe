"""What does a phone get when it opens a sitting: enough to go through all of it without a network again?

And what lies around an exam's beginning: who a card belongs to, which sittings to fetch ahead, the start,
and how fit a phone says it is.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import msgspec

from exams.intake import journal
from exams.intake.facts import DeviceMark, SittingFacts
from exams.intake.protocol import DeviceReport, Open, WireError
from exams.intake.store import Store
from exams.intake.ticket import Ticket
from exams.projection import Projection
from exams.timing import ClockMark, DeviceClock

_PAPER = {
    "": "SELECT body FROM exams_paper WHERE form_id = %s AND sha256 = %s",
    "br": "SELECT body_br FROM exams_paper WHERE form_id = %s AND sha256 = %s",
    "gzip": "SELECT body_gzip FROM exams_paper WHERE form_id = %s AND sha256 = %s",
}
_UNLOCK = """
SELECT x.unlock FROM exams_assignment x
JOIN accounts_enrollment e ON e.class_group_id = x.class_group_id AND e.role = 'pupil'
WHERE x.administration_id = %s AND e.person_id = %s ORDER BY x.id LIMIT 1
"""
_IN_AN_EXAM = """SELECT 1 FROM exams_formitem own JOIN exams_itemversion mine ON mine.id = own.version_id
    JOIN exams_itemversion any_version ON any_version.item_id = mine.item_id
    JOIN exams_formitem asked ON asked.version_id = any_version.id
    JOIN exams_administration exam ON exam.form_id = asked.form_id
    WHERE own.form_id = {form} AND (exam.closes_at IS NULL OR exam.closes_at > %s)"""
_AHEAD = f"""
SELECT s.public_id, a.opens_at, s.state, f.purpose FROM exams_sitting s
JOIN exams_form f ON f.id = s.form_id JOIN accounts_person p ON p.id = s.candidate_id
LEFT JOIN exams_administration a ON a.id = s.administration_id
WHERE p.public_id = %s AND s.state = 'ready' AND (a.closes_at IS NULL OR a.closes_at > %s)
  AND (f.purpose = 'trial' OR (f.pocket AND s.id = (
    SELECT MAX(later.id) FROM exams_sitting later JOIN exams_form pool ON pool.id = later.form_id
    WHERE later.candidate_id = p.id AND later.state = 'ready' AND pool.pocket AND pool.subject = f.subject)
    AND NOT EXISTS ({_IN_AN_EXAM.format(form="f.id")})))
ORDER BY CASE WHEN f.purpose = 'trial' THEN 0 ELSE 1 END, a.opens_at, s.id
"""  # noqa: S608  a condition from our own code
_CHECKED = """
INSERT INTO exams_devicecheck (sitting_id, device, at, fit, report) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (sitting_id, device) DO UPDATE SET at = excluded.at, fit = excluded.fit, report = excluded.report
"""


@dataclass(frozen=True, slots=True)
class Opened:
    ticket: Ticket
    reply: dict[str, Any]


def open_sitting(store: Store, message: Open, person: str, now: int) -> Opened:
    """Registers the device and tells it everything. Raises WireError 404 for another pupil's sitting."""
    facts = store.facts_of(message.sitting, person)
    if facts.state == "voided":
        raise WireError(409, "voided")
    epoch = store.lease(facts.key, message.device, now)
    if message.mono is not None and message.wall is not None:
        clock = DeviceClock(message.clock, message.mono, message.wall)
        store.keep_marks([DeviceMark(facts.key, message.device, ClockMark(clock, now))])
    held = journal.projection(store.db, facts.key)
    acked_upto, _ = journal.high_water_mark(store.db, facts.key, message.device)
    latest = store.news(facts.key, 0)[-1:] if facts.announcement else []
    reply = {
        "epoch": epoch,
        "sitting": _sitting(facts),
        "items": _items(store, facts),
        "candidate": _candidate(store, facts.candidate_key),
        "papers": _papers(store, facts.form_key),
        "responses": held.responses,
        "seen": sorted(held.seen),
        "flags": sorted(held.flags),
        "acked_upto": acked_upto,
        "receipt": store.receipt(facts),
        "announcement": latest[0] if latest else None,
        **(_practised(store, facts, held) if facts.purpose == "practice" else {}),
        **_locking(store, facts),
    }
    return Opened(Ticket(facts.key, facts.public_id, message.device, epoch), reply)


def start(store: Store, ticket: Ticket, now: int) -> tuple[Ticket, SittingFacts, str | None]:
    """The sitting started or not anew, this device in it, and the content key (base64) of its papers."""
    facts = store.start(ticket.key, now)
    if facts.state == "started":
        epoch = store.enter(ticket.key, ticket.device, now)
        ticket = Ticket(ticket.key, ticket.sitting, ticket.device, epoch)
    return ticket, facts, _content_key(store, facts)


def paper_body(store: Store, ticket: Ticket, sha256: str, encoding: str, now: int) -> bytes:
    """A paper in clear, for a phone that cannot unlock one; of practice also ahead: its items are released.

    Raises WireError 403 before the start of a trial, and of practice that holds an item of an exam not over.
    """
    facts = store.facts(ticket.key)
    if facts.state == "ready" and (facts.purpose != "practice" or _in_an_exam(store, facts.form_key, now)):
        raise WireError(403, "not_started", "papers are given out from the start on")
    rows = store.db.query(_PAPER.get(encoding, _PAPER[""]), (facts.form_key, sha256))
    if not rows:
        raise WireError(404, "no_such_paper")
    return bytes(rows[0][0])


def _in_an_exam(store: Store, form_key: int, now: int) -> bool:
    """Does the form hold an item, of whatever version, that an exam still asks or is going to ask?"""
    sql = _IN_AN_EXAM.format(form="%s") + " LIMIT 1"
    return bool(store.db.query(sql, (form_key, store.db.time_in(now))))


def locked_body(store: Store, sha256: str) -> bytes:
    rows = store.db.query("SELECT body FROM exams_lockedpaper WHERE sha256 = %s", (sha256,))
    if not rows:
        raise WireError(404, "no_such_paper")
    return bytes(rows[0][0])


def sittings_ahead(store: Store, person: str, now: int) -> list[dict[str, Any]]:
    """Trial sittings that this pupil can still begin, the next one first; then, of each
    subject, what lies ready to practise without a network: the newest, as an older one knows too little. Its
    paper carries keys, so it stays here while an exam that is not over asks one of its items."""
    moment = store.db.time_in(now)
    rows = store.db.query(_AHEAD, (store.db.id_in(person), moment, moment))
    return [
        {
            "id": store.db.id_out(public_id),
            "opens_at": store.db.time_out(opens_at),
            "state": state,
            "purpose": purpose,
        }
        for public_id, opens_at, state, purpose in rows
    ]


def keep_device_check(store: Store, ticket: Ticket, report: DeviceReport, now: int) -> None:
    """The latest report of a device replaces its earlier one."""
    text = msgspec.json.encode(report).decode()
    store.db.change(_CHECKED, (ticket.key, ticket.device, store.db.time_in(now), not report.problems, text))


def pupil_by_card(store: Store, digest: str) -> dict[str, str] | None:
    """The pupil's public id, name and class; None for an unknown or revoked card alike."""
    rows = store.db.query(
        "SELECT p.public_id, p.given_name, p.family_name, p.id FROM accounts_logincard c"
        " JOIN accounts_person p ON p.id = c.person_id"
        " WHERE c.digest = %s AND c.revoked_at IS NULL AND p.is_active",
        (digest,),
    )
    if not rows:
        return None
    public_id, given_name, family_name, key = rows[0]
    class_name, school = _class_of(store, key)
    return {
        "id": store.db.id_out(public_id),
        "given_name": given_name,
        "family_name": family_name,
        "class": class_name,
        "school": school,
    }


def _sitting(facts: SittingFacts) -> dict[str, Any]:
    return {
        "id": facts.public_id,
        "administration": facts.administration,
        "state": facts.state,
        "purpose": facts.purpose,
        "form": facts.form,
        "title": {"sr": facts.title_sr, "en": facts.title_en},
        "limit_seconds": facts.accommodated_limit,
        "time_percent": facts.time_percent,
        "granted_seconds": facts.granted_seconds,
        "cut_off_hours": facts.cut_off_hours,
        "opens_at": facts.opens_at,
        "closes_at": facts.closes_at,
        "started_at": facts.started_at,
        "ends_at": facts.ends_at,
        "paused_at": facts.paused_at,
        "handed_in_cause": facts.handed_in_cause,
    }


def _practised(store: Store, facts: SittingFacts, held: Projection) -> dict[str, Any]:
    """What another phone needs to go on with the same set: what was shown, in order, and done."""
    shown = journal.shown_in_practice(store.db, facts.key)
    return {
        "checked": sorted(held.checked),
        "hinted": sorted(held.hinted),
        "seen_in_order": [{"item": ref, "value": value} for ref, value in shown],
    }


def _items(store: Store, facts: SittingFacts) -> int:
    """How many items the candidate is going to meet; of practice without spares and the rest of a pool."""
    every = len(store.form_refs(facts.form_key))
    if facts.purpose != "practice":
        return every
    ((selection,),) = store.db.query("SELECT selection FROM exams_form WHERE id = %s", (facts.form_key,))
    wanted = _read(selection) or {}
    return min(every, int(wanted.get("size", every)))


def _read(column: Any) -> Any:
    """JSON: one database gives it as text, the other as what it says."""
    return msgspec.json.decode(column) if isinstance(column, str) else column


def _locking(store: Store, facts: SittingFacts) -> dict[str, Any]:
    """What a phone needs to fetch the papers ahead, to open them, and to hand in without a network."""
    nothing: dict[str, Any] = {"locked": {}, "unlock": None, "hand_in_key": None, "content_key": None}
    if facts.administration_key is None:
        return nothing
    locked = store.db.query(
        "SELECT language, sha256, LENGTH(body) FROM exams_lockedpaper WHERE administration_id = %s",
        (facts.administration_key,),
    )
    public = store.db.query(
        "SELECT hand_in_public FROM exams_administrationsecret WHERE administration_id = %s",
        (facts.administration_key,),
    )
    unlock = store.db.query(_UNLOCK, (facts.administration_key, facts.candidate_key))
    return nothing | {
        "locked": {language: {"sha256": sha256, "bytes": size} for language, sha256, size in locked},
        "unlock": (_read(unlock[0][0]) if unlock else None) or None,
        "hand_in_key": base64.b64encode(bytes(public[0][0])).decode() if public else None,
        "content_key": _content_key(store, facts) if facts.state == "started" else None,
    }


def _content_key(store: Store, facts: SittingFacts) -> str | None:
    if facts.administration_key is None or facts.paused_at is not None:
        return None
    rows = store.db.query(
        "SELECT content_key FROM exams_administrationsecret WHERE administration_id = %s",
        (facts.administration_key,),
    )
    return base64.b64encode(bytes(rows[0][0])).decode() if rows else None


def _papers(store: Store, form_key: int) -> dict[str, dict[str, Any]]:
    rows = store.db.query(
        "SELECT language, sha256, LENGTH(body_br) FROM exams_paper WHERE form_id = %s", (form_key,)
    )
    return {language: {"sha256": sha256, "bytes": size} for language, sha256, size in rows}


def _candidate(store: Store, key: int) -> dict[str, str]:
    given_name, family_name = store.db.query(
        "SELECT given_name, family_name FROM accounts_person WHERE id = %s", (key,)
    )[0]
    return {"given_name": given_name, "family_name": family_name, "class": _class_of(store, key)[0]}


def _class_of(store: Store, person_key: int) -> tuple[str, str]:
    rows = store.db.query(
        "SELECT g.name, o.name FROM accounts_enrollment e"
        " JOIN accounts_classgroup g ON g.id = e.class_group_id"
        " JOIN accounts_organization o ON o.id = g.school_id WHERE e.person_id = %s AND e.role = 'pupil'",
        (person_key,),
    )
    return rows[0] if rows else ("", "")
