"""Who sees which result when, and is everything on the page?"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, Person
from accounts.transliteration import to_latin
from exams.actions.forms import Selected, publish_form
from exams.actions.sealing import seal_due
from exams.actions.sittings import open_practice_sitting, void
from exams.enums import FormPurpose, PracticeKind, ResultsRelease
from exams.models import Sitting
from exams.queries.receipts import receipt_of
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.models import ItemCalibration
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_teacher
from tests.factories.clients import client_of
from tests.factories.exams import make_administration, make_versions
from tests.factories.journal import sit
from tests.factories.practised import practise
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_reference_form, responses, sit_form

pytestmark = pytest.mark.django_db


def address(sitting: Sitting) -> str:
    return reverse("result", args=[sitting.public_id])


def words(html: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.decode())).split())


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def pupil(group: ClassGroup) -> Person:
    return make_pupil(group)


@pytest.fixture
def sitting(group: ClassGroup, pupil: Person) -> Sitting:
    """Handed in: all right but a wrong choice, a wrong pair, a half of a system and a sentence."""
    administration = make_administration([group], form=make_reference_form())
    values = responses(administration.form, REFERENCE_ITEMS)
    values["ma-102.1"] = "d"
    values["ma-201.1"] = {"1": "d", "2": "e", "3": "b", "4": "c"}
    values["ma-112.1"] = {"x": "15", "y": "<i>5</i>"}
    return sit(administration.sittings.get(), values)


def test_a_pupil_sees_points_solutions_and_what_misled_them(sitting: Sitting, pupil: Person) -> None:
    score_sittings(now=NOW)
    page = client_of(pupil).get(address(sitting))
    text = words(page.content)
    receipt = receipt_of(sitting)
    assert receipt is not None
    for said in (
        "8 of 10 points",
        "Provisional",
        f"Receipt {receipt.code}",
        "Answered 10 of 10",
        "In the real exam this would bring 5.6 of 14 points for admission.",
        "By the rules “2023”, in force since Sept. 1, 2022.",
        "Most points were left in the domain “Numbers and operations”: 1.5 of 3.",
        "How hard the items are is assumed for now, not measured.",
        "d 0.3 Your response",
        "b 0.6 Correct",
        "What may have misled you",
        "the denominator became 10, but the numerator stayed the same.",
        "How to solve it",
    ):
        assert said in text
    assert b"&lt;i&gt;5&lt;/i&gt;" in page.content
    assert page.content.count(b'class="item"') == 10


@pytest.mark.parametrize(("language", "letters"), [("sr", "бг"), ("sr-latn", "bg"), ("en", "bd")])
def test_options_have_the_letters_of_the_phone(
    sitting: Sitting, pupil: Person, language: str, letters: str
) -> None:
    score_sittings(now=NOW)
    page = client_of(pupil, language).get(address(sitting)).content.decode()
    (item,) = re.findall(r'<li class="option is-wrong">.*?</li>', page, re.DOTALL)
    (right,) = re.findall(r'<li class="option is-right">.*?</li>', page, re.DOTALL)[:1]
    found = [re.findall(r'<b class="letter" translate="no">(.)</b>', part) for part in (right, item)]
    assert found == [[letters[0]], [letters[1]]]


def test_before_the_counting_the_page_looks_again_by_itself(sitting: Sitting, pupil: Person) -> None:
    page = client_of(pupil).get(address(sitting))
    assert page["Refresh"] == "3"
    assert "Your points are being counted." in words(page.content)
    score_sittings(now=NOW)
    assert "Refresh" not in client_of(pupil).get(address(sitting))


def test_final_after_sealing(sitting: Sitting, pupil: Person) -> None:
    seal_due(now=NOW)
    score_sittings(now=NOW)
    text = words(client_of(pupil).get(address(sitting)).content)
    assert "Final" in text and "These points do not change any more." in text
    assert "Provisional: the borders between levels" in text


@pytest.mark.parametrize(
    ("release", "says"),
    [
        (ResultsRelease.AT_CLOSE, "Points and solutions come when everybody has finished, on"),
        (
            ResultsRelease.AT_TIME,
            "Points and solutions come when everybody has finished; your school will say when.",
        ),
    ],
)
def test_nothing_is_shown_before_the_release(
    group: ClassGroup, pupil: Person, release: ResultsRelease, says: str
) -> None:
    rules = {"results_release": release, "closes_at": timezone.now() + timedelta(days=400)}
    administration = make_administration([group], form=make_reference_form(), **rules)
    sitting = sit_form(administration, pupil, correct=["ma-102"])
    score_sittings(now=NOW)
    for reader in (pupil, make_teacher(group)):
        page = client_of(reader).get(address(sitting))
        text = words(page.content)
        assert says in text
        assert "Answered 10 of 10" in text
        assert "of 20" not in text and "How to solve it" not in text


def test_not_handed_in_yet_leads_back_to_the_exam(group: ClassGroup, pupil: Person) -> None:
    sitting = make_administration([group], form=make_reference_form()).sittings.get()
    assert client_of(pupil).get(address(sitting)).headers["Location"] == reverse(
        "sit", args=[sitting.public_id]
    )
    seen_by_teacher = client_of(make_teacher(group)).get(address(sitting))
    assert "Not handed in yet." in words(seen_by_teacher.content)


def test_a_voided_sitting_says_so(group: ClassGroup, sitting: Sitting, pupil: Person) -> None:
    score_sittings(now=NOW)
    void(sitting=sitting, reason="wrong room", actor=make_member(group.school, Role.INVIGILATOR), now=NOW)
    assert "taken out and counts nowhere" in words(client_of(pupil).get(address(sitting)).content)


def test_a_teacher_who_looks_leaves_a_row_and_the_pupil_none(
    group: ClassGroup, sitting: Sitting, pupil: Person
) -> None:
    score_sittings(now=NOW)
    client_of(pupil).get(address(sitting))
    assert AuditEntry.objects.count() == 0
    teacher = make_teacher(group)
    page = client_of(teacher).get(address(sitting))
    assert to_latin(pupil.full_name) in words(page.content)
    row = AuditEntry.objects.get()
    assert (row.actor, row.action, row.subject) == (teacher, "view_result", pupil)
    assert row.detail == {"sitting": str(sitting.public_id)}
    assert b"drain.js" not in page.content


def test_everybody_else_finds_no_such_page(group: ClassGroup, sitting: Sitting) -> None:
    others = [
        make_pupil(group),
        make_teacher(make_class()),
        make_member(group.school, Role.INVIGILATOR),
        make_member(group.school, Role.ANALYST),
    ]
    assert [client_of(other).get(address(sitting)).status_code for other in others] == [404] * 4
    assert AuditEntry.objects.count() == 0


def test_practice_starts_with_what_went_well_and_shows_the_movement(
    group: ClassGroup, sitting: Sitting, pupil: Person
) -> None:
    make_versions(PRACTICE_ITEMS[:10])
    score_sittings(now=NOW)
    opened = open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
    practised = list(opened.form.form_items.filter(selection__role="main").select_related("version__item"))
    mains = [row.version.ref for row in practised]
    correct = [row.version.item.identifier for row in practised[:4]]
    values = {ref: value for ref, value in responses(opened.form, correct).items() if ref in mains}
    sat = sit(opened, values, minutes=60)
    score_sittings(now=NOW)
    text = words(client_of(pupil).get(address(sat)).content)
    assert "4 items solved Of 5 in this set: 4 of 5 points." in text
    assert "with a hint" not in text
    assert "What we expect of you in the exam" in text
    assert re.search(
        r"Now [\d.]+ on average, most likely [\d.]+\u2060–\u2060[\d.]+ of 10 \([789] in 10\)", text
    )
    assert "We had predicted" not in text and "points for admission" not in text
    assert "We had predicted: about" in words(client_of(make_teacher(group)).get(address(sat)).content)


def in_a_set(
    pupil: Person, items: Sequence[str], correct: Collection[str], *, days: int = 1, **how: Any
) -> str:
    """What the page of a practice set says first, before its items."""
    sat = practise(pupil, items, at=NOW + timedelta(days=days), correct=correct, **how)
    score_sittings(now=NOW + timedelta(days=days + 1))
    text = words(client_of(pupil).get(address(sat)).content)
    return text.split("Every item, with its solution")[0]


@pytest.mark.usefixtures("sitting")
def test_a_set_is_headed_as_on_the_phone_and_praises_nothing_twice(pupil: Person) -> None:
    score_sittings(now=NOW)
    refs = [f"{name}.1" for name in PRACTICE_ITEMS[:2]]
    hinted = in_a_set(pupil, PRACTICE_ITEMS[:2], PRACTICE_ITEMS[:1], hinted=refs[:1])
    assert "1 item nearly there Of 2 in this set:" in hinted
    assert "1 was solved with a hint; it comes back another day." in hinted
    missed = in_a_set(pupil, PRACTICE_ITEMS[2:4], (), days=2)
    assert "These were hard, and you stayed with them Of 2 in this set: 0 of" in missed


@pytest.mark.usefixtures("sitting")
def test_a_large_step_is_not_called_a_little(pupil: Person) -> None:
    score_sittings(now=NOW)
    little, large = "One set moves it a little;", "That is a large step for one set."
    calm = in_a_set(pupil, PRACTICE_ITEMS[:1], PRACTICE_ITEMS)
    assert little in calm and large not in calm
    fall = in_a_set(pupil, PRACTICE_ITEMS[1:16], (), days=2)
    assert large in fall and little not in fall


def test_a_first_set_says_how_many_responses_are_missing(pupil: Person) -> None:
    make_reference_form()
    text = in_a_set(pupil, PRACTICE_ITEMS[:5], PRACTICE_ITEMS)
    assert "we do not say yet what to expect in the exam. 5 more, and we can." in text


@pytest.mark.usefixtures("sitting")
def test_what_practice_rests_on_is_told_although_the_exam_is_measured(pupil: Person) -> None:
    score_sittings(now=NOW)
    ItemCalibration.objects.filter(version__item__identifier__in=REFERENCE_ITEMS).update(source="calibrated")
    text = in_a_set(pupil, PRACTICE_ITEMS[:5], PRACTICE_ITEMS)
    assert "How hard some of the items are is assumed for now, not measured." in text


def test_a_trial_of_measured_items_is_no_assumption_whatever_else_is(sitting: Sitting, pupil: Person) -> None:
    make_versions(PRACTICE_ITEMS[:5])
    score_sittings(now=NOW)
    measured = ItemCalibration.objects.filter(version__item__identifier__in=REFERENCE_ITEMS)
    measured.update(source="calibrated")
    practise(pupil, PRACTICE_ITEMS[:5], at=NOW)
    assert "assumed for now" not in words(client_of(pupil).get(address(sitting)).content)


def test_a_similar_item_has_the_number_of_the_other_and_an_address_of_its_own(
    sitting: Sitting, pupil: Person
) -> None:
    score_sittings(now=NOW)
    first, missed, spare = make_versions(PRACTICE_ITEMS[:3])
    form = publish_form(
        identifier="practice-by-hand",
        subject="mathematics",
        purpose=FormPurpose.PRACTICE,
        title_sr="Вежба",
        title_en="Practice",
        selected=[
            Selected(missed, selection={"role": "main"}),
            Selected(first, selection={"role": "main"}),
            Selected(spare, selection={"role": "spare", "for": missed.ref}),
        ],
        now=NOW,
    )
    sat = sit(open_practice_sitting(form=form, candidate=pupil, now=NOW), responses(form, []), minutes=60)
    score_sittings(now=NOW)
    page = client_of(pupil).get(address(sat)).content.decode()
    cells = re.findall(r'href="#(item-\d)"><span class="number">([^<]+)<', page)
    assert cells == [("item-1", "1"), ("item-2", "1+"), ("item-3", "2")]
    assert re.findall(r'id="(item-\d)"', page) == [name for name, _ in cells]
    assert re.findall(r'class="item__number number">([^<]+)<', page) == [number for _, number in cells]


@pytest.mark.usefixtures("sitting")
def test_what_was_solved_with_a_hint_is_said_apart(pupil: Person) -> None:
    make_versions(PRACTICE_ITEMS[:10])
    score_sittings(now=NOW)
    opened = open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
    mains = list(opened.form.form_items.filter(selection__role="main").select_related("version__item"))
    values = responses(opened.form, [row.version.item.identifier for row in mains])
    given = {row.version.ref: values[row.version.ref] for row in mains}
    sat = sit(opened, given, hinted=[mains[0].version.ref], minutes=60)
    score_sittings(now=NOW)
    text = words(client_of(pupil).get(address(sat)).content)
    assert "4 items solved Of 5 in this set: 5 of 5 points. 1 more was solved with a hint" in text
    assert "Right: 5 Of the right ones with a hint: 1" in text
    growth = words(client_of(pupil).get(reverse("growth")).content)
    assert growth.count("solved, 1 with a hint") == 1


def test_the_page_costs_the_same_whatever_was_sat(
    sitting: Sitting, pupil: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    score_sittings(now=NOW)
    client = client_of(pupil)
    with django_assert_max_num_queries(15):
        client.get(address(sitting))
