"""Does what a pupil should practise next follow from their responses, the same from the same ones?"""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Person
from exams.actions.forms import Selected
from exams.enums import PracticeKind
from exams.models import Item, ItemVersion
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.domains import Verdict
from scoring.models import ScoringRun
from scoring.practice.reasons import Reason
from scoring.queries.practice import Suggestion, subjects_of, suggest_practice
from scoring.queries.practice_draw import SIZES
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


def suggested(
    pupil: Person, kind: PracticeKind = PracticeKind.FULL, focus: str = "", *, days: int = 0
) -> Suggestion:
    suggestion = suggest_practice(
        pupil,
        subject="mathematics",
        run=run_in_force(),
        now=NOW + timedelta(days=days),
        kind=kind,
        focus=focus,
    )
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
    assert first.lead.code == "MA.3"
    numbers = [sum(item.domain.code == "MA.1" for item in one.items) for one in (first, second)]
    assert numbers[0] < numbers[1]
    assert all(0 < item.probability < 1 for item in (*first.items, *second.items))
    assert first.verdict is first.situation.learner.verdict_on("MA.3")


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


@pytest.mark.parametrize(
    ("kind", "focus"), [(PracticeKind.QUICK, ""), (PracticeKind.FULL, ""), (PracticeKind.DOMAIN, "MA.3")]
)
def test_a_set_has_the_size_of_its_kind_and_no_item_twice(
    group: ClassGroup, kind: PracticeKind, focus: str
) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    suggestion = suggested(pupil, kind, focus)
    assert len(set(refs(suggestion))) == suggestion.size == SIZES[kind]
    if focus:
        assert {item.domain.code for item in suggestion.items} == {focus}
        assert suggestion.focus_title == ("Геометрија", "Geometry")


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
    assert sorted(refs(suggested(pupil, PracticeKind.QUICK))) == [
        "ma-502.2",
        "ma-503.1",
        "ma-504.1",
        "ma-505.1",
        "ma-506.1",
    ]


