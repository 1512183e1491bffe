"""What does pre-flight look at, when an administration is about to be made?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import ClassGroup, Enrollment
from exams.enums import ResultsRelease, Security
from exams.models import Form
from exams.preflight import FormPlan, ItemPlan, Plan, PupilPlan


def plan_of(
    *,
    form: Form,
    opens_at: datetime,
    closes_at: datetime | None,
    limit_seconds: int,
    cut_off_hours: int,
    results_release: ResultsRelease,
    results_at: datetime | None,
    class_groups: Sequence[ClassGroup],
    now: datetime,
    only_who_chose: bool = False,
) -> Plan:
    """For `exams.preflight.preflight`. Three queries, and one for schools that were not fetched."""
    return Plan(
        form=_form(form),
        opens_at=opens_at,
        closes_at=closes_at,
        limit=timedelta(seconds=limit_seconds),
        cut_off=timedelta(hours=cut_off_hours),
        results_release=results_release,
        results_at=results_at,
        rooms=tuple(_room(group) for group in class_groups),
        pupils=_pupils(class_groups, form.subject if only_who_chose else None),
        now=now,
        only_who_chose=only_who_chose,
        zone=timezone.get_default_timezone(),
    )


def _form(form: Form) -> FormPlan:
    rows = form.form_items.select_related("version__item").order_by("position")
    return FormPlan(
        identifier=form.identifier,
        subject=form.subject,
        purpose=form.purpose,
        published=form.published_at is not None,
        languages=frozenset(form.papers.values_list("language", flat=True)),
        items=tuple(
            ItemPlan(
                row.version.ref,
                row.version.interaction,
                row.version.key,
                released=row.version.item.security == Security.RELEASED,
            )
            for row in rows
        ),
    )


def pupils_given(class_groups: Sequence[ClassGroup], *, chose: str | None) -> QuerySet[Enrollment]:
    """The enrollments of the pupils of these classes; with `chose`, of those whose third test it is."""
    pupils = Enrollment.objects.filter(class_group__in=class_groups, role=Role.PUPIL)
    return pupils if chose is None else pupils.filter(chosen_subject=chose)


def _pupils(class_groups: Sequence[ClassGroup], chose: str | None) -> tuple[PupilPlan, ...]:
    rooms = {group.pk: _room(group) for group in class_groups}
    rows = (
        pupils_given(class_groups, chose=chose).select_related("person__accommodation").order_by("person_id")
    )
    return tuple(
        PupilPlan(row.person.full_name, rooms[row.class_group_id], _time_percent(row)) for row in rows
    )


def _time_percent(row: Enrollment) -> int:
    accommodation = getattr(row.person, "accommodation", None)
    return 100 if accommodation is None else accommodation.time_percent


def _room(group: ClassGroup) -> str:
    return f"{group.name}, {group.school.name}"
