"""What came of a sitting: the page for its pupil, and for the pupil's teacher."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.actions.audit import record
from exams.enums import SittingState
from exams.queries.access import get_sitting_for_reader
from exams.queries.receipts import receipt_of
from exams.queries.sittings import results_released
from exams.views.language import reader_language
from scoring.queries.results import sitting_report
from scoring.queries.runs import run_in_force

REFRESH_SECONDS = 3


@never_cache
def sitting_result(request: HttpRequest, sitting: UUID) -> HttpResponse:
    """Points and solutions once they are released and counted; until then, when they come.

    A member of staff who looks leaves an audit row, whatever the page could show.
    """
    sat = get_sitting_for_reader(request.user, sitting)
    now = timezone.now()
    own = sat.candidate_id == request.user.pk
    if not own:
        record(
            actor=request.user,  # type: ignore[arg-type]
            action="view_result",
            subject=sat.candidate,
            at=now,
            place=request.path,
            detail={"sitting": str(sat.public_id)},
        )
    if own and sat.state in (SittingState.READY, SittingState.STARTED):
        return HttpResponseRedirect(reverse("sit", args=[sat.public_id]))
    context: dict[str, Any] = {"sitting": sat, "own": own, "receipt": receipt_of(sat)}
    if not results_released(sat, now=now):
        return render(request, "scoring/result_later.html", context)
    report = sitting_report(sat, run=run_in_force(), language=reader_language())
    if report is None:
        response = render(request, "scoring/result_counting.html", context)
        # A header and not a meta element: it does the same, and assistive technology is not thrown about.
        response["Refresh"] = str(REFRESH_SECONDS)
        return response
    return render(request, "scoring/result.html", context | {"report": report})
