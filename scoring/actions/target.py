"""How does a pupil say which result they want? Nobody else sees it, and it can be taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from exams.models import Target
from scoring.errors import TargetOutOfRange
from scoring.queries.targets import reference_maximum


@transaction.atomic
def set_target(*, person: Person, subject: str, half_points: int, now: datetime) -> Target:
    """The pupil's one target of the subject, in half-points on its reference form.

    Replaces an earlier one, also for two taps at once. Raises TargetOutOfRange below 1 and above what the
    form brings, and for a subject without a reference form.
    """
    most = reference_maximum(subject)
    if not 1 <= half_points <= most:
        raise TargetOutOfRange(subject, half_points, most)
    target, _ = Target.objects.update_or_create(
        person=person, subject=subject, defaults={"half_points": half_points, "set_at": now}
    )
    return target


def clear_target(*, person: Person, subject: str) -> None:
    """Idempotent."""
    Target.objects.filter(person=person, subject=subject).delete()
