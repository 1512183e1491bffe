"""How is everything scored under another run, beside the one in force, while exams go on?

In small helpings that the worker takes when nothing of the day is left to do. What is missing under the run
is found by looking, so it may stop anywhere and go on later; when nothing is missing, what would change is
written down.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from scoring.actions.parameters import complete_parameters, current_run, next_run
from scoring.actions.score import score_sittings
from scoring.models import Calibration
from scoring.queries.calibration_difference import difference_between
from scoring.queries.runs import run_in_force


def rescore_accepted(
    *, now: datetime, give_way: Callable[[], None] = lambda: None, at_most: int | None = None
) -> int:
    """The next sittings under an accepted run; how many were scored. 0 when all are up to date.

    One that was accepted on other parameters than those in force now can never follow them: it rests.
    """
    accepted = Calibration.objects.filter(state=Calibration.State.ACCEPTED, base_run=run_in_force())
    for calibration in accepted.select_related("run", "base_run").order_by("decided_at", "pk"):
        moved = rescore(calibration, now=now, give_way=give_way, at_most=at_most)
        if moved:
            return moved
    return 0


def rescore_under_new_rules(
    *, now: datetime, give_way: Callable[[], None] = lambda: None, at_most: int | None = None
) -> int:
    """The next sittings under the run that follows one of older rules; how many. 0 where nothing follows.

    Once nothing is missing, `current_run` puts it in force.
    """
    run = run_in_force()
    follower = None if run is None else next_run(run)
    if follower is None:
        return 0
    moved = score_sittings(now=now, give_way=give_way, at_most=at_most, run=follower)
    current_run(now=now)
    return moved


def rescore(
    calibration: Calibration,
    *,
    now: datetime,
    give_way: Callable[[], None] = lambda: None,
    at_most: int | None = None,
) -> int:
    """Scores the next sittings under the calibration's run; how many. Resumable, idempotent.

    Once nothing is missing, `difference` says what the run would change, as of the first time that was so.
    """
    run = calibration.run
    if run is None:
        return 0
    complete_parameters(run)
    moved = score_sittings(now=now, give_way=give_way, at_most=at_most, run=run)
    if moved == 0 and not calibration.difference.get("finished_at"):
        found = difference_between(calibration, base=calibration.base_run, run=run)
        found["finished_at"] = now.isoformat()
        same = Calibration.objects.filter(pk=calibration.pk, state=Calibration.State.ACCEPTED)
        same.update(difference=found)
        calibration.difference = found
    return moved
