"""What does a teacher read of a class's practice, and who may read it?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from tests.factories.accounts import make_class, make_member, make_pupil, make_teacher
from tests.factories.clients import client_of
from tests.factories.practice import make_scored_trial_at, make_set, practise_and_score
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class(name="8-1")


@pytest.fixture
def teacher(group: ClassGroup) -> Person:
    return make_teacher(group)


def read(
    client: Client, teacher: Person, group: ClassGroup, name: str = "class_practice", **query: str
) -> str:
    client.force_login(teacher)
    client.cookies["django_language"] = query.pop("language", "en")
    response = client.get(reverse(name, args=[group.public_id]), query)
    assert response.status_code == 200
    return response.content.decode()


def practised_class(group: ClassGroup, n: int, right: int) -> list[Person]:
    """Everybody sat the trial six weeks ago, half right, and lately a set with so many of 20 right."""
    names = ("Антић", "Ђурић", "Јовић", "Љубић", "Марић", "Шобић")
    pupils = [make_pupil(group, family_name=name) for name in reversed(names[:n])]
    now = timezone.now()
    make_scored_trial_at(group, dict.fromkeys(pupils, REFERENCE_ITEMS[:5]), at=now - timedelta(weeks=6))
    correct = PRACTICE_ITEMS[:right]
    form = make_set(PRACTICE_ITEMS[:20])
    practise_and_score(form, dict.fromkeys(pupils[1:], correct), at=now - timedelta(days=2))
    return pupils


def test_who_what_and_whether_it_helped(client: Client, teacher: Person, group: ClassGroup) -> None:
    practised_class(group, 6, 18)
    page = read(client, teacher, group)
    assert "Mathematics: practice in class 8-1" in page
    assert "5 of 6 pupils practised: 5 sets with 100 items." in page
    assert "Those who practised are expected to earn more on the exam than before: +" in page
    assert "From 5 pupils who gave enough responses before and since." in page
    assert "theta" not in page.lower()
    assert page.count('class="reach" href="/pupils/') == 6
    # By name, and apart from them who has not practised: no order by what anybody did.
    places = [page.index(name) for name in ("Antić", "Đurić", "Jović", "Ljubić", "Marić", "Šobić")]
    assert places == sorted(places)
    assert page.index("No set finished in these weeks:") < page.index("Šobić")


def test_what_cannot_be_told_is_not_told(client: Client, teacher: Person, group: ClassGroup) -> None:
    practised_class(group, 6, 10)
    page = read(client, teacher, group)
    assert "It cannot be told yet: on average" in page
    assert "no more than chance" in page
    assert "give or take" not in page


def test_a_mean_of_fewer_than_five_is_not_shown(client: Client, teacher: Person, group: ClassGroup) -> None:
    practised_class(group, 5, 18)
    page = read(client, teacher, group)
    assert "Too early to tell." in page
    assert "so far there are 4." in page


def test_weeks_and_subject_are_chosen_by_address(client: Client, teacher: Person, group: ClassGroup) -> None:
    (pupil,) = practised_class(group, 1, 0)
    set_of_three = make_set(PRACTICE_ITEMS[20:23])
    practise_and_score(set_of_three, {pupil: ()}, at=timezone.now() - timedelta(days=20))
    for query, found in (
        ({}, True),
        ({"weeks": "2"}, False),
        ({"weeks": "4"}, True),
        ({"weeks": "4", "subject": "serbian"}, False),
        ({"weeks": "99"}, True),
    ):
        page = read(client, teacher, group, **query)
        assert ("No practice set finished in these weeks" not in page) is found


def test_the_class_page_says_it_in_one_sentence(client: Client, teacher: Person, group: ClassGroup) -> None:
    practised_class(group, 3, 10)
    page = read(client, teacher, group, "class_report")
    assert "In the last 4 weeks 2 of 3 pupils practised." in page
    assert "Together they finished 2 sets." in page
    assert reverse("class_practice", args=[group.public_id]) in page


def test_without_practice_the_class_page_says_where_it_waits(
    client: Client, teacher: Person, group: ClassGroup
) -> None:
    make_pupil(group)
    page = read(client, teacher, group, "class_report")
    assert "In the last 4 weeks nobody finished a practice set." in page


def test_nobody_else_gets_in(group: ClassGroup) -> None:
    strangers = [
        make_teacher(make_class(school=group.school)),
        make_member(group.school, Role.INVIGILATOR),
        make_member(group.school, Role.ANALYST),
        make_pupil(group),
    ]
    for person in strangers:
        there = reverse("class_practice", args=[group.public_id])
        assert client_of(person).get(there).status_code == 404
