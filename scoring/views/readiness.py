"""How do we know where a pupil stands? The page behind every readiness band."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.queries.people import signed_in_pupil
from scoring.queries.explanation import explanations_of
from scoring.queries.runs import run_in_force


@never_cache
def how_we_know(request: HttpRequest) -> HttpResponse:
    pupil = signed_in_pupil(request.user)
    return render(request, "scoring/readiness.html", {"subjects": explanations_of(pupil, run=run_in_force())})
