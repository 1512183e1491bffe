"""Who may see whom? Predicates on a person's relations; nothing here is a matter of taste or setting."""

from __future__ import annotations

from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, Enrollment, Membership, Person


def is_pupil(person: Person) -> bool:
    return Enrollment.objects.filter(person=person, role=Role.PUPIL).exists()


def teaches(person: Person, class_group: ClassGroup) -> bool:
    return Enrollment.objects.filter(person=person, class_group=class_group, role=Role.TEACHER).exists()


def teaches_pupil(person: Person, pupil: Person) -> bool:
    return Enrollment.objects.filter(
        person=person,
        role=Role.TEACHER,
        class_group__enrollments__person=pupil,
        class_group__enrollments__role=Role.PUPIL,
    ).exists()


def invigilates(person: Person, class_group: ClassGroup) -> bool:
    return Membership.objects.filter(
        person=person, role=Role.INVIGILATOR, organization_id=class_group.school_id
    ).exists()


def analyses(person: Person) -> bool:
    return Membership.objects.filter(person=person, role=Role.ANALYST).exists()


def authors(person: Person) -> bool:
    """Works on the item bank at a ministry: the only role that sees items of trials with their keys."""
    return Membership.objects.filter(
        person=person, role=Role.AUTHOR, organization__kind=OrganizationKind.MINISTRY
    ).exists()


def calibrates(person: Person) -> bool:
    """Decides at a ministry about item parameters, and so about the scale of all results."""
    return Membership.objects.filter(
        person=person, role=Role.PSYCHOMETRICIAN, organization__kind=OrganizationKind.MINISTRY
    ).exists()


def roles_of(person: Person) -> frozenset[Role]:
    """Every role the person holds anywhere: decides which home they see, never what they may open."""
    held = set(Enrollment.objects.filter(person=person).values_list("role", flat=True))
    held |= set(Membership.objects.filter(person=person).values_list("role", flat=True))
    return frozenset(Role(role) for role in held)
