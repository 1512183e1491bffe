"""Plain makers of people and schools; every argument can be overridden, nothing else happens."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from accounts.actions.cards import issue_card
from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, Enrollment, Membership, Organization, Person

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_numbers = count(1)


def make_school(**overrides: Any) -> Organization:
    region = overrides.pop("parent", None) or make_region()
    fields: dict[str, Any] = {"kind": OrganizationKind.SCHOOL, "name": f"ОШ Пробна {next(_numbers)}"}
    return Organization.objects.create(**(fields | {"parent": region} | overrides))


def make_region(**overrides: Any) -> Organization:
    fields: dict[str, Any] = {"kind": OrganizationKind.REGION, "name": f"Управа {next(_numbers)}"}
    return Organization.objects.create(**(fields | overrides))


def make_class(**overrides: Any) -> ClassGroup:
    school = overrides.pop("school", None) or make_school()
    fields: dict[str, Any] = {"name": f"8-{next(_numbers)}", "school_year": "2026/2027", "school": school}
    return ClassGroup.objects.create(**(fields | overrides))


def make_pupil(class_group: ClassGroup, **overrides: Any) -> Person:
    fields: dict[str, Any] = {"given_name": "Мила", "family_name": f"Јовић {next(_numbers)}"}
    pupil = Person.objects.create(**(fields | overrides))
    Enrollment.objects.create(person=pupil, class_group=class_group, role=Role.PUPIL)
    return pupil


def make_card(pupil: Person, code: str | None = None) -> str:
    return issue_card(person=pupil, now=NOW, code=code)


def make_teacher(class_group: ClassGroup, **overrides: Any) -> Person:
    teacher = _staff(**overrides)
    Enrollment.objects.create(person=teacher, class_group=class_group, role=Role.TEACHER)
    return teacher


def make_member(organization: Organization, role: Role, **overrides: Any) -> Person:
    person = _staff(**overrides)
    Membership.objects.create(person=person, organization=organization, role=role)
    return person


def _staff(**overrides: Any) -> Person:
    fields: dict[str, Any] = {
        "email": f"staff{next(_numbers)}@proba.example",
        "password": "a long enough secret",
        "given_name": "Ана",
        "family_name": "Савић",
    }
    return Person.objects.create_user(**(fields | overrides))
