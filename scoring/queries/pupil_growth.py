"""How has one pupil grown in a subject, and what did they practise, as their teacher reads it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Person
from scoring.models import ScoringRun
from scoring.queries.class_practice import WEEKS, PupilPractice, practice_of_class
from scoring.queries.estimates import SubjectReading
from scoring.queries.history import HistoryPoint, history_of
from scoring.queries.practised import WeekPractice, practised_by_week

LOOK_BACK = WEEKS[-1]


@dataclass(frozen=True, slots=True)
class PupilGrowth:
    """`days`: after the last sitting of each day with enough known, in order. `lately`: the last `weeks`.

    `practised`: week by week, the latest first.
    """

    reading: SubjectReading
    days: tuple[HistoryPoint, ...]
    lately: PupilPractice
    weeks: int
    practised: tuple[WeekPractice, ...]


def growth_of(person: Person, reading: SubjectReading, *, run: ScoringRun, now: datetime) -> PupilGrowth:
    history = history_of(person, reading.subject, run=run)
    by_day = {timezone.localdate(point.at): point for point in history if point.enough}
    lately = practice_of_class([person], reading.subject, run=run, weeks=LOOK_BACK, now=now)
    return PupilGrowth(
        reading=reading,
        days=tuple(by_day.values()),
        lately=lately.rows[0],
        weeks=LOOK_BACK,
        practised=practised_by_week(person, reading.subject, run=run),
    )
