"""Doorways to classes and pupils: open for whom it concerns, a wall for everybody else."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.enums import OrganizationKind, Role
from accounts.errors import AccessDenied
from accounts.models import ClassGroup, Person
from accounts.queries.people import (
    class_of,
    classes_invigilated_by,
    classes_taught_by,
    get_class_for_invigilator,
    get_class_for_teacher,
    get_pupil_for_teacher,
    pupils_of,
    signed_in,
    signed_in_author,
    signed_in_psychometrician,
    signed_in_pupil,
)
from tests.factories.accounts import make_class, make_member, make_pupil, make_region, make_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def people(group: ClassGroup) -> dict[str, Person | AnonymousUser]:
    other_class = make_class(school=group.school)
    return {
        "pupil": make_pupil(group),
        "classmate": make_pupil(group),
        "teacher": make_teacher(group),
        "colleague": make_teacher(other_class),
        "invigilator": make_member(group.school, Role.INVIGILATOR),
        "stranger": make_member(make_class().school, Role.INVIGILATOR),
        "analyst": make_member(group.school, Role.ANALYST),
        "author": make_member(make_region(kind=OrganizationKind.MINISTRY), Role.AUTHOR),
        "psychometrician": make_member(make_region(kind=OrganizationKind.MINISTRY), Role.PSYCHOMETRICIAN),
        "of a school": make_member(group.school, Role.PSYCHOMETRICIAN),
        "nobody": AnonymousUser(),
    }


def let_in(
    people: dict[str, Person | AnonymousUser], enter: Callable[..., object], *where: object
) -> set[str]:
    found = set()
    for name, person in people.items():
        try:
            enter(person, *where)
        except AccessDenied:
            continue
        found.add(name)
    return found


def test_doorways(group: ClassGroup, people: dict[str, Person | AnonymousUser]) -> None:
    pupil = people["pupil"]
    assert isinstance(pupil, Person)
    assert let_in(people, get_class_for_teacher, group.public_id) == {"teacher"}
    assert let_in(people, get_class_for_invigilator, group.public_id) == {"invigilator"}
    assert let_in(people, get_pupil_for_teacher, pupil.public_id) == {"teacher"}
    assert let_in(people, signed_in) == set(people) - {"nobody"}
    assert let_in(people, signed_in_pupil) == {"pupil", "classmate"}
    assert let_in(people, signed_in_author) == {"author"}
    assert let_in(people, signed_in_psychometrician) == {"psychometrician"}
    for doorway in (get_class_for_teacher, get_class_for_invigilator, get_pupil_for_teacher):
        assert let_in(people, doorway, uuid4()) == set()


def test_doorways_give_what_was_asked_for(group: ClassGroup, people: dict[str, Person]) -> None:
    assert get_class_for_teacher(people["teacher"], group.public_id) == group
    assert get_class_for_invigilator(people["invigilator"], group.public_id) == group
    assert get_pupil_for_teacher(people["teacher"], people["pupil"].public_id) == people["pupil"]


def test_lists(group: ClassGroup, people: dict[str, Person]) -> None:
    second = make_class(school=group.school)
    second.enrollments.create(person=people["teacher"], role=Role.TEACHER)
    assert set(classes_taught_by(people["teacher"])) == {group, second}
    assert list(classes_taught_by(people["pupil"])) == []
    assert set(classes_invigilated_by(people["invigilator"])) == set(group.school.class_groups.all())
    assert list(classes_invigilated_by(people["teacher"])) == []
    assert set(pupils_of(group)) == {people["pupil"], people["classmate"]}
    assert class_of(people["pupil"]) == group
    assert class_of(people["teacher"]) is None
