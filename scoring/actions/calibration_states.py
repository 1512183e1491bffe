"""How does a calibration move from state to state, so that two people or processes cannot move it twice?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from scoring.errors import CalibrationRefused
from scoring.models import Calibration

State = Calibration.State
SILENT_FOR = timedelta(seconds=90)
"""After so long without a sign of life, the process that computed a calibration is taken for dead."""
TRIES = 2

MOVES: dict[str, frozenset[str]] = {
    State.QUEUED: frozenset({State.RUNNING}),
    State.RUNNING: frozenset({State.DRAFT, State.FAILED, State.QUEUED}),
    State.DRAFT: frozenset({State.ACCEPTED, State.REJECTED}),
    State.ACCEPTED: frozenset({State.IN_FORCE, State.REJECTED}),
    State.FAILED: frozenset(),
    State.REJECTED: frozenset(),
    State.IN_FORCE: frozenset(),
}


def move(calibration: Calibration, to: Calibration.State, **fields: Any) -> None:
    """One conditional UPDATE: whoever comes second is refused. Raises CalibrationRefused.

    `fields` are written with it; `calibration` is brought up to date. A running one is moved only by whoever
    reads the try that is under way: a process that was taken for dead and comes back has lost its own.
    """
    if to not in MOVES[calibration.state]:
        raise CalibrationRefused("state", f"a calibration cannot go from '{calibration.state}' to '{to}'")
    same = Calibration.objects.filter(pk=calibration.pk, state=calibration.state)
    if calibration.state == State.RUNNING and "tries" in calibration.report:
        same = same.filter(report__tries=calibration.report["tries"])
    if not same.update(state=to, **fields):
        raise CalibrationRefused("state", f"this calibration is no longer '{calibration.state}'")
    calibration.refresh_from_db()


def begin(calibration: Calibration, *, now: datetime) -> None:
    """A queued one runs, as this process's own; each try has its number. Raises CalibrationRefused."""
    tries = int(calibration.report.get("tries", 0)) + 1
    move(calibration, State.RUNNING, report=_life(tries, "begin", now))


def take_next(*, now: datetime) -> Calibration | None:
    """The calibration that has waited longest, now running and this process's own; None when none waits."""
    for waiting in Calibration.objects.filter(state=State.QUEUED).order_by("requested_at", "pk"):
        try:
            begin(waiting, now=now)
        except CalibrationRefused:
            continue
        return waiting
    return None


def sign_of_life(calibration_id: int, *, tries: int, step: str, now: datetime) -> None:
    """Says which step of that try is under way, and that somebody works on it; nothing once it is over."""
    running = Calibration.objects.filter(pk=calibration_id, state=State.RUNNING, report__tries=tries)
    running.update(report=_life(tries, step, now))


def revive(*, now: datetime) -> int:
    """What a dead process left behind is queued again once, then failed; how many moved."""
    moved = 0
    for calibration in Calibration.objects.filter(state=State.RUNNING):
        at = calibration.report.get("at")
        if at is not None and now - datetime.fromisoformat(at) <= SILENT_FOR:
            continue
        tries = int(calibration.report.get("tries", 1))
        try:
            if tries < TRIES:
                move(calibration, State.QUEUED, report={"tries": tries})
            else:
                move(calibration, State.FAILED, problem="process_died", finished_at=now)
        except CalibrationRefused:
            continue  # it has come to its end after all
        moved += 1
    return moved


def _life(tries: int, step: str, now: datetime) -> dict[str, Any]:
    return {"tries": tries, "step": step, "at": now.isoformat()}
