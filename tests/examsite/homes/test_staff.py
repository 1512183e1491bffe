"""Does each member of staff land where their work is?"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Person
from exams.models import Sitting
from tests.factories.accounts import make_class, make_member, make_pupil, make_teacher
from tests.factories.bank import make_author, make_bank, make_printed_form
from tests.factories.exams import make_administration
from tests.factories.journal import sit

pytestmark = pytest.mark.django_db


def home_of(client: Client, person: Person) -> str:
    client.force_login(person)
    client.cookies["django_language"] = "en"
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_teacher_sees_own_classes_with_how_many_sat(client: Client) -> None:
    group, other = make_class(name="8-1"), make_class(name="8-2")
    teacher = make_teacher(group)
    first, _second = make_pupil(group), make_pupil(group)
    administration = make_administration([group])
    sit(Sitting.objects.get(administration=administration, candidate=first), {"ma-102.1": "b"})
    page = home_of(client, teacher)
    assert reverse("class_report", args=[group.public_id]) in page
    assert "1 of 2" in page
    assert reverse("class_report", args=[other.public_id]) not in page


def test_a_class_without_pupils_or_trials_says_so(client: Client) -> None:
    group = make_class()
    teacher = make_teacher(group)
    assert "There are no pupils in this class yet." in home_of(client, teacher)
    make_pupil(group)
    assert "1 pupil. No trial exam has been given to this class yet." in home_of(client, teacher)


def test_an_invigilator_sees_the_rooms_of_the_school(client: Client) -> None:
    group, other = make_class(name="8-1"), make_class(name="8-2")
    pupil = make_pupil(group)
    invigilator = make_member(group.school, Role.INVIGILATOR)
    page = home_of(client, invigilator)
    assert "Nobody is writing now." in page
    assert reverse("room_board", args=[group.public_id]) in page
    assert reverse("room_board", args=[other.public_id]) not in page
    administration = make_administration([group])
    sitting = Sitting.objects.get(administration=administration, candidate=pupil)
    sit(sitting, {"ma-102.1": "b"}, hand_in=False)
    assert "1 is writing now" in home_of(client, invigilator)


def test_a_school_without_classes(client: Client) -> None:
    group = make_class()
    invigilator = make_member(group.school, Role.INVIGILATOR)
    group.delete()
    assert "There are no rooms yet" in home_of(client, invigilator)


def test_an_analyst_is_sent_to_the_country(client: Client) -> None:
    client.force_login(make_member(make_class().school, Role.ANALYST))
    assert client.get("/")["Location"] == reverse("country")


def test_an_author_sees_the_bank_and_its_forms(client: Client) -> None:
    assert "0 items for practice" in home_of(client, make_author())
    bank = make_bank()
    form = make_printed_form(bank)
    page = home_of(client, make_author())
    assert "7 items for practice, 10 in trials." in page
    assert f'href="{reverse("bank_print", args=[form.public_id])}?key=1"' in page
    assert f'action="{reverse("bank")}"' in page


def test_an_account_without_a_role_is_told_what_to_do(client: Client) -> None:
    person = Person.objects.create_user(
        "new@proba.example", "a long enough secret", given_name="Ана", family_name="Савић"
    )
    assert "not connected with a school" in home_of(client, person)
    assert "new@proba.example" in home_of(client, person)
