"""The loop that closes, seals and scores: by looking at the tables, and never dying of one bad round."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from exams.models import Sitting
from examsite import worker as module
from examsite.worker import Worker, work_once
from scoring.actions import parameters
from scoring.models import SittingScore
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def overdue(transactional_db: None) -> Sitting:
    group = make_class()
    make_pupil(group)
    make_administration([group])
    Sitting.objects.update(state="started", started_at=NOW, ends_at=NOW + timedelta(hours=1))
    return Sitting.objects.get()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "it did not happen within a minute"
        time.sleep(0.02)


def state() -> str:
    return Sitting.objects.values_list("state", flat=True).get()


def test_one_round_closes_seals_and_scores(overdue: Sitting) -> None:
    assert work_once(NOW) == 0
    assert work_once(NOW + timedelta(hours=2)) == 3
    assert state() == "sealed"
    assert SittingScore.objects.values_list("sitting", "final").get() == (overdue.pk, True)
    assert work_once(NOW + timedelta(hours=2)) == 0


def test_new_rules_are_scored_under_when_nothing_of_the_day_is_left(
    overdue: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + timedelta(hours=2)
    work_once(later)
    monkeypatch.setattr(parameters, "RULE_VERSION", "rules-later")
    assert [work_once(later + timedelta(minutes=1)) for _ in range(2)] == [1, 0]
    force = run_in_force()
    assert force is not None and force.rule_version == "rules-later"
    assert SittingScore.objects.filter(run=force).count() == 1


def test_a_round_gives_way_before_each_of_its_transactions(overdue: Sitting) -> None:
    seen: list[str] = []
    work_once(NOW + timedelta(days=1), lambda: seen.append(state()))
    # Before closing and after it, the same for the seal, then before the score.
    assert seen == ["started", "handed_in", "handed_in", "sealed", "sealed"]


def test_worker_looks_by_itself_and_stops_when_told(overdue: Sitting) -> None:
    Sitting.objects.update(ends_at=timezone.now() - timedelta(hours=1))
    worker = Worker()
    worker.start()
    wait_for(lambda: SittingScore.objects.filter(final=True).exists())
    worker.stop()
    assert state() == "sealed"
    assert not worker._thread.is_alive()


def test_hurry_up_wakes_it(overdue: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 3600.0)
    group = make_class()
    make_pupil(group)
    make_administration([group], form=overdue.form)
    other = Sitting.objects.exclude(pk=overdue.pk)
    Sitting.objects.filter(pk=overdue.pk).update(ends_at=timezone.now() - timedelta(hours=1))
    worker = Worker()
    worker.start()
    wait_for(lambda: Sitting.objects.get(pk=overdue.pk).state == "sealed")
    # The first round has passed the other sitting by, and without a call the next is an hour away.
    other.update(state="started", started_at=NOW, ends_at=timezone.now() - timedelta(hours=1))
    worker.hurry()
    wait_for(lambda: other.get().state == "sealed")
    worker.stop()


def test_failed_round_is_followed_by_another(
    overdue: Sitting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.05)
    Sitting.objects.update(ends_at=timezone.now() - timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exams_sittingevent RENAME TO elsewhere")
    worker = Worker()
    worker.start()
    wait_for(lambda: caplog.text.count("a round of work failed") >= 2)
    assert state() == "started"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO exams_sittingevent")
    wait_for(lambda: state() == "sealed")
    worker.stop()


def test_process_finishes_its_round_when_told_to_end(overdue: Sitting) -> None:
    Sitting.objects.update(ends_at=timezone.now() - timedelta(hours=1))
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--skip-checks"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "examsite.settings_test", "DATABASE_URL": _address()},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: state() == "sealed" or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, said) == (0, "")
    assert state() == "sealed"


def _address() -> str:
    """The test database as a URL, for another process."""
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    return f"postgres://{held['USER']}:{held['PASSWORD']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"


def test_data_folder_of_tests_goes_with_its_process(tmp_path: Path) -> None:
    program = (
        "from django.conf import settings;"
        "assert (settings.DATA_DIR / 'secrets.env').exists(); print(settings.DATA_DIR)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PROBA_DATA_DIR"}
    environment |= {"DJANGO_SETTINGS_MODULE": "examsite.settings_test", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(str(tmp_path / "proba-test-"))
    assert list(tmp_path.iterdir()) == []
    assert settings.DATA_DIR.exists()
