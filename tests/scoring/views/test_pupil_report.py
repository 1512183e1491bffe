"""What does a teacher learn of one pupil, and is it written down that they looked?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from exams.models import Sitting
from tests.factories.accounts import make_class, make_member, make_pupil, make_teacher
from tests.factories.exams import make_administration, make_form
from tests.factories.practice import make_scored_trial_at, make_set, practise_and_score
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_scored_trial, sit_form

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


def test_growth_is_there_day_by_day_and_a_leap_is_said(
    client: Client, teacher: Person, group: ClassGroup, pupil: Person
) -> None:
    now = timezone.now()
    make_scored_trial_at(group, {pupil: REFERENCE_ITEMS[:3]}, at=now - timedelta(weeks=6))
    form = make_set(PRACTICE_ITEMS[:20])
    practise_and_score(form, {pupil: PRACTICE_ITEMS}, at=now - timedelta(days=3))
    page = page_of(client, teacher, pupil)
    assert "In the last 4 weeks 20 items practised, on 1 day." in page
    assert re.search(r"expected points have changed by \+\d.* against 4 weeks ago\.", page)
    # One row after the trial, one after the practice.
    ranges = re.findall(r'data-label="At least 7 in 10 between">([\d.]+)–([\d.]+)<', page)
    assert len(ranges) == 2
    assert all(re.fullmatch(r"\d+\.[05]", value) for found in ranges for value in found)
    assert re.search(r"Week of \d+ \w{3} \d{4}</h3>", page)


def test_a_change_within_chance_is_no_figure(
    client: Client, teacher: Person, group: ClassGroup, pupil: Person
) -> None:
    now = timezone.now()
    make_scored_trial_at(group, {pupil: REFERENCE_ITEMS[:5]}, at=now - timedelta(weeks=6))
    practise_and_score(make_set(PRACTICE_ITEMS[:8]), {pupil: PRACTICE_ITEMS[:5]}, at=now - timedelta(days=3))
    page = page_of(client, teacher, pupil)
    assert "Against 4 weeks ago, expected points have moved no more than chance would move them." in page
    assert "give or take" not in page


def test_the_class_page_speaks_of_the_same_weeks(
    client: Client, teacher: Person, group: ClassGroup, pupil: Person
) -> None:
    """A good month with a bad end: seen from its middle a fall, from its beginning none."""
    now = timezone.now()
    make_scored_trial_at(group, {pupil: REFERENCE_ITEMS[:5]}, at=now - timedelta(weeks=6))
    well, badly = make_set(PRACTICE_ITEMS[:14]), make_set(PRACTICE_ITEMS[14:28])
    practise_and_score(well, {pupil: PRACTICE_ITEMS}, at=now - timedelta(weeks=3))
    practise_and_score(badly, {pupil: ()}, at=now - timedelta(days=3))
    own = page_of(client, teacher, pupil)
    there = reverse("class_practice", args=[group.public_id])
    usual = client.get(there).content.decode()
    shorter = client.get(there, {"weeks": "2"}).content.decode()

    assert "A talk may help." in shorter
    assert "Expected points against 2 weeks ago" in shorter
    assert "A pupil's own page looks back 4 weeks." in " ".join(shorter.split()).replace("&#x27;", "'")
    assert "no more than chance" in usual
    assert "Expected points against 4 weeks ago" in usual
    assert "own page looks back" not in usual
    assert "Against 4 weeks ago, expected points have moved no more than chance would move them." in own


def test_too_little_evidence_stays_silent(
    client: Client, teacher: Person, group: ClassGroup, pupil: Person
) -> None:
    now = timezone.now()
    make_scored_trial(group, {make_pupil(group): ()})
    practise_and_score(make_set(PRACTICE_ITEMS[:2]), {pupil: PRACTICE_ITEMS}, at=now - timedelta(days=1))
    page = page_of(client, teacher, pupil)
    assert "Too little is known to say anything" in page
    assert "Most likely" not in page
    assert "There are too few responses from before or since to say whether it helped." in page


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
    # Of each subject: eight for the reading, ten for growth and practice. None of a sitting.
    with django_assert_num_queries(26):
        client.get(reverse("pupil_report", args=[pupil.public_id]))
