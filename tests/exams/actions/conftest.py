"""Two pupils who sit a trial, and who looks after them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from exams.models import Sitting
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration


@pytest.fixture
def group(db: None) -> ClassGroup:
    return make_class()


@pytest.fixture
def sittings(group: ClassGroup) -> list[Sitting]:
    """Two sittings started at NOW with an hour to go."""
    make_pupil(group, family_name="А")
    make_pupil(group, family_name="Б")
    make_administration([group])
    Sitting.objects.update(state="started", started_at=NOW, ends_at=NOW + timedelta(hours=1))
    return list(Sitting.objects.order_by("candidate__family_name"))


@pytest.fixture
def sitting(sittings: list[Sitting]) -> Sitting:
    return sittings[0]


@pytest.fixture
def invigilator(group: ClassGroup) -> Person:
    return make_member(group.school, Role.INVIGILATOR)
