"""What does a pupil see first? The next thing to do, where they stand, and what came before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Person
from examsite import charts
from scoring.evidence_rule import EvidenceRule
from scoring.queries.agenda import agenda_of
from scoring.queries.estimates import SubjectReading, readings_of
from scoring.queries.results import results_of
from scoring.queries.runs import Difficulties, run_in_force


@dataclass(frozen=True, slots=True)
class StandRow:
    """One subject; without a `picture` while there is too little evidence to say anything."""

    reading: SubjectReading
    picture: charts.DotRow | None
    target_at: str


def pupil_home(person: Person, *, now: datetime) -> dict[str, Any]:
    """The context of home/pupil.html."""
    run = run_in_force()
    readings = readings_of(person, run=run, now=now)
    return {
        "agenda": agenda_of(person, run=run, now=now),
        "stand": stand_rows(readings),
        "difficulties": Difficulties.of_all(reading.difficulties for reading in readings if reading.enough),
        "least": EvidenceRule().least,
        "results": results_of(person, run=run, now=now),
    }


def stand_rows(readings: Sequence[SubjectReading]) -> list[StandRow]:
    """What can be said first, in the given order, then what cannot be said yet."""
    spoken = [one for one in readings if one.enough]
    return [_row(one) for one in spoken] + [
        StandRow(one, picture=None, target_at="") for one in readings if not one.enough
    ]


def _row(reading: SubjectReading) -> StandRow:
    drawn = {"label": reading.subject, "value": reading.mark, "low": reading.low, "high": reading.high}
    (picture,) = charts.dot_rows([drawn], 0, reading.maximum)
    target = reading.target
    return StandRow(
        reading=reading,
        picture=picture,
        target_at="" if target is None else charts.share_of(target.half_points, 0, reading.maximum),
    )
