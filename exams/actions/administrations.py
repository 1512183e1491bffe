"""How is a form offered to classes, with a sitting ready for every pupil before the day?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.enums import Role
from accounts.models import ClassGroup, Enrollment, Person
from exams.enums import ResultsRelease
from exams.models import Accommodation, Administration, Assignment, Form, Sitting


@transaction.atomic
def schedule_administration(
    *,
    form: Form,
    title_sr: str,
    title_en: str,
    opens_at: datetime,
    closes_at: datetime | None,
    limit_seconds: int,
    results_release: ResultsRelease,
    class_groups: Sequence[ClassGroup],
    now: datetime,
) -> Administration:
    """Assign the form to classes and create every pupil's sitting, so that a start changes one row.

    Each sitting takes the pupil's accommodation as it is now; `grant_accommodation` changes it later.
    """
    administration = Administration.objects.create(
        form=form,
        title_sr=title_sr,
        title_en=title_en,
        opens_at=opens_at,
        closes_at=closes_at,
        limit_seconds=limit_seconds,
        results_release=results_release,
    )
    Assignment.objects.bulk_create(
        Assignment(administration=administration, class_group=group) for group in class_groups
    )
    pupils = Enrollment.objects.filter(class_group__in=class_groups, role=Role.PUPIL).values_list(
        "person_id", "person__accommodation__time_percent"
    )
    Sitting.objects.bulk_create(
        Sitting(
            administration=administration,
            form=form,
            candidate_id=person_id,
            time_percent=time_percent or 100,
            created_at=now,
        )
        for person_id, time_percent in pupils
    )
    return administration


@transaction.atomic
def grant_accommodation(*, candidate: Person, time_percent: int) -> Accommodation:
    """Extra time for this pupil, in every sitting not started yet. A running one is helped by a grant."""
    accommodation, _ = Accommodation.objects.update_or_create(
        candidate=candidate, defaults={"time_percent": time_percent}
    )
    Sitting.objects.filter(candidate=candidate, state="ready").update(time_percent=time_percent)
    return accommodation
