"""What of the pupils' change comes with an accepted calibration: dynamics, and the effects of practice?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Person
from scoring.actions.calibration_decisions import accept
from scoring.actions.parameters import copy_parameters
from scoring.errors import CalibrationRefused
from scoring.models import Calibration, ScoringRun
from scoring.practice.effects import ASSUMED_EFFECTS, PracticeEffects
from tests.factories.accounts import NOW
from tests.factories.calibration import make_draft, make_psychometrician
from tests.factories.scoring import make_reference_form

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def person() -> Person:
    return make_psychometrician()


@pytest.fixture
def draft() -> Calibration:
    return make_draft(make_reference_form())


def accepted(draft: Calibration, person: Person) -> ScoringRun:
    return accept(calibration=draft, by=person, reason="as discussed", now=LATER)


def is_overtaken(draft: Calibration, person: Person) -> bool:
    with pytest.raises(CalibrationRefused) as refused:
        accepted(draft, person)
    return refused.value.code == "overtaken"


def other_dynamics_in_force(draft: Calibration) -> ScoringRun:
    """Another subject's calibration came in force meanwhile; it had estimated how abilities change."""
    table = {
        "version": "estimated-500", "drift_per_week": 0.02, "gain_per_item": 0.003, "sd_per_week": 0.05,
        "sd_per_item": 0.03,
    }  # fmt: skip
    run = ScoringRun.objects.create(
        rule_version=draft.base_run.rule_version, parameter_version="calibration-99", in_force_at=LATER,
        dynamics=table,
    )  # fmt: skip
    copy_parameters(draft.base_run, run)
    run.calibrations.update(source="calibrated")
    return run


def test_dynamics_that_were_not_estimated_stay_those_in_force(draft: Calibration, person: Person) -> None:
    run = other_dynamics_in_force(draft)
    assert accepted(draft, person).dynamics == run.dynamics != {}


def test_estimated_dynamics_cannot_follow_others(draft: Calibration, person: Person) -> None:
    run = other_dynamics_in_force(draft)
    draft.report["dynamics"] = {"table": {**run.dynamics, "version": "estimated-300"}, "estimated": True}
    draft.save()
    assert is_overtaken(draft, person)


def estimated_effects(draft: Calibration, version: str = "estimated-600") -> dict[str, Any]:
    table = replace(ASSUMED_EFFECTS, version=version, domain=(0.01, 0.02, 0.03, 0.03, 0.02, 0.01)).as_table()
    draft.report["effects"] = {
        "table": table, "estimated": True, "n_learners": 600, "domain_se": [0.01] * 6,
        "standard_se": [0.02] * 6,
    }  # fmt: skip
    draft.save()
    return table


def other_effects_in_force(draft: Calibration) -> ScoringRun:
    run = other_dynamics_in_force(draft)
    run.dynamics, run.practice_effects = (
        draft.base_run.dynamics,
        replace(ASSUMED_EFFECTS, growth=0.03).as_table(),
    )
    run.save()
    return run


def test_what_practice_brings_is_accepted_with_the_items(draft: Calibration, person: Person) -> None:
    table = estimated_effects(draft)
    run = accepted(draft, person)
    assert (run.practice_effects, run.dynamics) == (table, {})
    assert PracticeEffects.from_table(run.practice_effects).domain[2] == 0.03


@pytest.mark.parametrize("older", [True, False])
def test_effects_that_were_not_estimated_stay_those_in_force(
    draft: Calibration, person: Person, older: bool
) -> None:
    """Nor can a draft from before they were ever estimated say anything of them."""
    if older:
        del draft.report["effects"]
        draft.save()
    run = other_effects_in_force(draft)
    assert accepted(draft, person).practice_effects == run.practice_effects != {}


def test_estimated_effects_cannot_follow_others(draft: Calibration, person: Person) -> None:
    other_effects_in_force(draft)
    estimated_effects(draft)
    assert is_overtaken(draft, person)


def test_estimated_effects_may_follow_other_dynamics(draft: Calibration, person: Person) -> None:
    run = other_dynamics_in_force(draft)
    table = estimated_effects(draft)
    found = accepted(draft, person)
    assert (found.practice_effects, found.dynamics) == (table, run.dynamics)
