"""Whose hand-ins may be carried into this room?"""

from __future__ import annotations

from accounts.enums import Role
from accounts.models import ClassGroup
from exams.models import Sitting
from exams.models.sitting import SittingQuerySet


def sittings_of_room(class_group: ClassGroup) -> SittingQuerySet:
    """Every trial sitting of the pupils of this class: the doorway for `exams.actions.carried`."""
    return Sitting.objects.filter(
        administration__isnull=False,
        candidate__enrollments__class_group=class_group,
        candidate__enrollments__role=Role.PUPIL,
    )
