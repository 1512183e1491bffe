"""What moves a sitting besides the pupil: the clock, the invigilator, the opening of a practice set."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.actions.audit import record
from accounts.models import Person
from exams.enums import MOVES, HandInCause, SittingState
from exams.errors import IllegalTransition
from exams.models import Form, ResponseEvent, Sitting, SittingDevice, SittingEvent, TimeGrant
from exams.signals import sitting_handed_in
from exams.timing import GRACE_MS

CUT_OFF = timedelta(hours=24)


@transaction.atomic
def open_practice_sitting(*, form: Form, candidate: Person, now: datetime) -> Sitting:
    return Sitting.objects.create(form=form, candidate=candidate, created_at=now)


@transaction.atomic
def hand_in(*, sitting: Sitting, cause: HandInCause, at: datetime, actor: Person | None) -> Sitting:
    """Moves started → handed_in under a row lock. Raises IllegalTransition from any other state."""
    locked = _locked(sitting)
    _move(locked, SittingState.HANDED_IN)
    locked.handed_in_at = at
    locked.handed_in_cause = cause
    locked.save(update_fields=["state", "handed_in_at", "handed_in_cause"])
    SittingEvent.objects.create(sitting=locked, kind="handed_in", at=at, actor=actor, detail={"cause": cause})
    _announce(locked)
    return locked


@transaction.atomic
def grant_time(*, sitting: Sitting, seconds: int, reason: str, actor: Person, now: datetime) -> TimeGrant:
    """Adds `seconds` (1–7200) to the end; also before the start. The pupil sees it with the next reply.

    Raises IllegalTransition when the sitting is over, and ValueError for seconds out of range.
    """
    if not 1 <= seconds <= 7200:
        raise ValueError(f"a grant is between 1 second and 2 hours, not {seconds} s")
    locked = _locked(sitting)
    if locked.state not in (SittingState.READY, SittingState.STARTED):
        raise IllegalTransition(current=locked.state, wanted="longer")
    locked.granted_seconds = F("granted_seconds") + seconds
    if locked.ends_at is not None:
        locked.ends_at += timedelta(seconds=seconds)
    locked.save(update_fields=["granted_seconds", "ends_at"])
    grant = TimeGrant.objects.create(
        sitting=locked, seconds=seconds, reason=reason, granted_by=actor, granted_at=now
    )
    SittingEvent.objects.create(
        sitting=locked, kind="granted", at=now, actor=actor, detail={"seconds": seconds, "reason": reason}
    )
    record(actor=actor, action="grant_time", subject=locked.candidate, at=now, detail={"seconds": seconds})
    return grant


@transaction.atomic
def void(*, sitting: Sitting, reason: str, actor: Person, now: datetime) -> Sitting:
    """Takes the sitting out of every result; its journal stays. Raises IllegalTransition if it is void."""
    locked = _locked(sitting)
    _move(locked, SittingState.VOIDED)
    locked.save(update_fields=["state"])
    SittingEvent.objects.create(sitting=locked, kind="voided", at=now, actor=actor, detail={"reason": reason})
    record(actor=actor, action="void", subject=locked.candidate, at=now, detail={"reason": reason})
    return locked


def seal_due(*, now: datetime) -> int:
    """Closes sittings whose time is over and seals those that are complete; how many it moved.

    Driven by the tables alone and safe to run in several processes at once: each sitting is moved in its
    own short transaction, which looks again under the lock.
    """
    moved = 0
    for sitting in Sitting.objects.overdue(now, grace_seconds=GRACE_MS // 1000):
        moved += _close_if_overdue(sitting, now)
    for sitting in Sitting.objects.filter(state=SittingState.HANDED_IN).select_related("administration"):
        moved += _seal_if_complete(sitting, now)
    return moved


def missing_events(sitting: Sitting) -> int | None:
    """How many events are known to be still on devices; None when a device has not said how many it has."""
    missing = 0
    for device in SittingDevice.objects.filter(sitting=sitting):
        if not device.closed or device.last_seq is None:
            return None
        arrived = ResponseEvent.objects.filter(
            sitting=sitting, device=device.device, seq__lte=device.last_seq
        ).count()
        missing += device.last_seq - arrived
    return missing


@transaction.atomic
def _close_if_overdue(sitting: Sitting, now: datetime) -> bool:
    """Looks again under the lock: the pupil or another worker was quicker, or somebody has granted time."""
    overdue = Sitting.objects.overdue(now, grace_seconds=GRACE_MS // 1000).select_for_update()
    locked = overdue.filter(pk=sitting.pk).first()
    if locked is None or locked.ends_at is None:
        return False
    hand_in(sitting=locked, cause=HandInCause.TIME, at=locked.ends_at, actor=None)
    return True


@transaction.atomic
def _seal_if_complete(sitting: Sitting, now: datetime) -> bool:
    hours = sitting.administration.cut_off_hours if sitting.administration else CUT_OFF.total_seconds() / 3600
    if sitting.handed_in_at is None:
        return False
    cut_off_passed = now >= sitting.handed_in_at + timedelta(hours=hours)
    if not cut_off_passed and missing_events(sitting) != 0:
        return False
    locked = _locked(sitting)
    # A device may have opened the sitting between the first look and the lock.
    if locked.state != SittingState.HANDED_IN or not (cut_off_passed or missing_events(locked) == 0):
        return False
    _move(locked, SittingState.SEALED)
    locked.sealed_at = now
    locked.save(update_fields=["state", "sealed_at"])
    SittingEvent.objects.create(
        sitting=locked, kind="sealed", at=now, detail={"by": "cut_off" if cut_off_passed else "complete"}
    )
    _announce(locked)
    return True


def _locked(sitting: Sitting) -> Sitting:
    return Sitting.objects.select_for_update().get(pk=sitting.pk)


def _move(sitting: Sitting, wanted: SittingState) -> None:
    current = SittingState(sitting.state)
    if wanted not in MOVES[current]:
        raise IllegalTransition(current=current, wanted=wanted)
    sitting.state = wanted


def _announce(sitting: Sitting) -> None:
    transaction.on_commit(lambda: sitting_handed_in.send(sender=Sitting, sitting=sitting))
