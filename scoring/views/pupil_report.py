"""What does a teacher see of one pupil?"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.actions.audit import record
from accounts.queries.people import class_of, get_pupil_for_teacher, signed_in
from scoring.queries.estimates import readings_of
from scoring.queries.pupil_growth import growth_of
from scoring.queries.results import results_of
from scoring.queries.runs import run_in_force


@never_cache
def pupil_page(request: HttpRequest, pupil: UUID) -> HttpResponse:
    """For the pupil's own teachers; that they looked is written down."""
    found = get_pupil_for_teacher(request.user, pupil)
    now = timezone.now()
    record(actor=signed_in(request.user), action="view_pupil", subject=found, at=now, place=request.path)
    run = run_in_force()
    finished = results_of(found, run=run, now=now)
    readings = readings_of(found, run=run, now=now)
    context = {
        "pupil": found,
        "class_group": class_of(found),
        "subjects": [growth_of(found, one, run=run, now=now) for one in readings] if run else [],
        "trials": [line for line in finished if line.sitting.form.purpose == "trial"],
        "practice": [line for line in finished if line.sitting.form.purpose == "practice"],
        "some_simulated": any(line.sitting.simulated for line in finished),
    }
    return render(request, "scoring/pupil_report.html", context)
