"""Which classes and pupils belong to this person, and the doorway to each."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.enums import Role
from accounts.errors import AccessDenied
from accounts.models import ClassGroup, Person
from accounts.permissions import authors, calibrates, invigilates, is_pupil, teaches, teaches_pupil

Asker = Person | AnonymousUser


def signed_in(person: Asker) -> Person:
    """The person, or AccessDenied for somebody who is not signed in."""
    if not isinstance(person, Person) and not getattr(person, "is_authenticated", False):
        raise AccessDenied
    return person  # type: ignore[return-value]


def signed_in_pupil(person: Asker) -> Person:
    """The doorway to a pupil's own pages: AccessDenied for strangers and for staff."""
    pupil = signed_in(person)
    if not is_pupil(pupil):
        raise AccessDenied
    return pupil


def signed_in_author(person: Asker) -> Person:
    """The doorway to the item bank: AccessDenied for everybody who is no item author."""
    author = signed_in(person)
    if not authors(author):
        raise AccessDenied
    return author


def signed_in_psychometrician(person: Asker) -> Person:
    """The doorway to calibrations: AccessDenied for everybody who is no psychometrician."""
    psychometrician = signed_in(person)
    if not calibrates(psychometrician):
        raise AccessDenied
    return psychometrician


def get_class_for_teacher(person: Asker, public_id: UUID) -> ClassGroup:
    """The doorway to a class for those who teach it. Raises AccessDenied, also when there is none."""
    class_group = _class(public_id)
    if not teaches(signed_in(person), class_group):
        raise AccessDenied
    return class_group


def get_class_for_invigilator(person: Asker, public_id: UUID) -> ClassGroup:
    """The doorway to a room for the invigilators of its school. Raises AccessDenied."""
    class_group = _class(public_id)
    if not invigilates(signed_in(person), class_group):
        raise AccessDenied
    return class_group


def get_pupil_for_teacher(person: Asker, public_id: UUID) -> Person:
    """The doorway to a pupil for their own teachers; the caller writes the audit row. Raises AccessDenied."""
    pupil = Person.objects.filter(public_id=public_id).first()
    if pupil is None or not teaches_pupil(signed_in(person), pupil):
        raise AccessDenied
    return pupil


def classes_taught_by(person: Person) -> QuerySet[ClassGroup]:
    return ClassGroup.objects.filter(
        enrollments__person=person, enrollments__role=Role.TEACHER
    ).select_related("school")


def classes_invigilated_by(person: Person) -> QuerySet[ClassGroup]:
    return ClassGroup.objects.filter(
        school__memberships__person=person, school__memberships__role=Role.INVIGILATOR
    ).select_related("school")


def pupils_of(class_group: ClassGroup) -> QuerySet[Person]:
    return Person.objects.filter(enrollments__class_group=class_group, enrollments__role=Role.PUPIL)


def class_of(pupil: Person) -> ClassGroup | None:
    return (
        ClassGroup.objects.filter(enrollments__person=pupil, enrollments__role=Role.PUPIL)
        .select_related("school", "school__parent")
        .first()
    )


def _class(public_id: UUID) -> ClassGroup:
    found = ClassGroup.objects.filter(public_id=public_id).select_related("school").first()
    if found is None:
        raise AccessDenied
    return found
