"""Does what a pupil should practise next follow from their responses, the same from the same ones?"""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Person
from exams.actions.forms import Selected
from exams.models import Item, ItemVersion
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.domains import Verdict
from scoring.models import ScoringRun
from scoring.practice_choice import Reason
from scoring.queries.practice import Suggestion, subjects_of, suggest_practice
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration, make_form, make_versions
from tests.factories.journal import sit
from tests.factories.marking import make_written_version
from tests.factories.scoring import (
    PRACTICE_ITEMS,
    REFERENCE_ITEMS,
    make_reference_form,
    make_scored_trial,
    responses,
)

pytestmark = pytest.mark.django_db
GEOMETRY = {"ma-106", "ma-207", "ma-119"}
NUMBERS = {"ma-201", "ma-102", "ma-203"}


@pytest.fixture
def group() -> ClassGroup:
    make_versions(PRACTICE_ITEMS)
    return make_class()


def suggested(pupil: Person, **how: int) -> Suggestion:
    suggestion = suggest_practice(pupil, subject="mathematics", run=run_in_force(), now=NOW, **how)
    assert suggestion is not None
    return suggestion


def refs(suggestion: Suggestion) -> list[str]:
    return [item.version.ref for item in suggestion.items]


def test_unlike_pupils_get_unlike_sets_each_item_with_its_chance(group: ClassGroup) -> None:
    # The draw follows from the public id, so these two always get the same sets.
    no_geometry = make_pupil(group, public_id=UUID(int=1))
    no_numbers = make_pupil(group, public_id=UUID(int=2))
    everything = set(REFERENCE_ITEMS)
    make_scored_trial(group, {no_geometry: everything - GEOMETRY, no_numbers: everything - NUMBERS})
    first, second = suggested(no_geometry), suggested(no_numbers)
    assert set(refs(first)) != set(refs(second))
    assert (first.lead.code, first.verdict) == ("MA.3", Verdict.SHAKY)
    assert (second.lead.code, second.verdict) == ("MA.1", Verdict.SHAKY)
    assert all(0 < item.probability < 1 for item in (*first.items, *second.items))
    assert {item.reason for item in first.items if item.domain.code == "MA.3"} == {Reason.CLOSES_GAP}


