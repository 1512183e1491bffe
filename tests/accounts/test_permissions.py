"""Who may see whom, for every pair of people that matters."""

from __future__ import annotations

import pytest

from accounts.enums import OrganizationKind, Role
from accounts.models import Organization, Person
from accounts.permissions import analyses, authors, invigilates, is_pupil, roles_of, teaches, teaches_pupil
from tests.factories.accounts import make_class, make_member, make_pupil, make_school, make_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> Organization:
    return make_school()


def test_teacher_teaches_own_class_and_its_pupils_only(school: Organization) -> None:
    own, other = make_class(school=school), make_class(school=school)
    teacher, colleague = make_teacher(own), make_teacher(other)
    pupil, stranger = make_pupil(own), make_pupil(other)
    assert (teaches(teacher, own), teaches(teacher, other)) == (True, False)
    assert (teaches_pupil(teacher, pupil), teaches_pupil(teacher, stranger)) == (True, False)
    assert (teaches_pupil(colleague, pupil), teaches(colleague, own)) == (False, False)


def test_sitting_in_a_class_is_not_teaching_it(school: Organization) -> None:
    group = make_class(school=school)
    pupil, classmate, teacher = make_pupil(group), make_pupil(group), make_teacher(group)
    assert not teaches(pupil, group)
    assert not teaches_pupil(pupil, classmate)
    assert not teaches_pupil(teacher, make_teacher(group))


def test_invigilator_belongs_to_one_school(school: Organization) -> None:
    invigilator = make_member(school, Role.INVIGILATOR)
    assert invigilates(invigilator, make_class(school=school))
    assert not invigilates(invigilator, make_class())
    assert not invigilates(make_member(school, Role.ANALYST), make_class(school=school))
    assert not invigilates(make_teacher(make_class(school=school)), make_class(school=school))


def test_authors_belong_to_a_ministry(school: Organization) -> None:
    ministry = Organization.objects.create(kind=OrganizationKind.MINISTRY, name="Министарство")
    assert authors(make_member(ministry, Role.AUTHOR))
    assert not authors(make_member(ministry, Role.ANALYST))
    assert not authors(make_member(school, Role.AUTHOR))
    assert not authors(make_teacher(make_class(school=school)))


def test_roles() -> None:
    ministry = Organization.objects.create(kind=OrganizationKind.MINISTRY, name="Министарство")
    group = make_class()
    analyst, pupil, teacher = make_member(ministry, Role.ANALYST), make_pupil(group), make_teacher(group)
    group.school.memberships.create(person=teacher, role=Role.INVIGILATOR)
    people: list[tuple[Person, bool, bool, set[Role]]] = [
        (analyst, True, False, {Role.ANALYST}),
        (pupil, False, True, {Role.PUPIL}),
        (teacher, False, False, {Role.TEACHER, Role.INVIGILATOR}),
        (Person.objects.create(given_name="Без", family_name="Улоге"), False, False, set()),
    ]
    for person, is_analyst, sits, roles in people:
        assert (analyses(person), is_pupil(person), roles_of(person)) == (is_analyst, sits, roles)
