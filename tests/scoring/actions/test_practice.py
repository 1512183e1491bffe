"""Does opening a set give exactly what the page promised, once?"""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from accounts.models import Person
from exams.enums import FormPurpose
from exams.models import Form, Item, Sitting
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.errors import NothingToPractise
from scoring.queries.practice import suggest_practice
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_versions
from tests.factories.journal import sit
from tests.factories.scoring import PRACTICE_ITEMS, make_scored_trial, responses

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil() -> Person:
    make_versions(PRACTICE_ITEMS)
    group = make_class()
    pupil = make_pupil(group, public_id=UUID(int=5))
    make_scored_trial(group, {pupil: ["ma-102", "ma-112"]})
    return pupil


def test_the_opened_set_is_the_suggested_one(pupil: Person) -> None:
    promised = suggest_practice(pupil, subject="mathematics", run=run_in_force(), now=NOW)
    assert promised is not None
    sitting = open_practice_set(person=pupil, subject="mathematics", now=NOW)
    items = list(sitting.form.form_items.select_related("version"))
    assert [item.version.ref for item in items] == [item.version.ref for item in promised.items]
    assert [item.selection["probability"] for item in items] == [
        round(item.probability, 4) for item in promised.items
    ]
    assert [item.selection["reason"] for item in items] == [item.reason.value for item in promised.items]
    assert {item.selection["policy"] for item in items} == {promised.policy}
    assert (sitting.state, sitting.administration, sitting.form.purpose) == (
        "ready",
        None,
        FormPurpose.PRACTICE,
    )
    assert sitting.form.title_sr == f"Вежба 1: {promised.lead.title_sr}"
    assert sitting.form.title_en == f"Practice 1: {promised.lead.title_en}"


def test_the_paper_carries_solutions_and_reasons(pupil: Person) -> None:
    sitting = open_practice_set(person=pupil, subject="mathematics", now=NOW, size=5)
    paper = json.loads(bytes(sitting.form.papers.get(language="en").body))
    assert len(paper["items"]) == 5
    assert all(0 < item["why"]["probability"] < 1 for item in paper["items"])
    assert all(item["solution"]["explanation"] for item in paper["items"])


def test_an_unfinished_set_is_returned_and_none_is_made(pupil: Person) -> None:
    first = open_practice_set(person=pupil, subject="mathematics", now=NOW, size=5)
    assert open_practice_set(person=pupil, subject="mathematics", now=NOW, size=10) == first
    sit(first, {}, hand_in=False)
    assert open_practice_set(person=pupil, subject="mathematics", now=NOW) == first
    assert Form.objects.filter(purpose=FormPurpose.PRACTICE).count() == 1


def test_after_a_finished_set_comes_another_one(pupil: Person) -> None:
    first = open_practice_set(person=pupil, subject="mathematics", now=NOW, size=5)
    sit(first, responses(first.form, []), minutes=50)
    score_sittings(now=NOW)
    second = open_practice_set(person=pupil, subject="mathematics", now=NOW, size=5)
    assert second.form.title_en.startswith("Practice 2: ")
    assert second.form.identifier == f"practice-{pupil.public_id.hex}-2"
    assert {item.version_id for item in second.form.form_items.all()} != {
        item.version_id for item in first.form.form_items.all()
    }


def test_nothing_released_is_said_and_leaves_nothing_behind(pupil: Person) -> None:
    Item.objects.update(security="retired")
    with pytest.raises(NothingToPractise, match="mathematics"):
        open_practice_set(person=pupil, subject="mathematics", now=NOW)
    assert Sitting.objects.filter(administration=None).count() == 0
