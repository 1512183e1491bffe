"""Does the command do what it says, to whoever types it and to the worker?"""

from __future__ import annotations

import io

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from exams.models import Form
from scoring.actions.calibrate import request_calibration
from scoring.actions.parameters import current_run
from scoring.models import Calibration
from scoring.queries.item_bank import load_bank
from tests.factories.accounts import NOW
from tests.factories.calibration import make_draft, make_pupils, simulate_trial, true_parameters
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form() -> Form:
    form = make_reference_form(REFERENCE_ITEMS)
    versions = list(form.form_items.order_by("position").values_list("version_id", flat=True))
    truth = true_parameters(load_bank(current_run(now=NOW)).select(versions))
    theta = np.random.default_rng(1).standard_normal(120)
    simulate_trial(form, make_pupils(120), theta, truth=truth)
    return form


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("calibrate", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_a_subject_becomes_a_draft(form: Form) -> None:
    told = said("--subject", "mathematics", "--wanted", "100")
    calibration = Calibration.objects.get()
    assert told == (
        f"mathematics: draft {calibration.public_id}. 120 pupils, 1200 responses, 10 items calibrated, "
        "0 pretest, 0 keep what they have.\n"
    )
    assert (calibration.state, calibration.requested_by) == ("draft", None)
    assert calibration.settings == {"wanted": 100, "practice": False, "scale": "linked", "dynamics": False}


def test_practice_counts_only_where_it_is_asked_for(form: Form) -> None:
    said("--subject", "mathematics", "--wanted", "100", "--practice")
    assert Calibration.objects.get().settings["practice"] is True


def test_what_cannot_be_computed_is_said(form: Form) -> None:
    told = said("--subject", "mathematics", "--wanted", "500")
    assert told == "mathematics: failed, too_few_items.\nNothing was changed.\n"


def test_all_that_wait_are_computed(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.nice", lambda by: 0)  # the tests themselves need not give way
    for subject in ("mathematics", "physics"):
        request_calibration(subject=subject, settings={"wanted": 100}, by=None, now=NOW)
    said("--queued")
    assert dict(Calibration.objects.values_list("subject", "state")) == {
        "mathematics": "draft", "physics": "failed",
    }  # fmt: skip


def test_one_is_computed_by_its_id_and_only_once(form: Form) -> None:
    waiting = request_calibration(subject="mathematics", settings={"wanted": 100}, by=None, now=NOW)
    assert "10 items calibrated" in said("--draft", str(waiting.public_id))
    with pytest.raises(CommandError, match="cannot go from 'draft' to 'running'"):
        said("--draft", str(waiting.public_id))


def test_how_abilities_change_is_told_and_not_written(form: Form) -> None:
    told = said("--dynamics")
    assert told.startswith("Only 0 have come back; those of the run are the better guess:\n")
    assert "drift_per_week" in told
    assert "Chance alone chose what 0 practised, too few; of practice the run's own:\n" in told
    assert "version          assumed-1\n" in told
    assert "0.6              0.01500 0.01500\n" in told
    assert "standard_sd      0.35\nNothing was changed" in told
    assert not Calibration.objects.exists()


def test_what_to_do_has_to_be_said(form: Form) -> None:
    with pytest.raises(CommandError, match="Say what"):
        said()
    with pytest.raises(CommandError, match="no calibration"):
        said("--draft", "00000000-0000-4000-8000-000000000000")
    with pytest.raises(CommandError, match="cannot calibrate with"):
        said("--subject", "mathematics", "--wanted", "5")


def test_a_second_one_of_a_subject_waits_for_the_first(form: Form) -> None:
    make_draft(form, state="running")
    with pytest.raises(CommandError, match="under way already"):
        said("--subject", "mathematics")
