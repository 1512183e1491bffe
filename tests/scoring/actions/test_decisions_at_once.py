"""Does a second person's decision wait for the first one's, and then see what has come of it?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections, transaction

from accounts.models import Person
from exams.models import Form
from scoring.actions.calibrate import request_calibration
from scoring.actions.calibration_decisions import accept, go_back, put_in_force
from scoring.actions.parameters import current_run
from scoring.actions.rescore import rescore
from scoring.errors import CalibrationRefused
from scoring.models import Calibration
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW
from tests.factories.calibration import make_draft, make_psychometrician
from tests.factories.scoring import make_reference_form

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def form() -> Form:
    return make_reference_form()


@pytest.fixture
def person() -> Person:
    return make_psychometrician()


def at_once(first: Callable[[], object], second: Callable[[], object]) -> str:
    """What the second is refused with, "" if nothing; it begins before the first is committed."""
    outcome: list[str] = []

    def come_second() -> None:
        try:
            second()
            outcome.append("")
        except CalibrationRefused as refused:
            outcome.append(refused.code)
        finally:
            connections.close_all()

    thread = threading.Thread(target=come_second)
    with transaction.atomic():
        first()
        thread.start()
        thread.join(timeout=0.5)  # time enough to be done, for one that does not wait
    thread.join()
    return outcome[0]


def test_two_ask_for_the_same_subject(form: Form) -> None:
    current_run(now=NOW)

    def ask() -> None:
        request_calibration(subject="mathematics", settings={}, by=None, now=NOW)

    assert at_once(ask, ask) == "under_way"
    assert Calibration.objects.count() == 1


def test_two_accept_each_their_own(form: Form, person: Person) -> None:
    one, other = make_draft(form), make_draft(form, shift=0.2)
    code = at_once(
        lambda: accept(calibration=one, by=person, reason="fits", now=NOW),
        lambda: accept(calibration=other, by=person, reason="fits", now=NOW),
    )
    assert code == "another"
    other.refresh_from_db()
    assert other.state == "draft"


def test_one_puts_in_force_and_another_goes_back(form: Form, person: Person) -> None:
    """Whoever goes back sees that there is something to go back from."""
    draft = make_draft(form)
    accept(calibration=draft, by=person, reason="fits", now=NOW)
    rescore(draft, now=NOW)
    base = draft.base_run
    code = at_once(
        lambda: put_in_force(calibration=draft, by=person, reason="now", now=LATER),
        lambda: go_back(run=base, by=person, reason="no", now=LATER + timedelta(minutes=1)),
    )
    assert (code, run_in_force()) == ("", base)
