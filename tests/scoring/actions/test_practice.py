"""Does opening a set give exactly what the page promised, once?"""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest

from accounts.models import Person
from exams.enums import FormPurpose, PracticeKind
from exams.intake.borrowed import borrowed_store
from exams.models import Experiment, Form, FormItem, Item, Sitting
from exams.queries.sittings import open_practice
from scoring.actions.practice import (
    POCKET_ITEMS,
    ensure_pocket,
    lay_missing_pockets,
    open_practice_set,
)
from scoring.actions.score import score_sittings
from scoring.errors import NothingToPractise
from scoring.queries.pocket import pockets_of
from scoring.queries.practice import suggest_practice
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_versions
from tests.factories.journal import sit
from tests.factories.scoring import PRACTICE_ITEMS, make_scored_trial, responses

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)  # the trial is handed in by then


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
    # Two domains share it, so it is named after neither.
    assert promised.why.domain is None
    assert sitting.form.title_sr == "Вежба 1: од свега помало"
    assert sitting.form.title_en == "Practice 1: a bit of everything"
    assert sitting.form.selection == promised.as_selection()
    assert set(sitting.form.selection) == {
        "kind", "focus", "size", "why", "seed", "held_back", "policy", "effects", "experiment", "arm",
    }  # fmt: skip


def test_the_paper_carries_solutions_and_reasons(pupil: Person) -> None:
    sitting = open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
    paper = json.loads(bytes(sitting.form.papers.get(language="en").body))
    assert len(paper["items"]) == 5
    assert all(0 < item["why"]["probability"] < 1 for item in paper["items"])
    assert all(item["solution"]["explanation"] for item in paper["items"])
    assert {item["role"] for item in paper["items"]} == {"main"}
    assert all(
        item["standard"]["code"].startswith(f"{item['why']['domain']['code'][:3]}") for item in paper["items"]
    )
    practice = paper["practice"]
    assert (practice["kind"], practice["size"], practice["mode"]) == ("quick", 5, "fixed")
    assert practice["policy"]["version"] == "gain-2"
    assert set(practice["model"]["items"]) == {item["ref"] for item in paper["items"]}
    assert sum(practice["model"]["posterior"]) == pytest.approx(1, abs=1e-4)


def test_an_unfinished_set_is_returned_and_none_is_made(pupil: Person) -> None:
    first = open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
    assert open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK) == first
    sit(first, {}, hand_in=False)
    assert open_practice_set(person=pupil, subject="mathematics", now=NOW) == first
    assert Form.objects.filter(purpose=FormPurpose.PRACTICE, pocket=False).count() == 1


def test_after_a_finished_set_comes_another_one(pupil: Person) -> None:
    first = open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
    sit(first, responses(first.form, []), minutes=50)
    score_sittings(now=NOW)
    second = open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
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


def pocket_of(pupil: Person) -> Sitting:
    return Sitting.objects.get(candidate=pupil, form__pocket=True, state="ready")


def test_beside_a_set_a_pocket_lies_ready_without_its_items(pupil: Person) -> None:
    opened = open_practice_set(person=pupil, subject="mathematics", now=LATER)
    pocket = pocket_of(pupil)
    own = set(pocket.form.form_items.values_list("version__ref", flat=True))
    assert 0 < len(own) <= POCKET_ITEMS
    assert not own & set(opened.form.form_items.values_list("version__ref", flat=True))
    assert {row.selection["role"] for row in pocket.form.form_items.all()} == {"pool"}
    paper = json.loads(bytes(pocket.form.papers.get(language="sr").body))
    assert (paper["practice"]["mode"], paper["practice"]["size"]) == ("pocket", 10)
    assert set(paper["practice"]["model"]["items"]) == own == {item["ref"] for item in paper["items"]}
    assert open_practice(pupil) == opened
    assert pockets_of(pupil)["mathematics"].sitting == pocket
    assert ensure_pocket(person=pupil, subject="mathematics", now=LATER) == pocket
    assert open_practice_set(person=pupil, subject="mathematics", now=LATER) == opened


def test_a_pocket_that_no_phone_holds_is_made_anew_after_two_weeks(pupil: Person) -> None:
    first = ensure_pocket(person=pupil, subject="mathematics", now=NOW)
    assert first is not None
    later = NOW + timedelta(days=15)
    second = ensure_pocket(person=pupil, subject="mathematics", now=later)
    assert second is not None
    assert pocket_of(pupil) == second != first
    assert not Form.objects.filter(pk=first.form_id).exists()


def test_a_pocket_that_a_phone_may_hold_stays_ready_beside_the_new_one(pupil: Person) -> None:
    first = ensure_pocket(person=pupil, subject="mathematics", now=NOW)
    assert first is not None
    borrowed_store().lease(first.pk, "test-device-0123456789", round(NOW.timestamp() * 1000))
    second = ensure_pocket(person=pupil, subject="mathematics", now=NOW + timedelta(days=15))
    first.refresh_from_db()
    assert first.state == "ready"
    assert pockets_of(pupil)["mathematics"].sitting == second


