"""What moves a sitting besides the pupil: the clock, the invigilator, the opening of a practice set."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.actions.audit import record
from accounts.models import Person
from exams.enums import MOVES, HandInCause, SittingState
from exams.errors import IllegalTransition
from exams.models import Form, Sitting, SittingDevice, SittingEvent, TimeGrant
from exams.queries.interruptions import covered
from exams.queries.sittings import can_reopen
from exams.signals import sitting_handed_in


@transaction.atomic
def open_practice_sitting(*, form: Form, candidate: Person, now: datetime) -> Sitting:
    return Sitting.objects.create(form=form, candidate=candidate, created_at=now)


@transaction.atomic
def discard_unopened(*, sitting: Sitting) -> bool:
    """Deletes a pocket set, with its form, that was made ahead and that no device has opened; did it?

    Nothing else is ever deleted here: what a phone may hold can still be begun on it without a network.
    """
    locked = _locked(sitting)
    opened = SittingDevice.objects.filter(sitting=locked).exists()
    if opened or locked.state != SittingState.READY or not locked.form.pocket:
        return False
    form = locked.form
    locked.delete()
    form.delete()
    return True


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


def _locked(sitting: Sitting) -> Sitting:
    return Sitting.objects.select_for_update().get(pk=sitting.pk)


def _move(sitting: Sitting, wanted: SittingState) -> None:
    current = SittingState(sitting.state)
    if wanted not in MOVES[current]:
        raise IllegalTransition(current=current, wanted=wanted)
    sitting.state = wanted


def _announce(sitting: Sitting) -> None:
    transaction.on_commit(lambda: sitting_handed_in.send(sender=Sitting, sitting=sitting))


# ---- What an invigilator closes, and what is opened again ----------------------------------------
@transaction.atomic
def hand_in_for_pupil(*, sitting: Sitting, reason: str, actor: Person, now: datetime) -> Sitting:
    """For a pupil who has left or cannot go on; `reopen` undoes it. Raises IllegalTransition unless started.

    What the phone still holds from before this moment counts when it arrives.
    """
    before = _locked(sitting)
    at = now if before.paused_at is not None else min(now, before.ends_at or now)
    closed = hand_in(sitting=sitting, cause=HandInCause.INVIGILATOR, at=at, actor=actor)
    record(actor=actor, action="hand_in", subject=closed.candidate, at=now, detail={"reason": reason})
    return closed


@transaction.atomic
def reopen(*, sitting: Sitting, seconds: int, reason: str, actor: Person, now: datetime) -> Sitting:
    """A sitting that time or an invigilator closed goes on, with `seconds` (1–7200) from now at least.

    Raises IllegalTransition when the pupil handed in, when it is void, or after a day; ValueError for
    seconds out of range. The phone sees it with its next contact, or when it opens the page again.
    """
    if not 1 <= seconds <= 7200:
        raise ValueError(f"a reopened sitting goes on for 1 second to 2 hours, not {seconds} s")
    locked = _locked(sitting)
    if not can_reopen(locked, now=now):
        raise IllegalTransition(current=locked.state, wanted=SittingState.STARTED)
    _move(locked, SittingState.STARTED)
    closed = {"cause": locked.handed_in_cause, "handed_in_at": str(locked.handed_in_at)}
    locked.handed_in_at, locked.handed_in_cause, locked.sealed_at = None, "", None
    locked.granted_seconds = F("granted_seconds") + seconds
    locked.ends_at = max(now, locked.ends_at or now) + timedelta(seconds=seconds)
    locked.paused_at = now if _is_covered(locked) else None
    locked.save(
        update_fields=[
            "state", "handed_in_at", "handed_in_cause", "sealed_at",
            "granted_seconds", "ends_at", "paused_at",
        ]
    )  # fmt: skip
    # The phone that ended with the time writes on, so its last event is not yet known again.
    newest = SittingDevice.objects.filter(sitting=locked).order_by("-epoch").values("pk")[:1]
    SittingDevice.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).update(
        closed=False, last_seq=None
    )
    TimeGrant.objects.create(sitting=locked, seconds=seconds, reason=reason, granted_by=actor, granted_at=now)
    detail = {"seconds": seconds, "reason": reason, **closed}
    SittingEvent.objects.create(sitting=locked, kind="reopened", at=now, actor=actor, detail=detail)
    record(actor=actor, action="reopen", subject=locked.candidate, at=now, detail=detail)
    locked.refresh_from_db()
    return locked


def _is_covered(sitting: Sitting) -> bool:
    """Is there an open pause that concerns this sitting?"""
    rules = sitting.administration
    return rules is not None and Sitting.objects.filter(covered(rules), pk=sitting.pk).exists()
