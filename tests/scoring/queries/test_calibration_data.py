"""Which responses reach a calibration, in which row, with which code? From real rows."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from accounts.models import Person
from exams.enums import FormPurpose, SittingState
from exams.models import Form, Sitting
from scoring.actions.parameters import current_run
from scoring.calibration_types import CalibrationData
from scoring.models import ItemCalibration, ScoringRun
from scoring.queries import calibration_data as module
from scoring.queries.calibration_data import DataFacts, calibration_data
from scoring.queries.item_bank import load_bank
from tests.factories.accounts import NOW, make_class, make_region, make_school
from tests.factories.calibration import make_draft, make_pupils, scored_sittings
from tests.factories.exams import RELEASED_ITEMS, make_form

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
# 112 brings its points in three categories, the others in two.
ITEMS = ("ma-106", "ma-112", "ma-116")


@pytest.fixture
def form() -> Form:
    return make_form(ITEMS)


@pytest.fixture
def practice(form: Form) -> Form:
    return make_form(RELEASED_ITEMS, purpose=FormPurpose.PRACTICE)


def sat(form: Form, pupils: list[Person], codes: list[list[int]], **fields: object) -> list[Sitting]:
    run = current_run(now=NOW)
    versions = list(form.form_items.order_by("position").values_list("version_id", flat=True))
    bank = load_bank(run).select(versions)
    return scored_sittings(form, pupils, codes, bank, run=run, **fields)  # type: ignore[arg-type]


def gathered(*, practice: bool = True) -> tuple[list[list[int]], CalibrationData, DataFacts]:
    data, _, facts = calibration_data("mathematics", run=current_run(now=NOW), practice=practice)
    return data.codes.tolist(), data, facts


def test_codes_are_categories_and_reasons_for_missing(form: Form) -> None:
    sat(form, make_pupils(3), [[1, 2, 0], [0, 1, -3], [-2, -1, 1]])
    codes, data, facts = gathered()
    assert codes == [[1, 2, 0], [0, 1, -3], [-2, -1, 1]]
    assert data.version_ids == tuple(
        form.form_items.order_by("position").values_list("version_id", flat=True)
    )
    assert (facts.n_pupils, facts.n_trials, facts.n_practice) == (3, 3, 0)


def test_practice_stands_in_the_row_of_the_trial_before(form: Form, practice: Form) -> None:
    (pupil,) = make_pupils(1)
    sat(form, [pupil], [[1, 2, 0]], at=NOW)
    sat(practice, [pupil], [[1, 0]], at=NOW + WEEK)
    codes, data, facts = gathered()
    assert codes == [[1, 2, 0, 1, 0]]
    assert data.practised.tolist() == [[False, False, False, True, True]]
    assert facts.n_practice == 2
    alone, without, _ = gathered(practice=False)
    assert alone == [[1, 2, 0]]
    assert without.practised.shape == (1, 0)


def test_practice_before_any_trial_is_left_out_and_counted(form: Form, practice: Form) -> None:
    early, late = make_pupils(2)
    sat(practice, [early, late], [[1, 1], [1, 1]], at=NOW)
    sat(form, [early], [[1, 2, 0]], at=NOW + WEEK)
    codes, _, facts = gathered()
    assert codes == [[1, 2, 0, -1, -1]]
    assert (facts.n_pupils, facts.n_before_trial) == (1, 4)


def test_only_the_first_time_counts_for_ever(form: Form, practice: Form) -> None:
    (pupil,) = make_pupils(1)
    sat(form, [pupil], [[0, -3, 1]], at=NOW)
    sat(practice, [pupil], [[0, 1]], at=NOW + WEEK)
    sat(practice, [pupil], [[1, 1]], at=NOW + 2 * WEEK)
    sat(form, [pupil], [[1, 2, 1]], at=NOW + 3 * WEEK)
    codes, data, facts = gathered()
    # What was never reached on the first trial was not met: on the second one it is new.
    assert codes == [[0, -3, 1, 0, 1], [-1, 2, -1, -1, -1]]
    assert facts.n_repeated == 4
    assert (data.occasion.tolist(), data.before.tolist()) == ([1, 2], [-1, 0])
    assert data.weeks.tolist() == [0.0, 3.0]
    # Practised, met before or not, is practised.
    assert data.between.tolist() == [0, 4]


def test_after_a_hint_it_counts_as_not_solved(form: Form, practice: Form) -> None:
    (pupil,) = make_pupils(1)
    sat(form, [pupil], [[1, 1, 1]])
    sat(practice, [pupil], [[1, 1]], at=NOW + WEEK, hinted=True)
    codes, _, facts = gathered()
    assert codes == [[1, 1, 1, 0, 0]]
    assert facts.n_hinted == 2


def test_only_finished_sittings_of_the_subject_under_the_run(form: Form) -> None:
    pupils = make_pupils(3)
    sat(form, pupils[:1], [[1, 1, 1]])
    sat(form, pupils[1:2], [[0, 0, 0]], state=SittingState.VOIDED)
    other = ScoringRun.objects.create(rule_version="rules-0", parameter_version="other")
    versions = list(form.form_items.order_by("position").values_list("version_id", flat=True))
    bank = load_bank(current_run(now=NOW)).select(versions)
    scored_sittings(form, pupils[2:], [[0, 0, 0]], bank, run=other)
    assert gathered()[0] == [[1, 1, 1]]
    assert calibration_data("history", run=other, practice=True)[0].codes.shape == (0, 0)


def test_groups_are_what_is_known_of_pupils(form: Form) -> None:
    north = make_class(school=make_school(parent=make_region(name="Север")))
    south = make_class(school=make_school(parent=make_region(name="Југ")))
    sat(form, make_pupils(1, north), [[1, 1, 1]])
    sat(form, make_pupils(1, south), [[1, 1, 1]], time_percent=125)
    _, data, _ = gathered()
    assert {name: labels.tolist() for name, labels in data.groups.items()} == {
        "region": ["Север", "Југ"],
        "extra_time": ["usual", "extra"],
    }


def test_rows_come_in_blocks(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 2)
    written = [[number % 2, 0, 1] for number in range(5)]
    sat(form, make_pupils(5), written)
    assert gathered()[0] == written


def test_two_queries_more_or_less_whatever_the_number(
    form: Form, django_assert_max_num_queries: object
) -> None:
    sat(form, make_pupils(40), [[1, 1, 1]] * 40)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        calibration_data("mathematics", run=_run(), practice=True)


def _run() -> ScoringRun:
    return ScoringRun.objects.get()


def test_the_bank_knows_how_sure_it_was(form: Form) -> None:
    """Standard errors are those of the calibration that the run's parameters are from; guesses have none."""
    sat(form, make_pupils(1), [[1, 1, 1]])
    run = current_run(now=NOW)
    draft, never = make_draft(form, shift=0.5), make_draft(form, shift=-0.7)
    never.items.update(se_a=0.9, se_b=0.9)
    _, bank, _ = calibration_data("mathematics", run=run, practice=True)
    assert np.isnan(bank.se_b).all()
    assert bank.sources == ("assumed",) * 3
    assert bank.half_points.tolist() == [[0, 2, 0], [0, 1, 2], [0, 2, 0]]
    # The one that never came in force was decided last, and all items are known from somewhere.
    for calibration, decided_at in ((draft, NOW), (never, NOW + WEEK)):
        calibration.state, calibration.decided_at = "accepted", decided_at
        calibration.save()
    run.calibrations.update(source="calibrated")
    item = draft.items.all()[0]
    own = ItemCalibration.objects.filter(run=run, version_id=item.version_id)
    own.update(a=item.a, c=item.c, steps=item.steps)
    _, bank, _ = calibration_data("mathematics", run=run, practice=True)
    assert (bank.se_a.tolist()[0], bank.se_b.tolist()[0]) == (0.1, 0.1)
    assert np.isnan(bank.se_b[1:]).all()
    for other in ({"a": 9.0}, {"a": item.a, "c": 0.33}):
        own.update(**other)
        assert np.isnan(calibration_data("mathematics", run=run, practice=True)[1].se_b).all()