def test_a_pocket_with_an_item_that_was_taken_back_is_replaced(pupil: Person) -> None:
    first = ensure_pocket(person=pupil, subject="mathematics", now=NOW)
    assert first is not None
    gone = first.form.form_items.select_related("version__item").first()
    assert gone is not None
    Item.objects.filter(pk=gone.version.item_id).update(security="retired")
    second = ensure_pocket(person=pupil, subject="mathematics", now=NOW)
    assert second is not None
    assert second != first
    assert not FormItem.objects.filter(form=second.form, version=gone.version).exists()


def test_a_begun_pocket_is_a_set_like_any_other(pupil: Person) -> None:
    pocket = ensure_pocket(person=pupil, subject="mathematics", now=NOW)
    assert pocket is not None
    refs = list(pocket.form.form_items.values_list("version__ref", flat=True))
    values = responses(pocket.form, [])
    begun = sit(pocket, {refs[0]: values[refs[0]]}, hand_in=False)
    assert open_practice(pupil) == begun
    assert open_practice_set(person=pupil, subject="mathematics", now=NOW) == begun


def test_the_rule_is_that_of_the_pupils_arm_while_an_experiment_runs(pupil: Person) -> None:
    experiment = Experiment.objects.create(
        title="Two rules", aim="Which?", outcome="growth", subject="mathematics", policy_a="gain-2",
        policy_b="even-1", seed=1, state="running", created_by=pupil, created_at=NOW, assessment="DPIA 7",
        assessed_on=NOW.date(), approved_by=pupil, approved_at=NOW, starts_at=NOW - timedelta(days=1),
        ends_at=NOW + timedelta(days=30),
    )  # fmt: skip
    group = pupil.enrollments.get().class_group
    experiment.assignments.create(person=pupil, class_group=group, arm="b", assigned_at=NOW)
    opened = open_practice_set(person=pupil, subject="mathematics", now=NOW)
    assert opened.form.selection["policy"] == "even-1"
    assert opened.form.selection["experiment"] == str(experiment.public_id)
    assert opened.form.selection["arm"] == "b"
    paper = json.loads(bytes(opened.form.papers.get(language="en").body))
    assert paper["practice"]["policy"]["version"] == "even-1"
    assert {row.selection["policy"] for row in opened.form.form_items.all()} == {"even-1"}


def test_whoever_has_used_up_a_pocket_finds_a_new_one_once(pupil: Person) -> None:
    first = ensure_pocket(person=pupil, subject="mathematics", now=LATER)
    assert first is not None
    refs = list(first.form.form_items.values_list("version__ref", flat=True))
    values = responses(first.form, [])
    sit(first, {ref: values[ref] for ref in refs[:2]}, started_at=LATER)
    later = NOW + timedelta(hours=2)
    assert lay_missing_pockets(now=later) == 0  # not scored yet: the next one is to rest on it
    score_sittings(now=later)
    assert lay_missing_pockets(now=later) == 1
    assert pocket_of(pupil) != first
    assert lay_missing_pockets(now=later) == 0


def test_a_pocket_rests_on_the_set_that_was_finished_since(pupil: Person) -> None:
    opened = open_practice_set(person=pupil, subject="mathematics", now=LATER)
    beside = pocket_of(pupil)
    later = NOW + timedelta(hours=2)
    assert lay_missing_pockets(now=later) == 0  # nothing was finished since
    values = responses(opened.form, [])
    given = dict(list(values.items())[:4])
    sit(opened, given, started_at=LATER)
    score_sittings(now=later)
    assert lay_missing_pockets(now=later) == 1
    pocket = pocket_of(pupil)
    assert pocket != beside
    paper = json.loads(bytes(pocket.form.papers.get(language="sr").body))
    assert set(given) & set(paper["practice"]["model"]["met"]) or paper["practice"]["model"]["n_items"] == 14
    assert lay_missing_pockets(now=later) == 0


def test_a_page_may_still_lead_to_a_pocket_that_was_just_replaced(pupil: Person) -> None:
    first = ensure_pocket(person=pupil, subject="mathematics", now=LATER)
    assert first is not None
    Form.objects.filter(pk=first.form_id).update(selection={**first.form.selection, "policy": "even-1"})
    second = ensure_pocket(person=pupil, subject="mathematics", now=LATER + timedelta(minutes=59))
    assert second is not None
    assert Sitting.objects.filter(pk=first.pk).exists()
    assert pockets_of(pupil)["mathematics"].sitting == second


def test_who_never_had_a_pocket_is_given_none(pupil: Person) -> None:
    opened = open_practice_set(person=pupil, subject="mathematics", now=LATER, pocket=False)
    sit(opened, dict(list(responses(opened.form, []).items())[:2]), started_at=LATER)
    score_sittings(now=NOW + timedelta(hours=2))
    assert lay_missing_pockets(now=NOW + timedelta(hours=2)) == 0
    assert not Sitting.objects.filter(form__pocket=True).exists()


def test_a_pocket_of_another_rule_is_replaced(pupil: Person) -> None:
    first = ensure_pocket(person=pupil, subject="mathematics", now=LATER)
    assert first is not None
    Form.objects.filter(pk=first.form_id).update(selection={**first.form.selection, "policy": "even-1"})
    second = ensure_pocket(person=pupil, subject="mathematics", now=LATER + timedelta(hours=1))
    assert second is not None
    assert second.form.selection["policy"] == "gain-2"
    assert pocket_of(pupil) == second != first
