"""The doorway to sittings: open for whom it concerns, a wall for everybody else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.errors import AccessDenied
from accounts.models import ClassGroup, Person
from exams.models import Sitting
from exams.queries.access import get_own_sitting, get_sitting_for_invigilator, get_sitting_for_reader
from tests.factories.accounts import make_class, make_member, make_pupil, make_teacher
from tests.factories.exams import make_administration

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def sitting(group: ClassGroup) -> Sitting:
    make_pupil(group)
    make_administration([group])
    return Sitting.objects.get()


@pytest.fixture
def people(group: ClassGroup, sitting: Sitting) -> dict[str, Person | AnonymousUser]:
    other_class = make_class(school=group.school)
    return {
        "candidate": sitting.candidate,
        "classmate": make_pupil(group),
        "teacher": make_teacher(group),
        "colleague": make_teacher(other_class),
        "invigilator": make_member(group.school, Role.INVIGILATOR),
        "stranger": make_member(make_class().school, Role.INVIGILATOR),
        "analyst": make_member(group.school, Role.ANALYST),
        "nobody": AnonymousUser(),
    }


@pytest.mark.parametrize(
    ("doorway", "welcome"),
    [
        (get_own_sitting, {"candidate"}),
        (get_sitting_for_reader, {"candidate", "teacher"}),
        (get_sitting_for_invigilator, {"invigilator"}),
    ],
)
def test_doorway(doorway, welcome, sitting, people) -> None:  # type: ignore[no-untyped-def]
    let_in = set()
    for name, person in people.items():
        try:
            found = doorway(person, sitting.public_id)
        except AccessDenied:
            continue
        assert found == sitting
        let_in.add(name)
    assert let_in == welcome


@pytest.mark.parametrize("doorway", [get_own_sitting, get_sitting_for_reader, get_sitting_for_invigilator])
def test_unknown_sitting_is_the_same_wall(doorway, people) -> None:  # type: ignore[no-untyped-def]
    for person in people.values():
        with pytest.raises(AccessDenied):
            doorway(person, uuid4())


def test_candidate_without_a_class_has_no_invigilator(
    sitting: Sitting, people: dict[str, Person], group: ClassGroup
) -> None:
    group.enrollments.filter(person=sitting.candidate).delete()
    with pytest.raises(AccessDenied):
        get_sitting_for_invigilator(people["invigilator"], sitting.public_id)
