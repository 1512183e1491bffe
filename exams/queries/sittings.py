"""What is there for a pupil to do, and when may results be seen?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import ClassGroup, Person
from exams.enums import FormPurpose, HandInCause, ResultsRelease, SittingState
from exams.models import Administration, Sitting
from exams.models.sitting import SittingQuerySet


def open_trials(candidate: Person, *, now: datetime) -> SittingQuerySet:
    """Trial sittings the candidate can begin or go on with now, a running one first."""
    # Seconds become a duration only as plain integers; the database's positive ones are not multiplied.
    granted = ExpressionWrapper(
        Cast("granted_seconds", IntegerField()) * Value(timedelta(seconds=1)), output_field=DurationField()
    )
    window = Q(administration__opens_at__lte=now) & (
        Q(administration__closes_at=None) | Q(latest_start__gt=now)
    )
    return (
        _of(candidate, FormPurpose.TRIAL)
        .alias(latest_start=F("administration__closes_at") + granted)
        .filter(Q(state=SittingState.STARTED) | (Q(state=SittingState.READY) & window))
        .order_by("-state", "administration__opens_at", "pk")
    )


def coming_trials(candidate: Person, *, now: datetime) -> SittingQuerySet:
    return _of(candidate, FormPurpose.TRIAL).filter(
        state=SittingState.READY, administration__opens_at__gt=now
    )


def open_practice(candidate: Person) -> Sitting | None:
    """The practice set that was begun or opened and not handed in, if any.

    A pocket set that only lies ready was not asked for yet; once begun it is a set like any other.
    """
    return (
        _of(candidate, FormPurpose.PRACTICE)
        .filter(state__in=[SittingState.READY, SittingState.STARTED])
        .exclude(state=SittingState.READY, form__pocket=True)
        .order_by("-created_at", "-pk")
        .first()
    )


def results_released(sitting: Sitting, *, now: datetime) -> bool:
    """May points and solutions be shown? Practice always; a trial by its administration's rule."""
    if sitting.state not in (SittingState.HANDED_IN, SittingState.SEALED):
        return False
    return sitting.administration is None or administration_released(sitting.administration, now=now)


def administration_released(administration: Administration, *, now: datetime) -> bool:
    """May points and solutions of what was handed in be shown by the administration's rule?"""
    if administration.results_release == ResultsRelease.AT_HAND_IN:
        return True
    if administration.results_release == ResultsRelease.AT_TIME:
        return administration.results_at is not None and now >= administration.results_at
    if administration.closes_at is None or now < administration.closes_at:
        return False
    # Whoever was given time beyond the close still writes, and has friends.
    return not Sitting.objects.filter(administration=administration, state=SittingState.STARTED).exists()


def administrations_of(class_group: ClassGroup) -> QuerySet[Administration]:
    return Administration.objects.filter(assignments__class_group=class_group).select_related("form")


def sittings_in_room(class_group: ClassGroup, administration: Administration) -> SittingQuerySet:
    return (
        Sitting.objects.filter(
            administration=administration,
            candidate__enrollments__class_group=class_group,
            candidate__enrollments__role="pupil",
        )
        .select_related("candidate", "administration")
        .order_by("candidate__family_name", "candidate__given_name", "pk")
    )


REOPENING = timedelta(hours=24)


def can_reopen(sitting: Sitting, *, now: datetime) -> bool:
    """Closed by the time or by an invigilator, and not longer than a day ago.

    Sealed or not: a wrong close seals within seconds where phones deliver at once.
    """
    return (
        sitting.state in (SittingState.HANDED_IN, SittingState.SEALED)
        and sitting.handed_in_cause in (HandInCause.TIME, HandInCause.INVIGILATOR)
        and sitting.handed_in_at is not None
        and now <= sitting.handed_in_at + REOPENING
    )


def _of(candidate: Person, purpose: FormPurpose) -> SittingQuerySet:
    return Sitting.objects.filter(candidate=candidate, form__purpose=purpose).select_related(
        "administration", "form"
    )
