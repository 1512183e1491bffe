"""What does a pupil see first? The next thing to do, where they stand, and what came before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import Person
from scoring.queries.agenda import agenda_of
from scoring.queries.estimates import readings_of
from scoring.queries.results import results_of
from scoring.queries.runs import run_in_force


def pupil_home(person: Person, *, now: datetime) -> dict[str, Any]:
    """The context of home/pupil.html."""
    run = run_in_force()
    return {
        "agenda": agenda_of(person, run=run, now=now),
        "readings": readings_of(person, run=run),
        "results": results_of(person, run=run, now=now),
    }
