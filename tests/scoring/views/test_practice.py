"""Does the page promise what the button opens?"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ClassGroup, Person
from exams.models import Experiment, Form, Item, Sitting
from scoring.actions.practice import ensure_pocket
from tests.factories.accounts import NOW, make_class, make_pupil, make_teacher
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
    """Standards of the recommended set: what is in it, and why."""
    parts: list[str] = re.findall(r'<span class="small muted">([^<]*)</span></li>', html.decode())
    return sorted(title for part in parts for title in unescape(part).split(" · "))


def offered(html: bytes) -> list[dict[str, str]]:
    """What each button on the page sends, in the order of the page."""
    forms = re.findall(r'<form method="post" action="/practice/">(.*?)</form>', html.decode(), re.DOTALL)
    found = [dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in forms]
    return [{name: form[name] for name in form if name != "csrfmiddlewaretoken"} for form in found]


def words(html: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.decode())).split())


def set_of(pupil: Person) -> Form:
    return Form.objects.get(purpose="practice", pocket=False, sittings__candidate=pupil)


def test_every_button_opens_what_it_says(pupil: Person) -> None:
    client = client_of(pupil)
    buttons = offered(client.get(ADDRESS).content)
    assert [(sent["kind"], sent.get("focus", "")) for sent in buttons[:2]] == [("full", ""), ("quick", "")]
    assert {sent["kind"] for sent in buttons[2:]} == {"domain"}
    for sent in buttons:
        other = make_pupil(ClassGroup.objects.get(), public_id=uuid4())
        client_of(other).post(ADDRESS, sent)
        form = set_of(other)
        asked = (form.selection or {})["kind"], (form.selection or {})["focus"]
        assert asked == (sent["kind"], sent.get("focus", ""))
        domains = form.form_items.values_list("version__standard__domain__code", flat=True)
        assert set(domains) == {sent["focus"]} if "focus" in sent else len(set(domains)) > 1


def test_the_recommended_set_is_the_one_that_was_explained(pupil: Person) -> None:
    client = client_of(pupil)
    page = client.get(ADDRESS)
    opened = client.post(ADDRESS, offered(page.content)[0])
    sitting = Sitting.objects.get(administration=None, form__pocket=False)
    assert opened.headers["Location"] == reverse("sit", args=[sitting.public_id])
    main = sitting.form.form_items.filter(selection__role="main")
    titles = set(main.values_list("version__standard__title_en", flat=True))
    assert len(titles) > 4 and promised(page.content) == sorted(titles)


def test_the_page_says_each_reason_once_and_no_chances(pupil: Person) -> None:
    text = words(client_of(pupil).get(ADDRESS).content)
    assert text.count("Your chance") == 0 and "in 10" not in text
    said = re.findall(r"First steps: what you need next is built on this\.", text)
    assert len(said) == 1


@pytest.mark.parametrize(
    "sent", [{}, {"kind": "size"}, {"kind": "domain"}, {"kind": "many", "subject": "alchemy", "focus": "x"}]
)
def test_what_cannot_be_read_falls_back_to_the_quick_set(pupil: Person, sent: dict[str, str]) -> None:
    client_of(pupil).post(ADDRESS, sent)
    assert (set_of(pupil).selection or {})["kind"] == "quick"
    assert set_of(pupil).form_items.filter(selection__role="main").count() == 5


def test_a_kind_with_nothing_in_it_leads_back_with_a_word(pupil: Person) -> None:
    client = client_of(pupil)
    gone = client.post(ADDRESS, {"subject": "mathematics", "kind": "domain", "focus": "MA.9"})
    assert gone.headers["Location"] == ADDRESS + "?subject=mathematics"
    assert "Of this kind there is nothing to practise right now." in words(client.get(ADDRESS).content)
    assert Sitting.objects.filter(administration=None).count() == 0


def test_the_pocket_is_on_the_page_with_its_size(pupil: Person) -> None:
    client = client_of(pupil)
    assert b"data-pocket" not in client.get(ADDRESS).content
    pocket = ensure_pocket(person=pupil, subject="mathematics", now=NOW)
    assert pocket is not None
    page = client.get(ADDRESS).content
    assert f'data-pocket="{pocket.public_id}"'.encode() in page
    assert reverse("sit", args=[pocket.public_id]).encode() in page
    sent = sum(len(paper.body_br) for paper in pocket.form.papers.all())
    assert f"It takes about {-(-sent // 1000)} KB, once." in words(page)


@pytest.mark.parametrize(("days_left", "said"), [(3, True), (-1, False)])
def test_pupils_are_told_that_two_ways_are_compared(pupil: Person, days_left: int, said: bool) -> None:
    now = timezone.now()
    experiment = Experiment.objects.create(
        title="Two rules", aim="Which?", outcome="growth", subject="mathematics", policy_a="gain-2",
        policy_b="even-1", seed=1, state="running", created_by=pupil, created_at=now, assessment="DPIA 7",
        assessed_on=now.date(), approved_by=pupil, approved_at=now, starts_at=now - timedelta(days=9),
        ends_at=now + timedelta(days=days_left),
    )  # fmt: skip
    experiment.assignments.create(
        person=pupil, class_group=pupil.enrollments.get().class_group, arm="b", assigned_at=now
    )
    page = words(client_of(pupil).get(ADDRESS).content)
    assert ("In your class two ways of choosing practice are being compared until" in page) is said


def test_an_unfinished_set_is_finished_first(pupil: Person) -> None:
    client = client_of(pupil)
    first = client.post(ADDRESS, {"kind": "quick"})
    page = client.get(ADDRESS)
    assert b"not finished yet" in page.content and offered(page.content) == []
    assert first.headers["Location"].encode() in page.content
    assert client.post(ADDRESS, {"kind": "full"}).headers["Location"] == first.headers["Location"]


def test_an_unfinished_set_says_its_subject_and_can_be_ended_from_the_page_of_any(pupil: Person) -> None:
    client = client_of(pupil)
    place = client.post(ADDRESS, {"kind": "quick"}).headers["Location"]
    for asked in ("mathematics", "biology"):
        page = client.get(ADDRESS, {"subject": asked}).content
        assert "Mathematics This set is not finished yet, and you practise one set at a time." in words(page)
        assert f'href="{place}"'.encode() in page
        assert f'href="{place}#end"'.encode() in page


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
    assert offered(client.get(ADDRESS).content)[0]["subject"] == "mathematics"
    other = client.get(ADDRESS, {"subject": "biology"}).content.decode()
    assert "Nothing to practise yet" in other
    assert "?subject=mathematics" in other
