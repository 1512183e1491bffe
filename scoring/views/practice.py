"""What would be practised next and why, and the button that opens it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.queries.people import signed_in_pupil
from exams.queries.sittings import open_practice
from scoring.actions.practice import open_practice_set
from scoring.errors import NothingToPractise
from scoring.inputs import PracticeInput
from scoring.queries.practice import SIZES, first_suggestion, subjects_of
from scoring.queries.runs import run_in_force


@never_cache
@require_http_methods(["GET", "POST"])
def open_set(request: HttpRequest) -> HttpResponse:
    """GET shows the suggestion for a size; POST opens exactly that set, or the one left unfinished."""
    pupil = signed_in_pupil(request.user)
    now = timezone.now()
    subjects = subjects_of(pupil)
    given = PracticeInput(request.POST if request.method == "POST" else request.GET)
    subject, size = given.chosen(usual=next(iter(subjects), ""))
    if request.method == "POST":
        try:
            sitting = open_practice_set(person=pupil, subject=subject, now=now, size=size)
        except NothingToPractise:
            return HttpResponseRedirect(reverse("practice"))
        return HttpResponseRedirect(reverse("sit", args=[sitting.public_id]))
    unfinished = open_practice(pupil)
    suggestion = None
    if unfinished is None:
        run = run_in_force()
        wanted = [subject] if given.names_a_subject else subjects
        suggestion = first_suggestion(pupil, wanted, run=run, now=now, size=size)
        subject = suggestion.subject if suggestion else subject
    context = {
        "subject": subject,
        "subjects": subjects,
        "size": size,
        "sizes": SIZES,
        "unfinished": unfinished,
        "suggestion": suggestion,
    }
    return render(request, "scoring/practice.html", context)
