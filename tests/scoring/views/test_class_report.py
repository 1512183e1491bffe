"""Who may open a class, what does it say at every stage, and does a rebuild bring back the same page?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from exams.enums import ResultsRelease
from exams.models import Sitting
from scoring.actions.score import score_sittings
from scoring.models import ScoringRun
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_teacher
from tests.factories.exams import make_administration
from tests.factories.journal import sit
from tests.factories.scoring import REFERENCE_ITEMS, make_scored_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class(name="8-1")


@pytest.fixture
def teacher(group: ClassGroup) -> Person:
    return make_teacher(group)


def page_of(client: Client, teacher: Person, group: ClassGroup, language: str = "en", **query: str) -> str:
    client.force_login(teacher)
    client.cookies["django_language"] = language
    response = client.get(reverse("class_report", args=[group.public_id]), query)
    assert response.status_code == 200
    # Tokens against forged requests differ each time and say nothing.
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_an_empty_class_and_one_without_trials_say_what_comes(
    client: Client, teacher: Person, group: ClassGroup
) -> None:
    assert "No pupils in this class yet" in page_of(client, teacher, group)
    make_pupil(group)
    assert "No trial exam for this class yet" in page_of(client, teacher, group)


def test_before_anybody_handed_in_names_are_there_and_results_are_not(
    client: Client, teacher: Person, group: ClassGroup
) -> None:
    make_pupil(group, given_name="Ђурђа", family_name="Љубић")
    make_administration([group])
    page = page_of(client, teacher, group)
    assert "Nobody has handed in yet" in page
    assert "Đurđa Ljubić" in page
    assert "0 of 1" in page


def test_six_pupils_without_anything_right_are_told_where_most_points_are(
    client: Client, teacher: Person, group: ClassGroup
) -> None:
    pupils = [make_pupil(group) for _ in range(6)]
    make_scored_trial(group, {pupil: () if pupil != pupils[0] else REFERENCE_ITEMS for pupil in pupils})
    page = page_of(client, teacher, group)
    # Numbers and geometry carry three points each, and five of six are not there yet in both.
    assert "Teach again first: Numbers and operations" in page
    assert "5 of 6 pupils are not there yet, and this domain carries 3 of 10 points." in page
    assert page.count("not there yet: 0 of 3 points so far") == 2 * 5 * 2
    assert page.count("known: 3 of 3 points so far") == 2 * 2
    assert reverse("pupil_report", args=[pupils[0].public_id]) in page
    assert "On no item is the class far behind all pupils." in page


def test_three_pupils_are_too_few_for_a_sentence(client: Client, teacher: Person, group: ClassGroup) -> None:
    make_scored_trial(group, {make_pupil(group): () for _ in range(3)})
    page = page_of(client, teacher, group)
    assert "Too little to say what the whole class needs" in page
    assert "Only 3 pupils of this class have sat this form" in page


def test_a_misconception_is_shown_with_what_was_put(
    client: Client, teacher: Person, group: ClassGroup
) -> None:
    pupils = [make_pupil(group) for _ in range(3)]
    administration = make_administration([group])
    for pupil in pupils:
        sit(
            Sitting.objects.get(administration=administration, candidate=pupil),
            {"ma-116.1": {"price": "720"}},
        )
    score_sittings(now=NOW)
    page = page_of(client, teacher, group)
    assert "3 pupils put:" in page
    assert '<span class="item__typed">720</span>' in page
    assert "This is the discount." in page


def test_what_a_child_typed_cannot_become_markup(client: Client, teacher: Person, group: ClassGroup) -> None:
    pupils = [make_pupil(group) for _ in range(2)]
    administration = make_administration([group])
    for pupil in pupils:
        typed = {"ma-116.1": {"price": "<script>alert(1)</script>"}}
        sit(Sitting.objects.get(administration=administration, candidate=pupil), typed)
    score_sittings(now=NOW)
    page = page_of(client, teacher, group)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_an_earlier_administration_is_a_parameter(client: Client, teacher: Person, group: ClassGroup) -> None:
    make_scored_trial(
        group, {make_pupil(group): ()}, title_en="First trial", opens_at=NOW - timedelta(days=9)
    )
    latest = make_administration([group], title_en="Second trial")
    assert "<b>First trial</b>" in page_of(client, teacher, group)
    assert "<b>Second trial</b>" in page_of(client, teacher, group, administration=str(latest.public_id))


def test_items_wait_until_results_are_released(client: Client, teacher: Person, group: ClassGroup) -> None:
    make_scored_trial(
        group,
        {make_pupil(group): ()},
        results_release=ResultsRelease.AT_CLOSE,
        closes_at=timezone.now() + timedelta(hours=1),
    )
    page = page_of(client, teacher, group)
    assert "Results are not released yet" in page
    assert 'class="items"' not in page
    assert "not there yet" not in page


def test_simulated_provisional_and_assumed_are_said(
    client: Client, teacher: Person, group: ClassGroup
) -> None:
    make_scored_trial(group, {make_pupil(group): ()})
    page = page_of(client, teacher, group)
    assert "item difficulties that are assumed" in page
    assert "1 provisional: the device has not sent everything yet" in page
    assert "were simulated" not in page
    Sitting.objects.update(simulated=True)
    assert "Responses of this trial were simulated, item by item." in page_of(client, teacher, group)


def test_assumed_is_said_of_the_subject_alone(client: Client, teacher: Person, group: ClassGroup) -> None:
    make_scored_trial(group, {make_pupil(group): ()})
    run = run_in_force()
    assert run is not None
    first = run.calibrations.order_by("pk")[0]
    run.calibrations.exclude(pk=first.pk).update(source="calibrated")
    assert "rests in part on item difficulties that are assumed" in page_of(client, teacher, group)
    run.calibrations.update(source="calibrated")
    assert run.assumed
    assert "item difficulties that are assumed" not in page_of(client, teacher, group)


def test_stored_texts_follow_the_script(client: Client, teacher: Person, group: ClassGroup) -> None:
    make_scored_trial(group, {make_pupil(group, given_name="Ђурђа", family_name="Љубић"): ()})
    cyrillic, latin = (page_of(client, teacher, group, language) for language in ("sr", "sr-latn"))
    assert ("Ђурђа Љубић" in cyrillic, "Геометрија" in cyrillic) == (True, True)
    assert ("Đurđa Ljubić" in latin, "Geometrija" in latin, "Ђурђа" in latin) == (True, True, False)


def test_only_the_class_s_own_teachers_get_in(client: Client, group: ClassGroup) -> None:
    url = reverse("class_report", args=[group.public_id])
    neighbour = make_class(school=group.school)
    strangers = [
        make_teacher(neighbour),
        make_member(group.school, Role.INVIGILATOR),
        make_member(group.school, Role.ANALYST),
        make_pupil(group),
    ]
    for person in strangers:
        client.force_login(person)
        assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url)["Location"] == reverse("sign_in")


def test_dropping_all_scores_and_scoring_again_gives_the_same_page(
    client: Client, teacher: Person, group: ClassGroup
) -> None:
    pupils = [make_pupil(group) for _ in range(3)]
    results = {pupil: REFERENCE_ITEMS[: 2 * number] for number, pupil in enumerate(pupils)}
    make_scored_trial(group, results)
    before = page_of(client, teacher, group)
    ScoringRun.objects.all().delete()
    assert 'class="items"' not in page_of(client, teacher, group)
    score_sittings(now=NOW + timedelta(days=400))
    assert page_of(client, teacher, group) == before


@pytest.mark.parametrize("n_pupils", [1, 3])
def test_queries_of_the_page(
    client: Client,
    teacher: Person,
    group: ClassGroup,
    n_pupils: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_scored_trial(group, {make_pupil(group): () for _ in range(n_pupils)})
    client.force_login(teacher)
    # Session, person, class, right; pupils, sittings, practice; what people mark; run, form, texts, domains;
    # two of items; banner.
    with django_assert_num_queries(16):
        client.get(reverse("class_report", args=[group.public_id]))
