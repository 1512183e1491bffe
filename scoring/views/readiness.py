"""How do we know where a pupil stands? The page behind every readiness band."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.models import Person
from accounts.queries.people import signed_in_pupil
from scoring.domains import VerdictRule
from scoring.evidence_rule import EvidenceRule
from scoring.histogram import histogram
from scoring.inputs import SubjectInput, TargetInput
from scoring.queries.estimates import SubjectReading, evidence_of, readings_of
from scoring.queries.runs import run_in_force


@never_cache
def how_we_know(request: HttpRequest) -> HttpResponse:
    """One subject at a time: the one in the address, else the first of which something is known."""
    return readiness_page(request, signed_in_pupil(request.user), SubjectInput(request.GET).named)


def readiness_page(
    request: HttpRequest, pupil: Person, named: str, *, target_input: TargetInput | None = None
) -> HttpResponse:
    """`target_input`: what was mistyped, to be shown again beside what is wrong with it."""
    run = run_in_force()
    now = timezone.now()
    readings = readings_of(pupil, run=run, now=now)
    reading = next((one for one in readings if one.subject == named), None) or _first(readings)
    if reading is None or run is None:
        return render(request, "scoring/readiness.html", {"reading": None, "least": EvidenceRule().least})
    domains = {row.domain.code: row.domain for row in reading.domains}
    context = {
        "subject": reading.subject,
        "subjects": [one.subject for one in readings],
        "reading": reading,
        "picture": histogram(reading.points, reading.low, reading.high),
        "gains": [(domains[gain.domain], gain.half_points) for gain in reading.changes],
        "evidence": evidence_of(pupil, reading.subject, run=run),
        "rule": VerdictRule(),
        "today": now,
        "assumed_growth": not run.dynamics,
        "target_input": target_input or _target_input(reading),
    }
    return render(request, "scoring/readiness.html", context)


def _first(readings: list[SubjectReading]) -> SubjectReading | None:
    return next((one for one in readings if one.enough), readings[0] if readings else None)


def _target_input(reading: SubjectReading) -> TargetInput:
    initial = {} if reading.target is None else {"points": reading.target.half_points // 2}
    return TargetInput(most=reading.maximum // 2, initial=initial)
