"""Can a pupil say which result they want, and is what is mistyped said in words?"""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, ClassGroup, Person
from exams.models import Target
from scoring.queries.runs import run_in_force
from scoring.templatetags.scoring_words import tenths
from tests.factories.accounts import make_class, make_pupil, make_teacher
from tests.factories.clients import client_of
from tests.factories.scoring import REFERENCE_ITEMS, make_scored_trial, reading_of

pytestmark = pytest.mark.django_db
ADDRESS = reverse("target")
PAGE = reverse("readiness")


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def pupil(group: ClassGroup) -> Person:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:8]})
    return pupil


def words(html: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.decode())).split())


def test_a_target_is_kept_said_and_taken_back(pupil: Person) -> None:
    client = client_of(pupil)
    assert "Only you see it." in words(client.get(PAGE).content)
    kept = client.post(ADDRESS, {"subject": "mathematics", "points": "7"})
    assert kept.headers["Location"] == f"{PAGE}?subject=mathematics#target"
    reading = reading_of(pupil, "mathematics", run=run_in_force(), now=timezone.now())
    assert reading is not None and reading.target is not None
    assert reading.target.half_points == 14
    assert reading.target.probability == pytest.approx(sum(reading.points[14:]))
    chances = tenths(reading.target.probability)
    said = f"You want at least 7 of 10 points. Today you would reach that in about {chances} in 10 exams."
    page = client.get(PAGE).content
    assert said in words(page) and b'value="7"' in page
    client.post(ADDRESS, {"subject": "mathematics", "points": "8", "clear": "1"})
    assert Target.objects.count() == 0
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Write how many points you want."),
        ("many", "Write the points as a whole number."),
        ("7.5", "Write the points as a whole number."),
        ("0", "A target begins at 1 point."),
        ("11", "The test brings at most 10 points."),
    ],
)
def test_what_is_mistyped_is_said_beside_the_field(pupil: Person, typed: str, says: str) -> None:
    page = client_of(pupil).post(ADDRESS, {"subject": "mathematics", "points": typed})
    assert page.status_code == 200
    assert words(page.content).count(says) == 2  # in the summary on top, and beside the field
    assert b'aria-invalid="true"' in page.content
    assert Target.objects.count() == 0


def test_a_subject_without_a_test_has_no_target(pupil: Person) -> None:
    client = client_of(pupil)
    for subject in ("biology", "alchemy", ""):
        assert client.post(ADDRESS, {"subject": subject, "points": "5"}).status_code == 302
    assert Target.objects.count() == 0


def test_the_target_stands_in_the_picture_at_home(pupil: Person) -> None:
    client = client_of(pupil)
    assert b"stand__target" not in client.get("/").content
    client.post(ADDRESS, {"subject": "mathematics", "points": "7"})
    assert b'class="stand__target" x1="70.00%"' in client.get("/").content


def test_nobody_else_has_one(group: ClassGroup, pupil: Person) -> None:
    assert client_of(make_teacher(group)).post(ADDRESS, {"subject": "mathematics"}).status_code == 404
    assert client_of(make_teacher(group)).get(ADDRESS).status_code == 404


@pytest.mark.parametrize("subject", ["mathematics", ""])
def test_the_address_of_a_mistyped_target_leads_back(pupil: Person, subject: str) -> None:
    """It stands in the address bar then, and whoever reloads there asks for it as for a page."""
    back = client_of(pupil).get(ADDRESS, {"subject": subject} if subject else {})
    assert (back.status_code, back.headers["Location"]) == (302, f"{PAGE}?subject={subject}#target")
    assert client_of(pupil).get(back.headers["Location"]).status_code == 200
    assert Target.objects.count() == 0
