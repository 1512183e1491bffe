"""Which run is in force, when is another one made, and what does it inherit?"""

from __future__ import annotations

import io
from collections.abc import Collection
from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts.models import Person
from scoring.actions import parameters as module
from scoring.actions.parameters import complete_parameters, copy_parameters, current_run
from scoring.actions.rescore import rescore_under_new_rules
from scoring.models import ItemCalibration, ScoringRun, SubjectEstimate
from scoring.queries import runs
from scoring.queries.runs import can_come_back, rests_on_assumptions, run_in_force, runs_once_in_force
from scoring.reference import RULE_VERSION
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import TRIAL_ITEMS, make_form, make_versions
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form, make_scored_trial

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def other_run(**fields: object) -> ScoringRun:
    usual = {"rule_version": RULE_VERSION, "parameter_version": "calibration-9", "assumed": False}
    return ScoringRun.objects.create(**(usual | fields))


def test_the_first_run_is_assumed_and_in_force_at_once() -> None:
    make_form()
    assert run_in_force() is None
    run = current_run(now=NOW)
    assert (run.assumed, run.in_force_at, run.rule_version) == (True, NOW, RULE_VERSION)
    assert run_in_force() == run
    assert run.calibrations.count() == 4
    assert current_run(now=LATER) == run
    assert ScoringRun.objects.count() == 1


def test_new_items_get_assumed_parameters_in_the_run_in_force() -> None:
    make_form(TRIAL_ITEMS[:2])
    current_run(now=NOW)
    run = other_run(in_force_at=LATER)
    copy_parameters(ScoringRun.objects.exclude(pk=run.pk).get(), run)
    ItemCalibration.objects.filter(run=run).update(source="calibrated")
    make_versions(TRIAL_ITEMS)
    assert current_run(now=LATER) == run
    sources = run.calibrations.order_by("version_id").values_list("source", flat=True)
    assert sorted(sources) == ["assumed", "assumed", "calibrated", "calibrated"]


def test_the_latest_put_in_force_is_the_one_and_others_wait() -> None:
    make_form()
    assumed = current_run(now=NOW)
    run = other_run()
    assert run_in_force() == assumed
    ScoringRun.objects.filter(pk=run.pk).update(in_force_at=LATER)
    assert run_in_force() == run
    ScoringRun.objects.filter(pk=assumed.pk).update(in_force_at=LATER + timedelta(hours=1))
    assert run_in_force() == assumed
    assert list(runs_once_in_force()) == [assumed, run]


def test_new_rules_inherit_what_was_known_of_items(monkeypatch: pytest.MonkeyPatch) -> None:
    make_form()
    current_run(now=NOW)
    effects = {"version": "estimated-8"}
    before = other_run(in_force_at=NOW, dynamics={"version": "estimated-9"}, practice_effects=effects)
    copy_parameters(ScoringRun.objects.exclude(pk=before.pk).get(), before)
    before.calibrations.update(source="calibrated", a=1.25)
    monkeypatch.setattr(module, "RULE_VERSION", "rules-later")
    run = current_run(now=LATER)
    assert (run.rule_version, run.parameter_version, run.in_force_at) == (
        "rules-later",
        "calibration-9",
        LATER,
    )
    assert (run.assumed, run.dynamics) == (False, {"version": "estimated-9"})
    assert run.practice_effects == {"version": "estimated-8"}
    assert list(run.calibrations.values_list("a", "source")) == [(1.25, "calibrated")] * 4


def test_nothing_but_old_assumptions_gives_way_to_new_ones() -> None:
    make_form()
    old = other_run(parameter_version="assumed-0", in_force_at=NOW)
    complete_parameters(old)
    old.calibrations.update(a=3.0)
    run = current_run(now=LATER)
    assert run.parameter_version == "assumed-1"
    assert set(run.calibrations.values_list("a", flat=True)) == {1.0}


def test_new_rules_come_in_force_when_everything_is_scored_under_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pages go on to read what there is; the worker scores in helpings beside it."""
    group = make_class()
    results: dict[Person, Collection[str]] = {
        make_pupil(group): REFERENCE_ITEMS[:number] for number in (2, 5, 9)
    }
    make_scored_trial(group, results)
    old = run_in_force()
    assert old is not None
    monkeypatch.setattr(module, "RULE_VERSION", "rules-later")
    assert current_run(now=LATER) == old
    new = ScoringRun.objects.get(rule_version="rules-later")
    assert (new.in_force_at, new.calibrations.count()) == (None, old.calibrations.count())
    moved, forces = [], []
    for _ in range(4):
        moved.append(rescore_under_new_rules(now=LATER, at_most=1))
        forces.append(run_in_force())
    assert moved == [1, 1, 1, 0]
    assert forces == [old, old, new, new]
    assert SubjectEstimate.objects.filter(run=new).count() == 3
    assert current_run(now=LATER + timedelta(hours=1)) == new


def test_the_command_scores_under_new_rules_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    group = make_class()
    make_scored_trial(group, {make_pupil(group): REFERENCE_ITEMS[:2]})
    monkeypatch.setattr(module, "RULE_VERSION", "rules-later")
    out = io.StringIO()
    call_command("score_sittings", stdout=out)
    assert out.getvalue() == (
        "0 sittings scored.\n1 sittings scored under the new rules, which are in force now.\n"
    )
    run = run_in_force()
    assert run is not None and run.rule_version == "rules-later"


def test_parameters_are_copied_only_where_there_are_none() -> None:
    make_form()
    source, target = current_run(now=NOW), other_run()
    first = source.calibrations.order_by("version_id")[0]
    ItemCalibration.objects.create(
        run=target, version_id=first.version_id, source="calibrated", a=2, steps=[0.0], half_points=[0, 2]
    )
    assert copy_parameters(source, target) == 3
    assert copy_parameters(source, target) == 0
    assert target.calibrations.get(version_id=first.version_id).a == 2
    assert complete_parameters(target) == 0


def test_only_what_was_in_force_under_these_rules_can_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_come_back(other_run(in_force_at=NOW))
    assert not can_come_back(other_run(parameter_version="never"))
    assert not can_come_back(other_run(rule_version="rules-0", in_force_at=NOW))
    monkeypatch.setattr(runs, "RULE_VERSION", "rules-0")
    assert can_come_back(ScoringRun.objects.get(rule_version="rules-0"))


def test_a_subject_rests_on_assumptions_until_its_whole_reference_form_does_not() -> None:
    make_reference_form()
    run = current_run(now=NOW)
    assert rests_on_assumptions(run, "mathematics")
    run.calibrations.update(source="calibrated")
    assert not rests_on_assumptions(run, "mathematics")
    one = run.calibrations.all()[0]
    ItemCalibration.objects.filter(pk=one.pk).update(source="assumed")
    assert rests_on_assumptions(run, "mathematics")
    assert rests_on_assumptions(run, "physics")
