"""Does a whole rehearsal run green against a real server, and is a server that loses something caught?"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organization
from exams.models import Sitting
from examsite.rehearsal.cards_file import read_cards
from tests.conftest import ROOT

TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'exams_responseevent'"
COMMAND = [sys.executable, "manage.py", "rehearse", "--pupils", "20", "--minutes", "0.05", "--json"]


def begin(folder: Path, *more: str, url: str = "") -> subprocess.Popen[str]:
    # What this process has set for itself must not reach the rehearsal.
    ours = ("DATABASE_URL", "REDIS_URL", "EMBEDDED_WORKER")
    own = {name: value for name, value in os.environ.items() if name not in ours}
    own["PROBA_DATA_DIR"] = str(folder)
    return subprocess.Popen(
        [*COMMAND, "--data", str(folder / "world"), *more],
        cwd=ROOT,
        env=own | ({"DATABASE_URL": url} if url else {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(rehearsal: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    printed, words = rehearsal.communicate(timeout=120)
    assert printed, words
    return rehearsal.returncode, json.loads(printed)


def assert_whole(report: dict[str, Any]) -> None:
    assert report["ok"], report
    assert (report["pupils"], report["lost"], report["receipts_compared"]) == (20, 0, 20)
    assert report["acknowledged_answers"] >= 20 * 40
    assert report["events_in_journal"] > report["acknowledged_answers"]
    assert report["drops_per_pupil"] >= 2
    assert report["speed_up"] == 2_400
    assert {"sign-in", "open", "start", "save", "hand-in"} <= set(report["latency_ms"])
    assert report["cpu"]["server_seconds"] > 0


def test_rehearsal_with_a_server_that_is_killed(tmp_path: Path) -> None:
    status, report = end(begin(tmp_path, "--fault", "kill-app:at=3", "--fault", "drop:share=0.1"))
    assert_whole(report)
    assert (status, report["server_restarts"]) == (0, 1)


def test_rehearsal_on_postgres(tmp_path: Path, postgres_database: str) -> None:
    status, report = end(begin(tmp_path, url=postgres_database))
    assert_whole(report)
    assert status == 0


def test_server_that_changes_what_it_acknowledged_is_caught(tmp_path: Path) -> None:
    rehearsal = begin(tmp_path)
    try:
        spoil_one_sealed_sitting(tmp_path / "world" / "proba.sqlite3")
    finally:
        status, report = end(rehearsal)
    assert status == 1
    assert not report["ok"]
    assert report["lost"] > 0
    assert report["lost_by_road"]["journal"] == report["lost"]


def spoil_one_sealed_sitting(database: Path) -> None:
    """What a database on a bad disk might do: the row is there, and says something else."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        time.sleep(0.05)
        if not database.exists():
            continue
        with closing(sqlite3.connect(database, timeout=20)) as db:
            try:
                found = db.execute("SELECT id FROM exams_sitting WHERE state = 'sealed' LIMIT 1").fetchone()
            except sqlite3.OperationalError:
                continue  # no tables yet
            if found is None:
                continue
            for (name,) in db.execute(TRIGGERS).fetchall():
                db.execute(f'DROP TRIGGER "{name}"')
            db.execute(
                "UPDATE exams_responseevent SET body = replace(body, '\"value\":', '\"valve\":')"
                " WHERE kind = 'response' AND sitting_id = ?",
                found,
            )
            db.commit()
            return
    raise AssertionError("no sitting was sealed")


@pytest.mark.django_db(transaction=True)
def test_world_has_classes_of_thirty_and_a_card_for_everybody(tmp_path: Path) -> None:
    file = tmp_path / "cards.txt"
    call_command("rehearse", "--pupils", "45", "--world", str(file))
    pupils = read_cards(file)
    sittings = {str(found) for found in Sitting.objects.values_list("public_id", flat=True)}
    assert {pupil.sitting for pupil in pupils} == sittings
    assert len({pupil.code for pupil in pupils}) == 45
    school = Organization.objects.get(kind="school")
    assert sorted(group.enrollments.count() for group in school.class_groups.all()) == [15, 30]
    call_command("rehearse", "--pupils", "5", "--world", str(file))
    assert Sitting.objects.count() == 50, "a rehearsal's database may be used again"


@pytest.mark.django_db(transaction=True)
def test_database_with_anybody_else_in_it_is_left_alone(tmp_path: Path) -> None:
    Organization.objects.create(kind="school", name="Rehearsal Street School")
    with pytest.raises(CommandError, match="more than a rehearsal"):
        call_command("rehearse", "--pupils", "5", "--world", str(tmp_path / "cards.txt"))
    assert Organization.objects.count() == 1
    assert not Sitting.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--pupils", "0"], "at least one"),
        (["--fault", "earthquake"], "no fault"),
        (["--server", "http://127.0.0.1:9"], "--cards"),
        (["--server", "http://192.0.2.7", "--cards", "cards.txt"], "not this machine"),
        (["--server", "https://127.0.0.1", "--cards", "cards.txt"], "is an address like"),
        (["--server", "http://127.0.0.1:9", "--cards", "nowhere.txt"], "No such file"),
        (["--server", "http://127.0.0.1:9", "--cards", "cards.txt", "--fault", "kill-app"], "starts itself"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused(arguments: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("rehearse", *arguments)
