"""Is a rehearsal green while its server is killed, and is a server that loses something caught?"""

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
