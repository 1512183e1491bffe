"""What does a ministry analyst see of the country?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.errors import AccessDenied
from accounts.models import Organization
from accounts.permissions import analyses
from accounts.queries.people import signed_in
from exams.views.language import reader_language
from scoring.queries.item_bank import reference_bank
from scoring.queries.national_results import (
    THRESHOLD,
    PlaceResults,
    ScoredPupil,
    coverage_by_region,
    domain_shares,
    expected_by_theta,
    organizations,
    results_by_region,
    results_by_school,
    scored_pupils,
)
from scoring.queries.runs import Difficulties, difficulties_in, run_in_force
from scoring.reference import reference_data
from scoring.views.charts import country_charts


@never_cache
def country_page(request: HttpRequest) -> HttpResponse:
    """Coverage, then expected points, levels and domains; ?region=… adds its schools, ?subject=… the test."""
    if not analyses(signed_in(request.user)):
        raise AccessDenied
    subjects = list(reference_data().subjects)
    subject = request.GET.get("subject", "")
    subject = subject if subject in subjects else subjects[0]
    places = organizations()
    context: dict[str, Any] = {
        "subject": subject,
        "subjects": subjects,
        "coverage": coverage_by_region(subject, places),
        "threshold": THRESHOLD,
        "levels_provisional": reference_data().levels.provisional,
    }
    run = run_in_force()
    reference = reference_bank(subject, run) if run else None
    pupils = scored_pupils(subject, run) if run else []
    if run is None or reference is None or not pupils:
        return render(request, "scoring/ministry_report.html", context)
    score_by_theta = expected_by_theta(reference)
    regions = results_by_region(pupils, places, score_by_theta)
    chosen = _chosen(request.GET.get("region", ""), places)
    difficulties = difficulties_in(run, subject)
    context |= {
        "assumed": difficulties is not Difficulties.MEASURED,
        "difficulties": difficulties,
        "n_provisional": sum(not pupil.final for pupil in pupils),
        "n_pending": sum(pupil.pending_half_points > 0 for pupil in pupils),
        "n_simulated": sum(pupil.simulated for pupil in pupils),
        "n_scored": len(pupils),
        "regions": regions,
        "region": chosen,
        "schools": _schools(pupils, places, score_by_theta, regions, chosen),
        "maximum": int(reference.category_half_points.max(axis=1).sum()) // 2,
        "domains": domain_shares(subject, run, language=reader_language()),
    }
    return render(request, "scoring/ministry_report.html", context | country_charts(context))


def _chosen(wanted: str, places: Mapping[int, Organization]) -> Organization | None:
    return next(
        (place for place in places.values() if place.kind == "region" and str(place.public_id) == wanted),
        None,
    )


def _schools(
    pupils: Sequence[ScoredPupil],
    places: Mapping[int, Organization],
    score_by_theta: Any,
    regions: PlaceResults,
    region: Organization | None,
) -> PlaceResults | None:
    """None without a region, and for a hidden one: its schools would add up to it."""
    if region is None or region not in [row.place for row in regions.shown]:
        return None
    return results_by_school(pupils, places, score_by_theta, region=region)
