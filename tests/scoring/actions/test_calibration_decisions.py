"""What does each decision change, who is written down, and what is refused?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Person
from exams.models import Form, Sitting
from scoring.actions.calibration_decisions import (
    accept,
    go_back,
    include_items,
    put_in_force,
    reject,
    withdraw,
)
from scoring.actions.parameters import copy_parameters, current_run
from scoring.actions.rescore import rescore, rescore_accepted
from scoring.actions.score import score_sittings
from scoring.errors import CalibrationRefused
from scoring.models import Calibration, ItemCalibration, ScoringRun, SittingScore, SubjectEstimate
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.calibration import make_draft, make_psychometrician
from tests.factories.exams import make_administration
from tests.factories.practised import practise
from tests.factories.scoring import (
    PRACTICE_ITEMS,
    REFERENCE_ITEMS,
    make_reference_form,
    make_scored_trial,
    sit_form,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def person() -> Person:
    return make_psychometrician()


@pytest.fixture
def form() -> Form:
    return make_reference_form()


@pytest.fixture
def scored(form: Form) -> Form:
    group = make_class()
    results: dict[Person, Collection[str]] = {
        make_pupil(group): REFERENCE_ITEMS[:number] for number in (2, 5, 9)
    }
    make_scored_trial(group, results, form=form)
    return form


def decided(calibration: Calibration, person: Person, **fields: object) -> dict[str, object]:
    return {"calibration": calibration, "by": person, "reason": "as discussed", "now": LATER} | fields


def refusal(action: object, **how: object) -> str:
    with pytest.raises(CalibrationRefused) as refused:
        action(**how)  # type: ignore[operator]
    return refused.value.code


def test_accepting_makes_a_run_with_the_included_items_new(scored: Form, person: Person) -> None:
    draft = make_draft(scored, shift=0.5)
    left = draft.items.all()[0].version_id
    include_items(calibration=draft, version_ids=[left], included=False, by=person, now=NOW)
    run = accept(**decided(draft, person))  # type: ignore[arg-type]
    assert (draft.state, draft.run, draft.decided_by, draft.decision_reason) == (
        "accepted", run, person, "as discussed",
    )  # fmt: skip
    assert (run.parameter_version, run.in_force_at) == (f"calibration-{draft.pk}", None)
    before = {row.version_id: row for row in ItemCalibration.objects.filter(run=draft.base_run)}
    after = {row.version_id: row for row in ItemCalibration.objects.filter(run=run)}
    assert after.keys() == before.keys()
    changed = {version for version in after if after[version].source == "calibrated"}
    assert changed == {item.version_id for item in draft.items.all()} - {left}
    for version in changed:
        assert after[version].steps == pytest.approx([step + 0.5 for step in before[version].steps])
    assert after[left].steps == before[left].steps
    # One item of the reference form is still assumed, and so pages go on to say so.
    assert run.assumed
    assert run_in_force() == draft.base_run


def test_rescoring_goes_on_where_it_stopped_and_then_says_what_changes(scored: Form, person: Person) -> None:
    draft = make_draft(scored, shift=0.5)
    run = accept(**decided(draft, person))  # type: ignore[arg-type]
    before = list(SubjectEstimate.objects.filter(run=draft.base_run).order_by("person").values())
    assert rescore_accepted(now=LATER, at_most=2) == 2
    draft.refresh_from_db()
    assert draft.difference == {}
    assert refusal(put_in_force, **decided(draft, person)) == "not_scored"
    assert [rescore_accepted(now=LATER, at_most=2), rescore_accepted(now=LATER, at_most=2)] == [1, 0]
    draft.refresh_from_db()
    told = draft.difference
    old, new = (
        dict(SubjectEstimate.objects.filter(run=one).values_list("person_id", "expected"))
        for one in (draft.base_run, run)
    )
    changes = [new[person_id] - old[person_id] for person_id in sorted(old)]
    assert (told["n_pupils"], told["n_sittings"]) == (3, 3)
    assert told["mean_change"] == pytest.approx(sum(changes) / 3, abs=1e-4)
    assert told["largest"] == pytest.approx(max(changes, key=abs), abs=1e-4)
    assert [row["code"] for row in told["domains"]] == ["MA.1", "MA.2", "MA.3", "MA.4", "MA.5"]
    assert [row["n"] for row in told["domains"]] == [3] * 5
    assert len(told["items"]) == 10
    assert all(row["b"] - row["b_before"] == pytest.approx(0.5, abs=1e-3) for row in told["items"])
    # What is in force was not touched.
    assert list(SubjectEstimate.objects.filter(run=draft.base_run).order_by("person").values()) == before


def test_harder_items_make_the_same_responses_worth_more(scored: Form, person: Person) -> None:
    draft = make_draft(scored, shift=0.5)
    run = accept(**decided(draft, person))  # type: ignore[arg-type]
    rescore(draft, now=LATER)
    thetas = [
        list(SittingScore.objects.filter(run=one).order_by("sitting").values_list("theta", flat=True))
        for one in (draft.base_run, run)
    ]
    assert all(after > before for before, after in zip(*thetas, strict=True))
    points = SittingScore.objects.order_by("sitting").values_list("sitting", "half_points").distinct()
    assert len(points) == 3


def test_in_force_and_back(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    run = accept(**decided(draft, person))  # type: ignore[arg-type]
    while rescore(draft, now=LATER):
        pass
    assert put_in_force(**decided(draft, person)) == run  # type: ignore[arg-type]
    draft.refresh_from_db()
    assert (draft.state, run_in_force()) == ("in_force", run)
    assert current_run(now=LATER) == run
    go_back(run=draft.base_run, by=person, reason="too early", now=LATER + timedelta(hours=1))
    assert run_in_force() == draft.base_run
    go_back(run=run, by=person, reason="after all", now=LATER + timedelta(hours=2))
    assert run_in_force() == run
    assert list(AuditEntry.objects.order_by("at", "pk").values_list("action", flat=True)) == [
        "accept_calibration", "put_calibration_in_force", "put_run_in_force_again", "put_run_in_force_again",
    ]  # fmt: skip
    assert set(AuditEntry.objects.values_list("actor", flat=True)) == {person.pk}


def test_who_hands_in_meanwhile_is_scored_under_both(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    run = accept(**decided(draft, person))  # type: ignore[arg-type]
    rescore(draft, now=LATER)
    group = make_class()
    pupil = make_pupil(group)
    sitting = sit_form(make_administration([group], form=scored), pupil, correct=REFERENCE_ITEMS[:4])
    assert score_sittings(now=LATER) == 1
    assert rescore_accepted(now=LATER) == 1
    assert set(SittingScore.objects.filter(sitting=sitting).values_list("run", flat=True)) == {
        run.pk, draft.base_run_id,
    }  # fmt: skip


def test_rejecting_changes_nothing(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    reject(**decided(draft, person))  # type: ignore[arg-type]
    assert (draft.state, draft.decision_reason, draft.run) == ("rejected", "as discussed", None)
    assert ScoringRun.objects.count() == 1
    assert refusal(accept, **decided(draft, person)) == "state"
    assert refusal(reject, **decided(draft, person)) == "state"
    assert AuditEntry.objects.get().action == "reject_calibration"


def test_items_are_chosen_in_a_draft_only_and_only_new_ones(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    first, second = draft.items.values_list("version_id", flat=True)[:2]
    draft.report["items"][str(second)]["new"] = False
    draft.save()
    how = {"calibration": draft, "by": person, "now": NOW}
    assert include_items(version_ids=[first, second], included=False, **how) == 1  # type: ignore[arg-type]
    assert include_items(version_ids=[first], included=False, **how) == 0  # type: ignore[arg-type]
    assert AuditEntry.objects.get().detail["included"] is False
    reject(**decided(draft, person))  # type: ignore[arg-type]
    assert refusal(include_items, version_ids=[first], included=True, **how) == "state"


def test_a_draft_without_items_cannot_be_accepted(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    draft.items.update(included=False)
    assert refusal(accept, **decided(draft, person)) == "no_items"
    draft.refresh_from_db()
    assert (draft.state, ScoringRun.objects.count()) == ("draft", 1)


def test_a_draft_on_parameters_of_the_past_cannot_be_accepted(scored: Form, person: Person) -> None:
    draft, other = make_draft(scored), make_draft(scored, shift=0.2)
    accept(**decided(other, person))  # type: ignore[arg-type]
    while rescore(other, now=LATER):
        pass
    put_in_force(**decided(other, person))  # type: ignore[arg-type]
    assert refusal(accept, **decided(draft, person)) == "overtaken"


def test_two_that_press_the_same_button(scored: Form, person: Person) -> None:
    """The second has read the row before the first was done."""
    make_draft(scored)
    one, two, three = (Calibration.objects.get() for _ in range(3))
    run = accept(**decided(one, person))  # type: ignore[arg-type]
    assert refusal(accept, **decided(two, person)) == "state"
    assert refusal(reject, **decided(three, person)) == "state"
    while rescore(one, now=LATER):
        pass
    one, two = (Calibration.objects.get() for _ in range(2))
    put_in_force(**decided(one, person))  # type: ignore[arg-type]
    assert refusal(put_in_force, **decided(two, person)) == "state"
    assert (run_in_force(), ScoringRun.objects.count()) == (run, 2)


def test_one_at_a_time_is_accepted_and_withdrawing_makes_room(scored: Form, person: Person) -> None:
    first, second = make_draft(scored), make_draft(scored, shift=0.2)
    accept(**decided(first, person))  # type: ignore[arg-type]
    assert refusal(accept, **decided(second, person)) == "another"
    assert ScoringRun.objects.count() == 2
    withdraw(**decided(first, person, reason="the key of one was wrong"))  # type: ignore[arg-type]
    assert (first.state, first.decision_reason) == ("rejected", "the key of one was wrong")
    assert run_in_force() == first.base_run
    entry = AuditEntry.objects.get(action="withdraw_calibration")
    assert (entry.actor, entry.detail["reason"]) == (person, "the key of one was wrong")
    assert rescore_accepted(now=LATER) == 0
    run = accept(**decided(second, person))  # type: ignore[arg-type]
    assert rescore_accepted(now=LATER) == 3
    assert SittingScore.objects.filter(run=run).count() == 3
    for action in (withdraw, put_in_force):
        assert refusal(action, **decided(first, person)) == "state"


def test_whichever_is_accepted_is_scored_under(scored: Form, person: Person) -> None:
    """Two of them from the days when two could be."""
    first, second = make_draft(scored), make_draft(scored, shift=0.2)
    accept(**decided(first, person))  # type: ignore[arg-type]
    Calibration.objects.filter(pk=first.pk).update(state="draft")
    accept(**decided(second, person))  # type: ignore[arg-type]
    Calibration.objects.filter(pk=first.pk).update(state="accepted")
    assert [rescore_accepted(now=LATER) for _ in range(3)] == [3, 3, 0]
    assert all(one.difference["finished_at"] for one in Calibration.objects.all())


def test_nothing_comes_in_force_while_something_waits_for_its_score(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    accept(**decided(draft, person))  # type: ignore[arg-type]
    while rescore(draft, now=LATER):
        pass
    group = make_class()
    pupil = make_pupil(group)
    sit_form(make_administration([group], form=scored), pupil, correct=REFERENCE_ITEMS[:4])
    with pytest.raises(CalibrationRefused) as refused:
        put_in_force(**decided(draft, person))  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.number) == ("waiting", 1)
    assert rescore_accepted(now=LATER) == 1
    assert put_in_force(**decided(draft, person)) == draft.run  # type: ignore[arg-type]


def test_another_subject_in_force_meanwhile_does_not_spoil_a_draft(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    other = ScoringRun.objects.create(
        rule_version=draft.base_run.rule_version, parameter_version="calibration-99", in_force_at=LATER
    )
    copy_parameters(draft.base_run, other)
    other.calibrations.update(source="calibrated")
    run = accept(**decided(draft, person))  # type: ignore[arg-type]
    assert draft.base_run == other
    assert run.calibrations.count() == other.calibrations.count()


def test_what_was_accepted_on_other_parameters_rests(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    accept(**decided(draft, person))  # type: ignore[arg-type]
    other = ScoringRun.objects.create(
        rule_version=draft.base_run.rule_version, parameter_version="calibration-99", in_force_at=LATER
    )
    copy_parameters(draft.base_run, other)
    other.calibrations.update(source="calibrated")
    assert rescore_accepted(now=LATER) == 0
    draft.refresh_from_db()
    Calibration.objects.update(difference={"finished_at": NOW.isoformat()})
    draft.refresh_from_db()
    assert refusal(put_in_force, **decided(draft, person)) == "overtaken"


def test_only_what_was_in_force_comes_back(scored: Form, person: Person) -> None:
    how = {"by": person, "reason": "back", "now": LATER}
    run = run_in_force()
    assert refusal(go_back, run=run, **how) == "run"
    never = ScoringRun.objects.create(rule_version="rules-0", parameter_version="never")
    assert refusal(go_back, run=never, **how) == "run"
    assert not AuditEntry.objects.exists()


def test_how_abilities_change_is_accepted_with_the_items(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    table = {
        "version": "estimated-300", "drift_per_week": 0.03, "gain_per_item": 0.004, "sd_per_week": 0.06,
        "sd_per_item": 0.04,
    }  # fmt: skip
    draft.report["dynamics"] = {"table": table, "estimated": True, "n_learners": 300, "se": {}}
    draft.save()
    assert accept(**decided(draft, person)).dynamics == table  # type: ignore[arg-type]


def test_only_published_reference_forms_can_rest_on_assumptions(scored: Form, person: Person) -> None:
    draft = make_draft(scored)
    draft.base_run.calibrations.update(source="calibrated")
    assert not accept(**decided(draft, person)).assumed  # type: ignore[arg-type]


def test_what_is_voided_goes_from_every_run(scored: Form, person: Person) -> None:
    """Whichever run is asked first: the others' estimates must not rest on what no longer counts."""
    draft = make_draft(scored)
    run = accept(**decided(draft, person))  # type: ignore[arg-type]
    while rescore(draft, now=LATER):
        pass
    Sitting.objects.filter(pk=Sitting.objects.order_by("pk")[0].pk).update(state="voided")
    score_sittings(now=LATER, run=run)
    for one in (run, draft.base_run):
        assert SubjectEstimate.objects.filter(run=one).count() == 2
        assert SittingScore.objects.filter(run=one).count() == 2


def test_an_older_run_that_lacks_an_item_does_not_stand_in_the_way(scored: Form, person: Person) -> None:
    """What is voided goes from it, and what is left is no estimate there: its reference form is not whole."""
    voided = Sitting.objects.order_by("pk")[0]
    practise(voided.candidate, PRACTICE_ITEMS[:4], at=NOW + timedelta(days=1))
    score_sittings(now=LATER)
    draft = make_draft(scored)
    older = accept(**decided(draft, person))  # type: ignore[arg-type]
    while rescore(draft, now=LATER):
        pass
    newest = scored.form_items.latest("position").version_id
    ItemCalibration.objects.filter(run=older, version_id=newest).delete()
    Sitting.objects.filter(pk=voided.pk).update(state="voided")
    score_sittings(now=LATER)
    assert not SittingScore.objects.filter(sitting=voided).exists()
    left = SubjectEstimate.objects.filter(person=voided.candidate)
    assert list(left.values_list("run", flat=True)) == [draft.base_run_id]