def test_items_of_a_trial_that_is_over_are_free_again(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    Item.objects.filter(security="released").exclude(identifier="ma-501").update(security="retired")
    over = {"opens_at": NOW - timedelta(days=3), "closes_at": NOW - timedelta(days=2)}
    make_administration([make_class()], form=make_form(["ma-501"]), **over)
    assert refs(suggested(pupil)) == ["ma-501.1"]


def practised(pupil: Person, *, missed: int, days: int = 0) -> list[str]:
    """Identifiers of a quick set, of which the last `missed` brought nothing."""
    now = NOW + timedelta(days=days)
    opened = open_practice_set(person=pupil, subject="mathematics", now=now, kind=PracticeKind.QUICK)
    rows = opened.form.form_items.filter(selection__role="main").select_related("version__item")
    names = [row.version.item.identifier for row in rows]
    values = responses(opened.form, names[: len(names) - missed])
    sit(opened, {f"{name}.1": values[f"{name}.1"] for name in names}, minutes=50, started_at=now)
    score_sittings(now=now)
    return names


def test_what_was_missed_comes_again_when_it_is_due_and_what_was_solved_only_last(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    few = PRACTICE_ITEMS[:6]
    Item.objects.filter(security="released").exclude(identifier__in=few).update(security="retired")
    names = practised(pupil, missed=1)
    (unseen,) = set(few) - set(names)
    today = suggested(pupil, PracticeKind.QUICK)
    assert today.items[0].version.item.identifier == unseen
    assert Reason.REVIEW_DUE not in {item.reason for item in today.items}
    later = suggested(pupil, PracticeKind.QUICK, days=3)
    assert {item.version.item.identifier for item in later.items[:2]} == {unseen, names[4]}
    reasons = {item.version.item.identifier: item.reason for item in later.items}
    assert [name for name, reason in reasons.items() if reason is Reason.REVIEW_DUE] == [names[4]]


def test_whoever_met_one_variant_has_met_its_family(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    few = PRACTICE_ITEMS[:6]
    Item.objects.filter(security="released").exclude(identifier__in=few).update(security="retired")
    names = practised(pupil, missed=5)
    (unseen,) = set(few) - set(names)
    Item.objects.filter(identifier__in=[names[0], unseen]).update(family="ma-700")
    again = suggested(pupil, PracticeKind.QUICK, days=3)
    of_family = [item for item in again.items if item.version.item.family]
    assert [item.reason for item in of_family] == [Reason.REVIEW_DUE]


def test_repairing_takes_only_what_was_missed_and_rather_another_variant(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    names = practised(pupil, missed=2)
    unseen = next(name for name in PRACTICE_ITEMS if name not in names)
    Item.objects.filter(identifier__in=[names[4], unseen]).update(family="ma-700")
    repairs = suggested(pupil, PracticeKind.MISTAKES)
    assert {item.version.item.identifier for item in repairs.items} == {names[3], unseen}
    assert (repairs.why.code, repairs.why.n_missed, repairs.why.n_due) == ("mistakes", 2, 0)
    assert {item.reason for item in repairs.items} == {Reason.REVIEW_MISSED}
    later = suggested(pupil, PracticeKind.MISTAKES, days=3)
    assert (later.why.code, later.why.n_due) == ("mistakes", 2)  # too few for a set of what is due
    assert {item.reason for item in later.items} == {Reason.REVIEW_DUE}


def test_what_was_missed_a_moment_ago_waits_while_enough_is_due(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    first = practised(pupil, missed=3)
    waiting = Item.objects.filter(identifier__in=first)
    waiting.update(security="retired")
    second = practised(pupil, missed=2, days=3)
    waiting.update(security="released")
    repairs = suggested(pupil, PracticeKind.MISTAKES, days=3)
    assert {item.version.item.identifier for item in repairs.items} == set(first[2:])
    assert {item.reason for item in repairs.items} == {Reason.REVIEW_DUE}
    assert (repairs.why.code, repairs.why.n_missed, repairs.why.n_due) == ("review_due", 5, 3)
    assert not set(first[2:]) & set(second)


def test_one_skill_may_hold_variants_of_one_family(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_versions([*PRACTICE_ITEMS, "ma-563"])
    make_scored_trial(group, {pupil: ["ma-102"]})
    own = ItemVersion.objects.filter(item__identifier__in=PRACTICE_ITEMS[:3])
    own.update(standard=own[0].standard)
    Item.objects.filter(versions__in=own).update(family="ma-700")
    suggestion = suggested(pupil, PracticeKind.STANDARD, own[0].standard.code)
    assert {version.ref for version in own} <= set(refs(suggestion))
    assert {item.standard.code for item in suggestion.items} == {own[0].standard.code}


def test_a_spare_is_another_variant(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    assert suggested(pupil).spares == {}  # one item for each standard here, and no families
    partner = dict(zip(PRACTICE_ITEMS[::2], PRACTICE_ITEMS[1::2], strict=False))
    for number, pair in enumerate(partner.items()):
        Item.objects.filter(identifier__in=pair).update(family=f"ma-{700 + number}")
    partner |= {other: one for one, other in partner.items()}
    suggestion = suggested(pupil)
    alone = {f"{name}.1" for name in PRACTICE_ITEMS if name not in partner}
    assert {ref: spare.version.ref for ref, spare in suggestion.spares.items()} == {
        ref: f"{partner[ref.removesuffix('.1')]}.1" for ref in refs(suggestion) if ref not in alone
    }


def test_a_spare_without_a_family_is_of_the_same_standard_and_stands_by_once(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    own = ItemVersion.objects.filter(item__identifier__in=PRACTICE_ITEMS, standard__code__startswith="MA.")
    algebra = own.filter(standard__domain__code="MA.2").order_by("ref")
    algebra.update(standard=algebra[0].standard)
    left = {version.ref for version in own.filter(standard__domain__code="MA.2")}
    suggestion = suggested(pupil, PracticeKind.DOMAIN, "MA.2")
    (spare,) = {spare.version.ref for spare in suggestion.spares.values()} or {""}
    assert {spare} == left - set(refs(suggestion))


def test_a_pupil_nobody_knows_still_gets_a_set(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_reference_form()
    score_sittings(now=NOW)
    suggestion = suggested(pupil)
    assert (suggestion.known, len(suggestion.items)) == (False, 10)
    assert suggestion.verdict is Verdict.NOT_ENOUGH
    assert {item.reason for item in suggestion.items} <= {Reason.FIND_OUT, Reason.FIRST_STEP}
    assert suggestion.why.code == "find_out"


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
    for number_of_queries in (17, 18, 18):
        run = run_in_force()
        suggested(pupil)
        with django_assert_num_queries(number_of_queries):
            counts.append(suggest_practice(pupil, subject="mathematics", run=run, now=NOW))
        opened = open_practice_set(person=pupil, subject="mathematics", now=NOW)
        sit(opened, responses(opened.form, []), minutes=50)
        score_sittings(now=NOW)
    assert None not in counts


def test_form_items_keep_why_they_were_chosen(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: ["ma-102"]})
    suggestion = suggested(pupil)
    kept = suggestion.items[0].as_selection(suggestion.policy, suggestion.seed)
    assert set(kept) == {
        "role", "reason", "probability", "expected_share", "value", "propensity", "draw", "policy", "seed",
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
    assert refs(suggested(pupil)) == ["ma-501.1"]


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
