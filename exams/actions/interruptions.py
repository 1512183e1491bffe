"""How is time made to stand still, how does it go on, and how is something said to all who sit?

A pause is a row; `Sitting.paused_at` is carried beside it, so that the intake reads one row. It is set just
while an open pause covers the sitting: of the pupil, the class, the school or everybody, in any overlap. When
the last of them ends, time goes on, so that overlapping pauses give the union of their lengths. The end moves
by that, also beyond the window's close, which must not eat a pause.

Whom somebody may pause is decided by the doorway through which they came to the sitting, class or school.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Value, When
from django.db.models.functions import Greatest, Least

from accounts.actions.audit import record
from accounts.models import Person
from exams.actions.many_sittings import giving_way, insert_for_each
from exams.enums import SittingState
from exams.errors import IllegalTransition
from exams.models import Administration, Announcement, Pause, Sitting, SittingEvent, TimeGrant
from exams.models.sitting import SittingQuerySet
from exams.queries.interruptions import EVERYBODY, Scope, covered, open_pause, sittings_in

__all__ = ["EVERYBODY", "Scope", "announce", "begin_pause", "end_pause"]

RUNNING = (SittingState.READY, SittingState.STARTED)


@giving_way
def begin_pause(
    *, administration: Administration, scope: Scope, reason: str, actor: Person, now: datetime
) -> Pause:
    """Time stands still for whoever in scope has not handed in; who is waiting cannot start.

    Pausing the same scope again changes nothing and returns the open pause. Raises ValueError without a
    reason, and IllegalTransition for one sitting that is over.
    """
    if not reason.strip():
        raise ValueError("a pause needs a reason")
    _one_at_a_time(administration)
    standing = open_pause(administration, scope)
    if standing is not None:
        return standing
    sittings = sittings_in(administration, scope)
    if scope.sitting is not None:
        state = sittings.values_list("state", flat=True).get()
        if state not in RUNNING:
            raise IllegalTransition(current=state, wanted="paused")
    pause = Pause.objects.create(
        administration=administration, **scope.columns, reason=reason.strip(), begun_at=now, begun_by=actor
    )
    stopped = sittings.filter(state__in=RUNNING, paused_at=None)
    number = _journal(stopped, "paused", pause, actor, now)
    stopped.update(paused_at=now)
    _audit("pause", scope, administration, actor, now, pause=pause.pk, reason=pause.reason, sittings=number)
    return pause


@giving_way
def end_pause(*, pause: Pause, actor: Person, now: datetime) -> Pause:
    """Time goes on for everybody whom no other open pause covers. Ending it again changes nothing."""
    administration = pause.administration
    _one_at_a_time(administration)
    ending = Pause.objects.select_related("sitting__candidate", "class_group", "school").get(pk=pause.pk)
    if ending.ended_at is not None:
        return ending
    ending.ended_at = max(now, ending.begun_at)
    ending.ended_by = actor
    ending.save(update_fields=["ended_at", "ended_by"])
    # All that are covered no more, not only those in scope: a pupil may have changed class in between.
    freed: SittingQuerySet = Sitting.objects.filter(
        administration=administration, paused_at__isnull=False
    ).exclude(covered(administration))
    number = _journal(freed.filter(state__in=RUNNING), "resumed", ending, actor, now)
    _make_up_for_the_close(freed.filter(state=SittingState.READY), ending, actor, now)
    _go_on(freed, now)
    scope = Scope(ending.sitting, ending.class_group, ending.school)
    _audit("end_pause", scope, administration, actor, now, pause=ending.pk, sittings=number)
    return ending


@giving_way
def announce(
    *,
    administration: Administration,
    scope: Scope,
    text_sr: str,
    text_en: str,
    actor: Person,
    now: datetime,
) -> Announcement:
    """Words for whoever in scope has not handed in; each phone shows them at its next contact.

    Readers of English get the Serbian words where there are no others. Raises ValueError without any.
    """
    text_sr, text_en = text_sr.strip(), text_en.strip()
    if not text_sr:
        raise ValueError("an announcement needs words")
    # Phones ask for what is newer than the last they have shown, so numbers must follow the order.
    _one_at_a_time(administration)
    announcement = Announcement.objects.create(
        administration=administration,
        **scope.columns,
        text_sr=text_sr,
        text_en=text_en or text_sr,
        at=now,
        by=actor,
    )
    number = sittings_in(administration, scope).filter(state__in=RUNNING).update(announcement=announcement)
    _audit("announce", scope, administration, actor, now, announcement=announcement.pk, sittings=number)
    return announcement


def _go_on(freed: SittingQuerySet, now: datetime) -> None:
    """One UPDATE. A sitting handed in during the pause keeps its end and is only paused no more."""
    moment = Value(now, output_field=DateTimeField())
    # Started during the pause, by code without a network: it stood still only from then on.
    stood_still_from = Least(Greatest("paused_at", "started_at"), moment)
    later = ExpressionWrapper(F("ends_at") + (moment - stood_still_from), output_field=DateTimeField())
    ends_at = Case(When(state=SittingState.STARTED, then=later), default=F("ends_at"))
    freed.update(ends_at=ends_at, paused_at=None)


def _make_up_for_the_close(waiting: SittingQuerySet, pause: Pause, actor: Person, now: datetime) -> None:
    """Who waited through the pause, and starts now, has as much time before the close as there was.

    Given as a grant, the one thing that goes beyond the close; nothing where the close takes nothing.
    """
    rules = pause.administration
    if rules.closes_at is None:
        return
    kinds = waiting.order_by().values_list("time_percent", "paused_at").distinct()
    for time_percent, paused_at in list(kinds):
        limit = timedelta(seconds=rules.limit_seconds * time_percent // 100)
        could_start = max(paused_at or now, rules.opens_at)
        if now <= could_start or could_start >= rules.closes_at:
            continue
        lost = min(limit, rules.closes_at - could_start) - min(limit, rules.closes_at - now)
        seconds = -(-lost // timedelta(seconds=1))
        if seconds:
            alike = waiting.filter(time_percent=time_percent, paused_at=paused_at)
            grant = {"seconds": seconds, "reason": pause.reason, "granted_by": actor.pk, "granted_at": now}
            insert_for_each(TimeGrant, alike, grant)
            alike.update(granted_seconds=F("granted_seconds") + seconds)


def _journal(sittings: SittingQuerySet, kind: str, pause: Pause, actor: Person, now: datetime) -> int:
    detail = {"pause": pause.pk, "reason": pause.reason}
    return insert_for_each(
        SittingEvent, sittings, {"kind": kind, "at": now, "actor": actor.pk, "detail": detail}
    )


def _one_at_a_time(administration: Administration) -> None:
    """Two pauses that overlap must see each other, or one would let go of what the other holds."""
    Administration.objects.select_for_update(no_key=True).get(pk=administration.pk)


def _audit(
    action: str, scope: Scope, administration: Administration, actor: Person, now: datetime, **detail: Any
) -> None:
    place = scope.class_group or scope.school
    record(
        actor=actor,
        action=action,
        at=now,
        subject=scope.sitting.candidate if scope.sitting else None,
        place="" if place is None else str(place.public_id),
        detail={"administration": str(administration.public_id), **detail},
    )
