"""Does a pupil find the next thing to do, where they stand, and the way out?"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Person
from accounts.transliteration import to_latin
from exams.enums import PracticeKind
from exams.models import Sitting
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.models import ItemCalibration
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.clients import client_of
from tests.factories.exams import make_administration, make_versions
from tests.factories.journal import sit
from tests.factories.scoring import (
    PRACTICE_ITEMS,
    REFERENCE_ITEMS,
    make_reference_form,
    make_scored_trial,
    responses,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    make_versions(PRACTICE_ITEMS[:12])
    return make_class()


def words(html: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.decode())).split())


def hero(html: bytes) -> str:
    """The one thing to do: its card, which is at most once on a page."""
    (found,) = re.findall(r'<section class="hero">(.*?)</section>', html.decode(), re.DOTALL)
    return str(found)


def home_of(pupil: Person, language: str = "en") -> bytes:
    content: bytes = client_of(pupil, language).get("/").content
    return content


def test_an_open_trial_is_one_button(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    sitting = make_administration([group]).sittings.get()
    page = home_of(pupil)
    assert reverse("sit", args=[sitting.public_id]) in hero(page)
    assert "4 items. You have 60 minutes." in words(hero(page).encode())
    assert len(re.findall(r'class="button[ "]', hero(page))) == 1
    assert (
        "Here you will see where you stand After about 10 responses, in a trial exam or in practice,"
        in words(page)
    )


def test_a_running_trial_goes_on(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    administration = make_administration([group])
    started_at = timezone.now() - timedelta(minutes=10)
    sit(administration.sittings.get(), {"ma-102.1": "b"}, started_at=started_at, minutes=5, hand_in=False)
    page = hero(home_of(pupil))
    assert "Your exam is running, and you have 49 minutes left." in words(page.encode())
    assert "Go on with the exam" in page


def test_after_a_trial_practice_is_the_next_thing_and_the_band_is_there(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    administration = make_scored_trial(group, {pupil: REFERENCE_ITEMS[:2]})
    page = home_of(pupil)
    text = words(page)
    assert "Practise now: 10 items" in hero(page)
    assert re.search(r"Mathematics Most likely [\d.]+\u2060–\u2060[\d.]+ of 10 points \([78] in 10\)", text)
    assert "How hard the items are is assumed for now, not measured." in text
    assert reverse("readiness") in page.decode()
    result = reverse("result", args=[administration.sittings.get().public_id])
    assert f'href="{result}"' in page.decode()
    assert "2 of 10" in text and "provisional" in text
    client = client_of(pupil)
    assert client.post(reverse("practice"), {"subject": "mathematics"}).status_code == 302
    assert "Go on practising" in hero(client.get("/").content)
    make_administration([group])
    both = client.get("/").content
    assert "Go to the exam" in hero(both) and "Go on practising" in both.decode()


def test_what_is_measured_and_what_is_assumed_is_told_apart(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:2]})
    for items, said in (
        (REFERENCE_ITEMS[:5], "How hard some of the items are is assumed for now, not measured."),
        (REFERENCE_ITEMS, ""),
    ):
        ItemCalibration.objects.filter(version__item__identifier__in=items).update(source="calibrated")
        text = words(home_of(pupil))
        assert said in text and text.count("assumed for now") == bool(said)


def test_simulated_results_say_so(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    administration = make_scored_trial(group, {pupil: ["ma-102"]})
    administration.sittings.update(simulated=True)
    assert "· simulated" in words(home_of(pupil))


def test_who_is_signed_in_and_the_way_out(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    page = home_of(pupil).decode()
    (who,) = re.findall(r'<div class="who">.*?</div>', page, re.DOTALL)
    assert to_latin(pupil.full_name) in who and to_latin(group.name) in who
    assert f'action="{reverse("sign_out")}"' in who and "Not you? Sign out" in who
    assert "exams/js/leave.js" in page and "exams/js/player/drain.js" in page


def test_names_and_titles_follow_the_script(group: ClassGroup) -> None:
    pupil = make_pupil(group, given_name="Његош", family_name="Џамоња")
    make_administration([group])
    assert "Njegoš Džamonja" in words(home_of(pupil, "sr-latn"))
    assert "Probni završni" in words(home_of(pupil, "sr-latn"))
    assert "Пробни завршни" in words(home_of(pupil, "sr"))
    assert "Trial exam" in words(home_of(pupil, "en"))


def test_coming_trials_are_announced(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_administration([group], opens_at=timezone.now() + timedelta(days=2))
    text = words(home_of(pupil))
    assert "Nothing to do right now" in text and "opens on" in text


def test_queries_do_not_grow_with_results(
    group: ClassGroup, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    for number in (1, 2):
        client = client_of(pupil)
        with django_assert_max_num_queries(39):
            client.get("/")
        opened = open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
        sit(opened, responses(opened.form, []), minutes=40 + number)
        score_sittings(now=NOW)
    assert Sitting.objects.filter(candidate=pupil).finished().count() == 3


def test_a_home_before_anything_exists(group: ClassGroup) -> None:
    make_reference_form()
    pupil = make_pupil(group)
    assert "Nothing to do right now" in words(home_of(pupil))
    score_sittings(now=NOW)
    assert "We do not know you well enough yet." in words(home_of(pupil))
