"""Who may see the country, what does the page say, and what does it keep to itself?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, Organization, Person
from exams.models import Form, Sitting
from scoring.actions.score import score_sittings
from scoring.models import ScoringRun
from scoring.queries.runs import run_in_force
from tests.factories.accounts import (
    NOW,
    make_class,
    make_member,
    make_pupil,
    make_region,
    make_school,
    make_teacher,
)
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form, make_scored_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def form() -> Form:
    return make_reference_form()


@pytest.fixture
def analyst() -> Person:
    ministry = Organization.objects.create(kind=OrganizationKind.MINISTRY, name="Министарство")
    return make_member(ministry, Role.ANALYST)


def class_that_sat(form: Form, n: int, *, region: Organization, name: str) -> ClassGroup:
    group = make_class(school=make_school(parent=region, name=name))
    make_scored_trial(group, {make_pupil(group): REFERENCE_ITEMS[: 2 * (i % 5)] for i in range(n)}, form=form)
    return group


def page_of(client: Client, analyst: Person, language: str = "en", **query: str) -> str:
    client.force_login(analyst)
    client.cookies["django_language"] = language
    response = client.get(reverse("country"), query)
    assert response.status_code == 200
    # Tokens against forged requests, and the way back of the language switch, are no part of the report.
    return re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", response.content.decode())


def rows(page: str, heading: str) -> list[list[str]]:
    """The body of the table after a heading, as text."""
    table = re.search(r"<tbody>(.*?)</tbody>", page[page.index(heading) :], re.DOTALL)
    assert table is not None
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table[1].split("</tr>")]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells if row]


def test_an_empty_country_shows_coverage_and_what_comes(client: Client, analyst: Person) -> None:
    make_pupil(make_class(school=make_school(parent=make_region(name="Север"))))
    page = page_of(client, analyst)
    assert "No results yet" in page
    assert rows(page, "Who took part") == [
        ["Sever", "1", "0", "0", "0", "0", "0", "0%"],
        ["Country", "1", "0", "0", "0", "0", "0", "0%"],
    ]


def test_two_regions(client: Client, analyst: Person, form: Form) -> None:
    for name in ("Јужна управа", "Северна управа"):
        class_that_sat(form, 10, region=make_region(name=name), name=f"Школа {name}")
    page = page_of(client, analyst)
    assert rows(page, "Who took part")[-1] == ["Country", "20", "20", "20", "20", "0", "20", "100%"]
    assert [row[0] for row in rows(page, "Expected points by region")] == ["Južna uprava", "Severna uprava"]
    assert [(row[0], row[-1]) for row in rows(page, "Levels by region")] == [
        ("Južna uprava", "10"),
        ("Severna uprava", "10"),
    ]
    assert "Geometry" in page[page.index("Domains nationwide") :]
    assert "Some figures are hidden" not in page
    for label in (
        "Item difficulties assumed",
        "how wrong the assumed difficulties may be",
        "Levels provisional",
        "20 results provisional",
    ):
        assert label in page
    assert "simulated" not in page


def test_simulated_results_are_labelled(client: Client, analyst: Person, form: Form) -> None:
    class_that_sat(form, 10, region=make_region(), name="Школа")
    Sitting.objects.update(simulated=True)
    assert "10 of 10 sittings simulated" in page_of(client, analyst)


def test_assumed_is_said_of_the_subject_alone(client: Client, analyst: Person, form: Form) -> None:
    class_that_sat(form, 10, region=make_region(), name="Школа")
    run = run_in_force()
    assert run is not None
    first = run.calibrations.order_by("pk")[0]
    run.calibrations.exclude(pk=first.pk).update(source="calibrated")
    assert "Some item difficulties assumed" in page_of(client, analyst)
    run.calibrations.update(source="calibrated")
    assert run.assumed
    page = page_of(client, analyst)
    assert "how those would have done who did not sit." in page
    assert "assumed difficulties may be" not in page
    assert "Item difficulties assumed" not in page


def test_a_small_school_and_the_one_that_would_give_it_away_are_hidden(
    client: Client, analyst: Person, form: Form
) -> None:
    region = make_region(name="Северна управа")
    for name, n in (("Школа А", 3), ("Школа Б", 11), ("Школа В", 12)):
        class_that_sat(form, n, region=region, name=name)
    page = page_of(client, analyst, region=str(region.public_id))
    found = rows(page, "Schools: Severna uprava")
    assert [row[:2] for row in found] == [["Škola A", "hidden"], ["Škola B", "hidden"], ["Škola V", "12"]]
    assert "Not shown: 2. A figure that fewer than 10 pupils stand behind" in page


def test_schools_of_a_hidden_region_are_hidden_with_it(client: Client, analyst: Person, form: Form) -> None:
    small, middle, large = (make_region(name=name) for name in ("А", "Б", "В"))
    for region, n in ((small, 3), (middle, 10), (large, 11)):
        class_that_sat(form, n, region=region, name=f"Школа {region.name}")
    page = page_of(client, analyst, region=str(middle.public_id))
    assert "The schools of this region are not shown" in page
    assert "Школа Б" not in page
    assert [row[0] for row in rows(page, "Expected points by region")] == ["V"]
    shown = page_of(client, analyst, region=str(large.public_id))
    assert rows(shown, "Schools: V")[0][:2] == ["Škola V", "11"]


def test_an_unknown_region_or_subject_is_none_chosen(client: Client, analyst: Person, form: Form) -> None:
    class_that_sat(form, 10, region=make_region(), name="Школа")
    assert page_of(client, analyst, region="nonsense", subject="alchemy") == page_of(client, analyst)


def test_names_follow_the_script(client: Client, analyst: Person, form: Form) -> None:
    class_that_sat(form, 10, region=make_region(name="Јужна управа"), name="Школа Љиљан")
    page = page_of(client, analyst, "sr-latn")
    assert ("Južna uprava" in page, "Јужна" in page, "Geometrija" in page) == (True, False, True)


def test_only_analysts_get_in(client: Client) -> None:
    group = make_class()
    people = [make_teacher(group), make_member(group.school, Role.INVIGILATOR), make_pupil(group)]
    for person in people:
        client.force_login(person)
        assert client.get(reverse("country")).status_code == 404
    client.logout()
    assert client.get(reverse("country"))["Location"] == reverse("sign_in")


def test_dropping_all_scores_and_scoring_again_gives_the_same_page(
    client: Client, analyst: Person, form: Form
) -> None:
    region = make_region()
    for name in ("Школа А", "Школа Б"):
        class_that_sat(form, 10, region=region, name=name)
    before = page_of(client, analyst, region=str(region.public_id))
    ScoringRun.objects.all().delete()
    assert "No results yet" in page_of(client, analyst)
    score_sittings(now=NOW + timedelta(days=400))
    assert page_of(client, analyst, region=str(region.public_id)) == before


@pytest.mark.parametrize("n_regions", [1, 3])
def test_queries_of_the_page(
    client: Client,
    analyst: Person,
    form: Form,
    n_regions: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(n_regions):
        class_that_sat(form, 1, region=make_region(), name="Школа")
    client.force_login(analyst)
    # Session, person, right; places, two of coverage; run, form, parameters; pupils, domains; banner.
    with django_assert_num_queries(13):
        client.get(reverse("country"))
