"""How many pupils of each class have sat a trial exam?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.enums import Role
from accounts.models import ClassGroup
from exams.enums import FormPurpose, SittingState


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """`n_sat` pupils have handed in at least one trial exam; `n_trials` such exams the class was given."""

    class_group: ClassGroup
    n_pupils: int
    n_sat: int
    n_trials: int


def class_summaries(class_groups: QuerySet[ClassGroup]) -> list[ClassSummary]:
    """One query; ordered by school and name of the class."""
    person, sittings = "enrollments__person", "enrollments__person__sittings"
    sat = Q(
        **{
            f"{sittings}__state__in": [SittingState.HANDED_IN, SittingState.SEALED],
            f"{sittings}__form__purpose": FormPurpose.TRIAL,
        }
    )
    rows = (
        # The classes asked for come as a subquery: a join already narrowed to their teacher would be counted.
        ClassGroup.objects.filter(pk__in=class_groups.values("pk"))
        .select_related("school")
        .annotate(
            n_pupils=Count(person, filter=Q(enrollments__role=Role.PUPIL), distinct=True),
            n_sat=Count(person, filter=Q(enrollments__role=Role.PUPIL) & sat, distinct=True),
            n_trials=Count("assignments", distinct=True),
        )
        .order_by("school__name", "name", "pk")
    )
    return [ClassSummary(row, row.n_pupils, row.n_sat, row.n_trials) for row in rows]
