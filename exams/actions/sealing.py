"""Who closes what is overdue and seals what is complete? A sweep over the tables, in any number of processes.

The tables are the queue: each step locks a few hundred sittings, passes over those that another sweep holds,
looks again under the lock, and moves them in one short transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from exams.enums import HandInCause, SittingState
from exams.models import Administration, ResponseEvent, Sitting, SittingDevice, SittingEvent
from exams.models.sitting import SittingQuerySet
from exams.signals import sitting_handed_in
from exams.timing import GRACE_MS, PRACTICE_CUT_OFF_HOURS

AT_ONCE = 200


def seal_due(*, now: datetime, give_way: Callable[[], None] = lambda: None) -> int:
    """Closes sittings whose time is over and seals those that are complete; how many it moved.

    `give_way` is called before each transaction and may wait for others to go first.
    """
    return _sweep(_close_overdue, now, give_way) + _sweep(_seal_complete, now, give_way)


def missing_events(sitting: Sitting) -> int | None:
    """How many events are known to be still on devices; None when a device has not said how many it has."""
    missing = 0
    devices = _entered().filter(sitting=sitting).values_list("closed", "last_seq", "arrived")
    for closed, last_seq, arrived in devices:
        if not closed or last_seq is None:
            return None
        missing += max(0, last_seq - arrived)
    return missing


def _sweep(step: Callable[[datetime], int], now: datetime, give_way: Callable[[], None]) -> int:
    moved = 0
    give_way()
    while found := step(now):
        moved += found
        give_way()
    return moved


@transaction.atomic
def _close_overdue(now: datetime) -> int:
    overdue = Sitting.objects.overdue(now, grace_seconds=GRACE_MS // 1000)
    sittings = list(overdue.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:AT_ONCE])
    Sitting.objects.filter(pk__in=[sitting.pk for sitting in sittings]).update(
        state=SittingState.HANDED_IN, handed_in_at=F("ends_at"), handed_in_cause=HandInCause.TIME
    )
    SittingEvent.objects.bulk_create(
        SittingEvent(sitting=one, kind="handed_in", at=one.ends_at or now, detail={"cause": HandInCause.TIME})
        for one in sittings
    )
    _announce(sittings, SittingState.HANDED_IN)
    return len(sittings)


@transaction.atomic
def _seal_complete(now: datetime) -> int:
    due = list(_due(now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    held = Sitting.objects.filter(pk__in=due, state=SittingState.HANDED_IN)
    locked = [one.pk for one in held.select_for_update(of=("self",), skip_locked=True)]
    # A device may have brought something between the first look and the lock.
    sittings = list(_due(now).filter(pk__in=locked))
    by_cut_off = set(_due(now).filter(pk__in=locked).filter(_past_cut_off(now)).values_list("pk", flat=True))
    Sitting.objects.filter(pk__in=[one.pk for one in sittings]).update(
        state=SittingState.SEALED, sealed_at=now
    )
    SittingEvent.objects.bulk_create(
        SittingEvent(
            sitting=one,
            kind="sealed",
            at=now,
            detail={"by": "cut_off" if one.pk in by_cut_off else "complete"},
        )
        for one in sittings
    )
    _announce(sittings, SittingState.SEALED)
    return len(sittings)


def _due(now: datetime) -> SittingQuerySet:
    """Handed in, and either all has arrived or nothing is waited for any longer."""
    devices = _entered().filter(sitting=OuterRef("pk"))
    silent = devices.filter(Q(closed=False) | Q(last_seq=None))
    owing = devices.filter(last_seq__gt=F("arrived"))
    complete = ~Exists(silent) & ~Exists(owing)
    return Sitting.objects.filter(state=SittingState.HANDED_IN).filter(_past_cut_off(now) | complete)


def _past_cut_off(now: datetime) -> Q:
    """Each administration has its own; there are only a few different ones."""
    rules = Administration.objects.order_by("cut_off_hours").values_list("cut_off_hours", flat=True)
    condition = Q(administration=None, handed_in_at__lte=now - timedelta(hours=PRACTICE_CUT_OFF_HOURS))
    for hours in rules.distinct():
        condition |= Q(administration__cut_off_hours=hours, handed_in_at__lte=now - timedelta(hours=hours))
    return condition


def _entered() -> QuerySet[Any, Any]:
    """Devices that something is waited for from; `arrived`: how many of its announced events."""
    arrived = (
        ResponseEvent.objects.filter(
            sitting=OuterRef("sitting"), device=OuterRef("device"), seq__lte=OuterRef("last_seq")
        )
        .order_by()
        .values("sitting")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return SittingDevice.objects.filter(entered=True).annotate(arrived=Coalesce(Subquery(arrived), 0))


def _announce(sittings: list[Sitting], state: SittingState) -> None:
    def tell() -> None:
        for sitting in sittings:
            sitting.state = state
            sitting_handed_in.send(sender=Sitting, sitting=sitting)

    if sittings:
        transaction.on_commit(tell)