def test_the_same_responses_give_the_same_set_again_and_again(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    before = suggested(pupil)
    ScoringRun.objects.all().delete()
    score_sittings(now=NOW)
    after = suggested(pupil)
    assert refs(after) == refs(before)
    assert [item.as_selection("p", 1) for item in after.items] == [
        item.as_selection("p", 1) for item in before.items
    ]


@pytest.mark.parametrize("size", [5, 8, 10])
def test_a_set_has_the_wanted_size_and_no_item_twice(group: ClassGroup, size: int) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    assert len(set(refs(suggested(pupil, size=size)))) == size


def test_only_newest_versions_of_released_items_outside_of_live_trials(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    free = {f"ma-{number}" for number in (501, 502, 503, 504, 505, 506)}
    Item.objects.filter(security="released").exclude(identifier__in=free).update(security="retired")
    in_a_trial = make_form(["ma-501"])
    make_administration([make_class()], form=in_a_trial, opens_at=NOW + timedelta(days=3))
    old = ItemVersion.objects.get(ref="ma-502.1")
    new = ItemVersion.objects.create(
        item=old.item, number=2, ref="ma-502.2", standard=old.standard, interaction=old.interaction,
        key=old.key, content_hash="changed",
    )  # fmt: skip
    for text in old.texts.all():
        new.texts.create(language=text.language, content=text.content, solution=text.solution)
    score_sittings(now=NOW)
    assert sorted(refs(suggested(pupil))) == ["ma-502.2", "ma-503.1", "ma-504.1", "ma-505.1", "ma-506.1"]


def test_items_of_a_trial_that_is_over_are_free_again(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    Item.objects.filter(security="released").exclude(identifier="ma-501").update(security="retired")
    over = {"opens_at": NOW - timedelta(days=3), "closes_at": NOW - timedelta(days=2)}
    make_administration([make_class()], form=make_form(["ma-501"]), **over)
    assert refs(suggested(pupil)) == ["ma-501.1"]


def test_missed_items_come_again_as_such_and_solved_ones_last(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    few = PRACTICE_ITEMS[:6]
    Item.objects.filter(security="released").exclude(identifier__in=few).update(security="retired")
    opened = open_practice_set(person=pupil, subject="mathematics", now=NOW, size=5)
    practised = [
        row.version.item.identifier for row in opened.form.form_items.select_related("version__item")
    ]
    solved = practised[:4]
    sit(opened, responses(opened.form, solved), minutes=50)
    score_sittings(now=NOW)
    again = {item.version.item.identifier: item for item in suggested(pupil, size=6).items}
    assert again[practised[4]].reason is Reason.REVIEW_MISSED
    assert Reason.REVIEW_MISSED not in {again[name].reason for name in solved}
    (unseen,) = set(few) - set(practised)
    assert again[unseen].reason is not Reason.REVIEW_MISSED


def test_whoever_missed_one_variant_has_met_its_family(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    few = PRACTICE_ITEMS[:6]
    Item.objects.filter(security="released").exclude(identifier__in=few).update(security="retired")
    opened = open_practice_set(person=pupil, subject="mathematics", now=NOW, size=5)
    practised = [
        row.version.item.identifier for row in opened.form.form_items.select_related("version__item")
    ]
    (unseen,) = set(few) - set(practised)
    Item.objects.filter(identifier__in=[practised[0], unseen]).update(family="ma-700")
    sit(opened, responses(opened.form, practised[1:]), minutes=50)
    score_sittings(now=NOW)
    again = {item.version.item.identifier: item for item in suggested(pupil, size=6).items}
    (met,) = again.keys() & {practised[0], unseen}
    assert again[met].reason is Reason.REVIEW_MISSED


def test_a_pupil_nobody_knows_still_gets_a_set(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_reference_form()
    score_sittings(now=NOW)
    suggestion = suggested(pupil)
    assert (suggestion.known, len(suggestion.items)) == (False, 8)
    assert suggestion.verdict is Verdict.NOT_ENOUGH


def test_nothing_to_offer_is_no_suggestion(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    assert suggest_practice(pupil, subject="mathematics", run=None, now=NOW) is None
    make_scored_trial(group, {pupil: ["ma-102"]})
    Item.objects.filter(security="released").update(security="retired")
    assert suggest_practice(pupil, subject="mathematics", run=run_in_force(), now=NOW) is None
    assert suggest_practice(pupil, subject="history", run=run_in_force(), now=NOW) is None


def test_a_released_version_that_waits_for_its_parameters_is_not_offered(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    run = run_in_force()
    assert run is not None
    run.calibrations.filter(version__item__identifier__in=PRACTICE_ITEMS).delete()
    assert suggest_practice(pupil, subject="mathematics", run=run, now=NOW) is None


def test_queries_do_not_grow_with_sittings(
    group: ClassGroup, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    counts = []
    for _ in range(2):
        run = run_in_force()
        with django_assert_num_queries(8):
            counts.append(suggest_practice(pupil, subject="mathematics", run=run, now=NOW))
        opened = open_practice_set(person=pupil, subject="mathematics", now=NOW, size=5)
        sit(opened, responses(opened.form, []), minutes=50)
        score_sittings(now=NOW)
    assert None not in counts


def test_form_items_keep_why_they_were_chosen(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    suggestion = suggested(pupil)
    kept = suggestion.items[0].as_selection(suggestion.policy, suggestion.seed)
    assert set(kept) == {
        "reason", "probability", "expected_share", "value", "propensity", "draw", "policy", "seed",
    }  # fmt: skip
    assert Selected(suggestion.items[0].version, selection=kept).selection == kept


def test_what_people_mark_is_never_offered(group: ClassGroup) -> None:
    """Not even when a written item was released after its trial: practice tells the pupil at once."""
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: []})
    Item.objects.exclude(identifier="ma-501").update(security="retired")
    make_written_version()
    Item.objects.filter(identifier="ma-190").update(security="released")
    score_sittings(now=NOW)
    assert refs(suggested(pupil, size=5)) == ["ma-501.1"]


def test_subjects_to_practise_are_the_last_one_sat_then_ones_own(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    pupil.enrollments.update(chosen_subject="history")
    numbers = count(1)
    for subject in ("serbian", "biology", "history"):
        Item.objects.create(identifier=f"x-{next(numbers)}", subject=subject, security="released")
    Item.objects.create(identifier="x-9", subject="physics", security="trial")
    assert subjects_of(pupil) == ["mathematics", "serbian", "history", "biology"]
    make_scored_trial(group, {pupil: []}, form=make_form(subject="biology"))
    assert subjects_of(pupil) == ["biology", "mathematics", "serbian", "history"]
