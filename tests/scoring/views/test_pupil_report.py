"""What does a teacher learn of one pupil, and is it written down that they looked?"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from exams.models import Sitting
from tests.factories.accounts import make_class, make_member, make_pupil, make_teacher
from tests.factories.exams import make_administration, make_form
from tests.factories.scoring import REFERENCE_ITEMS, make_scored_trial, sit_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class(name="8-1")


@pytest.fixture
def teacher(group: ClassGroup) -> Person:
    return make_teacher(group)


@pytest.fixture
def pupil(group: ClassGroup) -> Person:
    return make_pupil(group, given_name="Ђурђа", family_name="Љубић")


def page_of(client: Client, teacher: Person, pupil: Person, language: str = "en") -> str:
    client.force_login(teacher)
    client.cookies["django_language"] = language
    response = client.get(reverse("pupil_report", args=[pupil.public_id]))
    assert response.status_code == 200
    return response.content.decode()


def test_results_band_and_domains(client: Client, teacher: Person, group: ClassGroup, pupil: Person) -> None:
    make_scored_trial(group, {pupil: REFERENCE_ITEMS})
    page = page_of(client, teacher, pupil)
    assert reverse("result", args=[Sitting.objects.get().public_id]) in page
    assert "10 of 10" in page
    assert "Mathematics. Most likely" in page
    assert "From 10 responses, practice included." in page
    assert "The difficulty of the items is assumed from their levels" in page
    assert "No practice set finished yet." in page
    assert "theta" not in page.lower()


def test_a_pupil_who_has_sat_nothing(client: Client, teacher: Person, pupil: Person) -> None:
    page = page_of(client, teacher, pupil, "sr-latn")
    assert "Đurđa Ljubić" in page
    assert "Ђурђа" not in page


def test_each_look_leaves_a_row(client: Client, teacher: Person, pupil: Person) -> None:
    for _ in range(2):
        page_of(client, teacher, pupil)
    found = [(row.actor, row.action, row.subject) for row in AuditEntry.objects.all()]
    assert found == [(teacher, "view_pupil", pupil)] * 2


def test_nobody_else_gets_in_and_nothing_is_written(client: Client, group: ClassGroup, pupil: Person) -> None:
    strangers = [
        make_teacher(make_class(school=group.school)),
        make_member(group.school, Role.INVIGILATOR),
        make_member(group.school, Role.ANALYST),
        make_pupil(group),
        pupil,
    ]
    for person in strangers:
        client.force_login(person)
        assert client.get(reverse("pupil_report", args=[pupil.public_id])).status_code == 404
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("n_sittings", [1, 3])
def test_queries_of_the_page(
    client: Client,
    teacher: Person,
    group: ClassGroup,
    pupil: Person,
    n_sittings: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_scored_trial(group, {pupil: ()})
    form = make_form()
    for _ in range(n_sittings - 1):
        sit_form(make_administration([group], form=form), pupil, correct=())
    client.force_login(teacher)
    with django_assert_num_queries(11):
        client.get(reverse("pupil_report", args=[pupil.public_id]))
