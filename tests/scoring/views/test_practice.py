"""Does the page promise what the button opens?"""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import ClassGroup, Person
from exams.models import Item, Sitting
from tests.factories.accounts import make_class, make_pupil, make_teacher
from tests.factories.clients import client_of
from tests.factories.exams import make_form, make_versions
from tests.factories.scoring import PRACTICE_ITEMS, make_scored_trial

pytestmark = pytest.mark.django_db
ADDRESS = reverse("practice")


@pytest.fixture
def group() -> ClassGroup:
    make_versions(PRACTICE_ITEMS[:30])
    return make_class()


@pytest.fixture
def pupil(group: ClassGroup) -> Person:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    return pupil


def promised(html: bytes) -> list[str]:
    """Standards of the items in the order of the page."""
    titles: list[str] = re.findall(r"<li><h3>([^<]*)</h3>", html.decode())
    return [unescape(title) for title in titles]


@pytest.mark.parametrize("size", [5, 8, 10])
def test_the_button_opens_what_the_page_shows(pupil: Person, size: int) -> None:
    client = client_of(pupil)
    page = client.get(ADDRESS, {"size": size})
    assert page.content.count(b"Your chance of solving it completely: about ") == size
    opened = client.post(ADDRESS, {"subject": "mathematics", "size": size})
    sitting = Sitting.objects.select_related("form").get(administration=None)
    assert opened.headers["Location"] == reverse("sit", args=[sitting.public_id])
    items = sitting.form.form_items.select_related("version__standard").order_by("position")
    assert promised(page.content) == [item.version.standard.title_en for item in items]


@pytest.mark.parametrize("sent", [{}, {"size": "7"}, {"size": "many", "subject": "alchemy"}])
def test_what_cannot_be_read_falls_back_to_the_usual(pupil: Person, sent: dict[str, str]) -> None:
    client = client_of(pupil)
    assert len(promised(client.get(ADDRESS, sent).content)) == 8
    client.post(ADDRESS, sent)
    assert Sitting.objects.get(administration=None).form.form_items.count() == 8


def test_an_unfinished_set_is_finished_first(pupil: Person) -> None:
    client = client_of(pupil)
    first = client.post(ADDRESS, {"size": 5})
    page = client.get(ADDRESS)
    assert b"not finished yet" in page.content and promised(page.content) == []
    assert first.headers["Location"].encode() in page.content
    assert client.post(ADDRESS, {"size": 10}).headers["Location"] == first.headers["Location"]


def test_nothing_to_practise_is_a_page_and_no_error(pupil: Person) -> None:
    Item.objects.update(security="retired")
    client = client_of(pupil)
    assert client.post(ADDRESS).headers["Location"] == ADDRESS
    assert b"Nothing to practise yet" in client.get(ADDRESS).content


def test_staff_and_strangers_have_no_practice(group: ClassGroup, pupil: Person) -> None:
    assert client_of(make_teacher(group)).get(ADDRESS).status_code == 404
    stranger = client_of(make_pupil(group))
    stranger.cookies.clear()
    assert stranger.post(ADDRESS).headers["Location"] == reverse("sign_in")
    assert Sitting.objects.filter(administration=None).count() == 0


def test_home_and_page_offer_the_same_subject_and_the_way_to_others(pupil: Person) -> None:
    # Stocked and chosen, but there is nothing yet to choose by: no reference form.
    Item.objects.create(identifier="bi-501", subject="biology", security="released")
    make_scored_trial(make_class(), {}, form=make_form(subject="mathematics"))
    pupil.enrollments.update(chosen_subject="biology")
    client = client_of(pupil)
    home = client.get("/").content.decode()
    assert f"{ADDRESS}?subject=mathematics" in home
    assert "Your chance of solving it" in client.get(ADDRESS).content.decode()
    other = client.get(ADDRESS, {"subject": "biology"}).content.decode()
    assert "Nothing to practise yet" in other
    assert "?subject=mathematics" in other
