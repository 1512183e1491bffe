"""Does a calibration that waits start a process of its own, and only one, and what if that dies?"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from examsite.calibrator import Calibrator
from scoring.actions.calibrate import request_calibration
from scoring.models import Calibration
from tests.factories.scoring import make_reference_form

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def calibrator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Calibrator]:
    """Its children work on the database of this test."""
    held = connection.settings_dict
    assert connection.vendor == "sqlite"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{held['NAME']}")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "examsite.settings_test")
    made = Calibrator()
    yield made
    made.stop()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "it did not happen within a minute"
        time.sleep(0.05)


def states() -> list[str]:
    return list(Calibration.objects.order_by("pk").values_list("state", flat=True))


def request(subject: str = "mathematics") -> Calibration:
    return request_calibration(subject=subject, settings={}, by=None, now=timezone.now())


def test_where_nothing_waits_nothing_is_started(calibrator: Calibrator) -> None:
    assert not calibrator.look(now=timezone.now())
    assert not calibrator.is_busy


def test_a_process_of_its_own_computes_what_waits(calibrator: Calibrator) -> None:
    make_reference_form()
    request()
    assert calibrator.look(now=timezone.now())
    assert not calibrator.look(now=timezone.now())
    wait_for(lambda: not calibrator.is_busy)
    # Nobody has sat anything, and that is what it says.
    assert Calibration.objects.values_list("state", "problem").get() == ("failed", "too_few_candidates")


def test_what_a_dead_process_left_is_computed_by_the_next(calibrator: Calibrator) -> None:
    make_reference_form()
    calibration = request()
    long_ago = timezone.now() - timedelta(minutes=5)
    Calibration.objects.filter(pk=calibration.pk).update(
        state="running", report={"tries": 1, "step": "fit", "at": long_ago.isoformat()}
    )
    assert calibrator.look(now=timezone.now())
    wait_for(lambda: states() == ["failed"])
    assert Calibration.objects.get().problem == "too_few_candidates"


def test_a_process_under_way_ends_with_the_worker(calibrator: Calibrator) -> None:
    calibrator._child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert calibrator.is_busy
    child = calibrator._child
    calibrator.stop()
    assert child.returncode is not None
    assert not calibrator.is_busy
