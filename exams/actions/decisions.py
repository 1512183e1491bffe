"""How does a person decide what the rules could not: whether a quarantined event counts, or another's bytes?

A decision is made once and for good, with a reason; the journal stays as it is. What is given for current
responses, score and receipt follows from the journal together with its decisions.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.audit import record
from accounts.models import Person
from exams.enums import Verdict
from exams.errors import AlreadyDecided
from exams.models import ConflictingEvent, Decision, ResponseEvent, Sitting, SittingEvent

MAX_REASON = 200


@transaction.atomic
def decide(
    *,
    counts: bool,
    reason: str,
    actor: Person,
    now: datetime,
    event: ResponseEvent | None = None,
    conflict: ConflictingEvent | None = None,
) -> Decision:
    """On one quarantined event, or on other bytes that came under the number of a kept one.

    Raises AlreadyDecided for a second decision, also where another conflict with the same number counts;
    ValueError without a reason, or where there is nothing to decide.
    """
    thing = event or conflict
    if thing is None or (event is not None and conflict is not None):
        raise ValueError("a decision is on one event, or on one conflict")
    why = _reason(reason)
    sitting = _locked(thing.sitting_id)
    decision = _write(thing, counts, why, actor, now)
    detail = {"device": thing.device, "seq": [thing.seq], "counts": counts, "reason": why}
    detail["why_waiting"] = event.reason if event else "conflict"
    _note(sitting, actor, now, detail)
    return decision


@transaction.atomic
def decide_all(
    *,
    sitting: Sitting,
    device: str,
    why_waiting: str,
    counts: bool,
    reason: str,
    actor: Person,
    now: datetime,
) -> int:
    """On every event of one device that still waits for the same cause; how many those were.

    Raises AlreadyDecided when none is left, and ValueError without a reason. Each conflict is decided alone,
    since only one event can stand under a number.
    """
    why = _reason(reason)
    locked = _locked(sitting.pk)
    waiting = list(
        ResponseEvent.objects.filter(
            sitting=locked,
            device=device,
            reason=why_waiting,
            verdict=Verdict.QUARANTINED,
            decision=None,
        ).order_by("seq")
    )
    if not waiting:
        raise AlreadyDecided(f"everything of device {device} that waited for {why_waiting!r}")
    for event in waiting:
        _write(event, counts, why, actor, now)
    detail: dict[str, Any] = {"device": device, "seq": [event.seq for event in waiting]}
    _note(locked, actor, now, detail | {"counts": counts, "reason": why, "why_waiting": why_waiting})
    return len(waiting)


def _reason(reason: str) -> str:
    why = reason.strip()
    if not 1 <= len(why) <= MAX_REASON:
        raise ValueError(f"a decision needs a reason of at most {MAX_REASON} characters")
    return why


def _locked(sitting_id: int) -> Sitting:
    """Two people who decide at once come one after the other."""
    return Sitting.objects.select_for_update().get(pk=sitting_id)


def _write(
    thing: ResponseEvent | ConflictingEvent, counts: bool, reason: str, actor: Person, now: datetime
) -> Decision:
    event = thing if isinstance(thing, ResponseEvent) else None
    conflict = thing if isinstance(thing, ConflictingEvent) else None
    if event and event.verdict != Verdict.QUARANTINED:
        raise ValueError(f"event {event} was judged by the rules: there is nothing to decide")
    if conflict and counts and _another_counts(conflict):
        raise AlreadyDecided(f"which event has number {thing.seq} on device {thing.device}")
    if Decision.objects.filter(event=event, conflict=conflict).exists():
        raise AlreadyDecided(str(thing))
    return Decision.objects.create(
        event=event, conflict=conflict, counts=counts, reason=reason, decided_by=actor, decided_at=now
    )


def _another_counts(conflict: ConflictingEvent) -> bool:
    same = ConflictingEvent.objects.filter(
        sitting_id=conflict.sitting_id, device=conflict.device, seq=conflict.seq
    )
    return Decision.objects.filter(conflict__in=same, counts=True).exists()


def _note(sitting: Sitting, actor: Person, now: datetime, detail: dict[str, Any]) -> None:
    SittingEvent.objects.create(sitting=sitting, kind="decided", at=now, actor=actor, detail=detail)
    record(actor=actor, action="decide", subject=sitting.candidate, at=now, detail=detail)
