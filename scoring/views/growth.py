"""How has a pupil's readiness moved over the weeks, and what did they practise?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.queries.people import signed_in_pupil
from scoring.evidence_rule import EvidenceRule
from scoring.growth_picture import Stand, change, picture
from scoring.inputs import SubjectInput
from scoring.queries.estimates import readings_of
from scoring.queries.history import HistoryPoint, history_of
from scoring.queries.practised import practised_by_week
from scoring.queries.results import results_of
from scoring.queries.runs import run_in_force


@never_cache
def growth(request: HttpRequest) -> HttpResponse:
    pupil = signed_in_pupil(request.user)
    run = run_in_force()
    now = timezone.now()
    readings = {reading.subject: reading for reading in readings_of(pupil, run=run, now=now)}
    subjects = list(readings)
    named = SubjectInput(request.GET).named
    reading = readings.get(named) or next(iter(readings.values()), None)
    if reading is None or run is None:
        empty = {"reading": None, "subjects": subjects, "least": EvidenceRule().least}
        return render(request, "scoring/growth.html", empty)
    released = {
        line.sitting.public_id: line.sitting for line in results_of(pupil, run=run, now=now) if line.released
    }
    history = tuple(
        point for point in history_of(pupil, reading.subject, run=run) if point.sitting in released
    )
    stands = [_stand(point) for point in _last_of_each_day(history)]
    context = {
        "subject": reading.subject,
        "subjects": subjects,
        "reading": reading,
        "history": [(point, released[point.sitting]) for point in history],
        "change": change(stands),
        "first": stands[0] if stands else None,
        "picture": picture(stands, reading.maximum) if len(stands) > 1 else None,
        "assumed_growth": not run.dynamics,
        "weeks": practised_by_week(pupil, reading.subject, run=run),
    }
    return render(request, "scoring/growth.html", context)


def _last_of_each_day(history: tuple[HistoryPoint, ...]) -> list[HistoryPoint]:
    """Of the sittings after which enough was known, the last of every day."""
    by_day = {timezone.localdate(point.at): point for point in history if point.enough}
    return list(by_day.values())


def _stand(point: HistoryPoint) -> Stand:
    return Stand(
        day=timezone.localdate(point.at),
        low=point.after.low,
        expected=point.after.expected,
        high=point.after.high,
        trial=point.purpose == "trial",
    )
