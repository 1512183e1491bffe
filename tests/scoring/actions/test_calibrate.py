"""From a request to a draft: states, what is written, and what a dead process leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from accounts.models import AuditEntry, Person
from exams.models import Form
from scoring.actions.calibrate import request_calibration, run_calibration
from scoring.actions.calibration_states import (
    MOVES,
    State,
    begin,
    move,
    revive,
    sign_of_life,
    take_next,
)
from scoring.actions.parameters import current_run
from scoring.actions.practice_effects import estimate_run_effects
from scoring.errors import CalibrationRefused
from scoring.irt import simulate_responses
from scoring.models import CalibratedItem, Calibration, ItemCalibration, ItemOutcomeRow, ScoringRun
from scoring.practice.effects import ASSUMED_EFFECTS, PracticeEffects
from scoring.queries.item_bank import load_bank
from tests.factories.accounts import NOW
from tests.factories.calibration import (
    FORM_ITEMS,
    make_draft,
    make_psychometrician,
    make_pupils,
    scored_sittings,
    simulate_trial,
    true_parameters,
)
from tests.factories.exams import make_versions
from tests.factories.practice import make_set
from tests.factories.scoring import PRACTICE_ITEMS, make_reference_form

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
OWN = replace(ASSUMED_EFFECTS, version="estimated-900", growth=0.03)


def request(**fields: object) -> Calibration:
    usual = {"subject": "mathematics", "settings": {"dynamics": False}, "by": None, "now": NOW}
    return request_calibration(**(usual | fields))  # type: ignore[arg-type]


@pytest.fixture
def form() -> Form:
    return make_reference_form(FORM_ITEMS)


def abilities(n: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    z = np.random.default_rng(7).standard_normal(n)
    return np.asarray((z - z.mean()) / z.std())


def sat_by(form: Form, n: int, *, seed: int = 1) -> None:
    bank = load_bank(current_run(now=NOW)).select(
        list(form.form_items.order_by("position").values_list("version_id", flat=True))
    )
    simulate_trial(form, make_pupils(n), abilities(n), truth=true_parameters(bank), seed=seed)


def practised_by_chance(n: int) -> None:
    """Three items that the rule which favours nothing drew, by everybody, in a subject that is calibrated."""
    names = PRACTICE_ITEMS[:3]
    practice = make_set(names, selection={"policy": "even-1", "kind": "quick"})
    run = current_run(now=NOW)
    run.calibrations.update(source="calibrated")
    bank = load_bank(run).select([version.pk for version in make_versions(names)])
    codes = simulate_responses(abilities(n), bank.parameters, seed=9)
    at = NOW + timedelta(weeks=1)
    scored_sittings(practice, list(Person.objects.order_by("pk")), codes.tolist(), bank, run=run, at=at)


def test_400_pupils_and_20_items_recover_difficulties(form: Form) -> None:
    sat_by(form, 400)
    calibration = request()
    assert take_next(now=NOW) == calibration
    calibration.refresh_from_db()
    steps: list[str] = []
    run_calibration(calibration, now=LATER, tell=steps.append)
    assert (calibration.state, calibration.n_candidates, calibration.finished_at) == ("draft", 400, LATER)
    assert steps == ["read", "fit", "pretest", "fit_report", "dif", "dif", "dif", "write"]
    bank = load_bank(calibration.base_run)
    versions = list(form.form_items.order_by("position").values_list("version_id", flat=True))
    own = bank.select(versions)
    truth = true_parameters(own)
    items = {item.version_id: item for item in calibration.items.all()}
    found = np.array([np.mean(items[version].steps) for version in versions])
    assert {item.source for item in items.values()} == {"calibrated"}
    assert all(item.included and item.n_responses == 400 for item in items.values())
    assert float(np.sqrt(np.mean((found - truth.b) ** 2))) < 0.22
    assert float(np.sqrt(np.mean((own.parameters.b - truth.b) ** 2))) > 0.25
    z = (found - truth.b) / np.array([items[version].se_b for version in versions])
    assert np.abs(z).max() < 3.5
    assert set(calibration.report["items"]) == {str(version) for version in versions}
    assert calibration.report["data"]["n_trials"] == 400
    # The bank itself is as it was.
    assert set(ItemCalibration.objects.values_list("source", flat=True)) == {"assumed"}


def test_nothing_but_items_is_estimated_unless_asked_for(form: Form) -> None:
    sat_by(form, 120)
    ScoringRun.objects.update(practice_effects=OWN.as_table())
    calibration = request(settings={"wanted": 100, "dynamics": False})
    move(calibration, State.RUNNING)
    run_calibration(calibration, now=LATER)
    assert calibration.report["effects"] == {
        "table": OWN.as_table(), "estimated": False, "n_learners": 0, "domain_se": [], "standard_se": [],
    }  # fmt: skip


def test_where_chance_chose_for_few_the_runs_own_effects_stay(form: Form) -> None:
    sat_by(form, 120)
    practised_by_chance(120)
    calibration = request(settings={"wanted": 100})
    move(calibration, State.RUNNING)
    steps: list[str] = []
    run_calibration(calibration, now=LATER, tell=steps.append)
    assert steps[:3] == ["read", "dynamics", "fit"]
    assert steps[-2:] == ["effects", "write"]
    assert calibration.report["effects"] == {
        "table": {}, "estimated": False, "n_learners": 120, "domain_se": [], "standard_se": [],
    }  # fmt: skip


def test_where_chance_chose_for_many_what_practice_brings_is_in_the_draft(form: Form) -> None:
    sat_by(form, 500)
    practised_by_chance(500)
    calibration = request(settings={"wanted": 500})
    move(calibration, State.RUNNING)
    run_calibration(calibration, now=LATER)
    found = calibration.report["effects"]
    assert (found["estimated"], found["n_learners"]) == (True, 500)
    assert found["table"]["version"].startswith("estimated-")
    expected = estimate_run_effects(run=calibration.base_run).estimated
    assert expected is not None
    assert PracticeEffects.from_table(found["table"]) == expected.effects
    assert found["domain_se"] == list(expected.domain_se)
    assert found["standard_se"] == list(expected.standard_se)


def test_too_few_pupils_is_a_failure_with_its_reason(form: Form) -> None:
    sat_by(form, 30)
    calibration = request()
    move(calibration, State.RUNNING)
    run_calibration(calibration, now=LATER)
    assert (calibration.state, calibration.problem) == ("failed", "too_few_candidates")
    assert not CalibratedItem.objects.exists()
    assert request().state == "queued"


def test_what_nobody_foresaw_is_written_down_and_raised(form: Form) -> None:
    sat_by(form, 30)
    calibration = request()
    move(calibration, State.RUNNING)
    ItemOutcomeRow.objects.filter(version__item__identifier="ma-204").update(half_points=7)
    with pytest.raises(KeyError, match="7"):
        run_calibration(calibration, now=LATER)
    assert (calibration.state, calibration.problem) == ("failed", "7")


def test_a_request_is_a_row_and_an_audit_row(form: Form) -> None:
    person = make_psychometrician()
    calibration = request(by=person, settings={"wanted": 300, "practice": False})
    assert calibration.settings == {"wanted": 300, "practice": False, "scale": "linked", "dynamics": True}
    assert calibration.base_run == current_run(now=NOW)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action) == (person, "request_calibration")
    assert entry.detail["calibration"] == str(calibration.public_id)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"subject": "alchemy"}, "subject"),
        ({"settings": {"wanted": 99}}, "settings"),
        ({"settings": {"scale": "sideways"}}, "settings"),
    ],
)
def test_what_cannot_be_asked_for(fields: dict[str, object], code: str) -> None:
    with pytest.raises(CalibrationRefused) as refused:
        request(**fields)
    assert refused.value.code == code
    assert not Calibration.objects.exists()


def test_one_of_a_subject_at_a_time(form: Form) -> None:
    request()
    with pytest.raises(CalibrationRefused) as refused:
        request()
    assert refused.value.code == "under_way"
    assert request(subject="physics").state == "queued"


def test_every_move_that_is_not_in_the_diagram_is_refused(form: Form) -> None:
    calibration = make_draft(form)
    for state, possible in MOVES.items():
        for wanted in State:
            Calibration.objects.update(state=state)
            calibration.refresh_from_db()
            if wanted in possible:
                move(calibration, wanted)
                assert calibration.state == wanted
            else:
                with pytest.raises(CalibrationRefused):
                    move(calibration, wanted)
                calibration.refresh_from_db()
                assert calibration.state == state


def test_who_comes_second_is_refused(form: Form) -> None:
    make_draft(form)
    one, two = Calibration.objects.get(), Calibration.objects.get()
    move(one, State.REJECTED)
    with pytest.raises(CalibrationRefused, match="no longer 'draft'"):
        move(two, State.ACCEPTED)


def test_the_one_that_waits_longest_is_taken_first(form: Form) -> None:
    later = request(subject="physics", now=LATER)
    first = request()
    assert [take_next(now=LATER), take_next(now=LATER), take_next(now=LATER)] == [first, later, None]


def test_a_dead_process_is_tried_again_once_and_then_failed(form: Form) -> None:
    calibration = request()
    for tries, expected in enumerate(("queued", "failed"), start=1):
        take_next(now=NOW)
        assert revive(now=NOW + timedelta(seconds=89)) == 0
        sign_of_life(calibration.pk, tries=tries, step="fit", now=NOW + timedelta(seconds=80))
        assert revive(now=NOW + timedelta(seconds=169)) == 0
        assert revive(now=NOW + timedelta(seconds=171)) == 1
        calibration.refresh_from_db()
        assert calibration.state == expected
    assert calibration.problem == "process_died"
    assert revive(now=NOW + timedelta(days=1)) == 0


def test_signs_of_life_tell_the_step_and_never_write_over_a_draft(form: Form) -> None:
    calibration = request()
    take_next(now=NOW)
    sign_of_life(calibration.pk, tries=1, step="fit", now=LATER)
    calibration.refresh_from_db()
    assert calibration.report == {"tries": 1, "step": "fit", "at": LATER.isoformat()}
    move(calibration, State.DRAFT, report={"items": {}})
    sign_of_life(calibration.pk, tries=1, step="dif", now=LATER)
    calibration.refresh_from_db()
    assert calibration.report == {"items": {}}


def test_work_that_was_taken_over_leaves_nothing(form: Form) -> None:
    """A process that seemed dead comes to its end after its calibration was queued again."""
    sat_by(form, 120)
    calibration = request(settings={"wanted": 100, "dynamics": False})
    move(calibration, State.RUNNING)
    Calibration.objects.update(state=State.QUEUED)
    with pytest.raises(CalibrationRefused):
        run_calibration(calibration, now=LATER)
    assert Calibration.objects.get().state == "queued"
    assert not CalibratedItem.objects.exists()


def test_who_comes_back_from_the_dead_changes_nothing_of_the_second_try(form: Form) -> None:
    """Running again, but as another process's work: neither its result nor its signs of life count."""
    sat_by(form, 120)
    request(settings={"wanted": 100, "dynamics": False})
    first = take_next(now=NOW)
    revive(now=NOW + timedelta(minutes=2))
    second = take_next(now=NOW + timedelta(minutes=2))
    assert first is not None and second is not None
    life = {"tries": 2, "step": "begin", "at": (NOW + timedelta(minutes=2)).isoformat()}
    assert (first.report["tries"], second.report) == (1, life)
    sign_of_life(first.pk, tries=1, step="dif", now=NOW + timedelta(minutes=3))
    with pytest.raises(CalibrationRefused):
        run_calibration(first, now=LATER)
    held = Calibration.objects.get()
    assert (held.state, held.report) == ("running", life)
    assert not CalibratedItem.objects.exists()
    run_calibration(second, now=LATER)
    assert (second.state, second.items.count()) == ("draft", 20)


def test_one_that_is_computed_by_hand_after_a_death_is_another_try(form: Form) -> None:
    calibration = request()
    take_next(now=NOW)
    revive(now=LATER)
    calibration.refresh_from_db()
    begin(calibration, now=LATER)
    assert (calibration.state, calibration.report["tries"]) == ("running", 2)
