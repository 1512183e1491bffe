"""The doorway to every sitting: views take a sitting from nowhere else."""

from __future__ import annotations

from uuid import UUID

from accounts.errors import AccessDenied
from accounts.permissions import invigilates, teaches_pupil
from accounts.queries.people import Asker, class_of, signed_in
from exams.models import Sitting


def get_own_sitting(person: Asker, public_id: UUID) -> Sitting:
    """The candidate's own sitting. Raises AccessDenied for everybody else and for unknown ids alike."""
    sitting = _sitting(public_id)
    if sitting.candidate_id != signed_in(person).pk:
        raise AccessDenied
    return sitting


def get_sitting_for_reader(person: Asker, public_id: UUID) -> Sitting:
    """A sitting for its candidate or the candidate's teachers. Raises AccessDenied.

    The caller writes an audit row when the reader is not the candidate.
    """
    sitting = _sitting(public_id)
    reader = signed_in(person)
    if sitting.candidate_id != reader.pk and not teaches_pupil(reader, sitting.candidate):
        raise AccessDenied
    return sitting


def get_sitting_for_invigilator(person: Asker, public_id: UUID) -> Sitting:
    """A sitting for the invigilators of the candidate's school. Raises AccessDenied."""
    sitting = _sitting(public_id)
    class_group = class_of(sitting.candidate)
    if class_group is None or not invigilates(signed_in(person), class_group):
        raise AccessDenied
    return sitting


def _sitting(public_id: UUID) -> Sitting:
    sitting = (
        Sitting.objects.filter(public_id=public_id)
        .select_related("form", "administration", "candidate")
        .first()
    )
    if sitting is None:
        raise AccessDenied
    return sitting
