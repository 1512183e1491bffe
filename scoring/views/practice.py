"""What could be practised next and why, and the buttons that open it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.queries.people import signed_in_pupil
from exams.enums import PracticeKind
from exams.queries.experiments import running_assignment
from exams.queries.sittings import open_practice
from scoring.actions.practice import open_practice_set
from scoring.errors import NothingToPractise
from scoring.inputs import PracticeInput
from scoring.queries.agenda import first_offers
from scoring.queries.pocket import pockets_of
from scoring.queries.practice import subjects_of
from scoring.queries.runs import run_in_force


@never_cache
@require_http_methods(["GET", "POST"])
def open_set(request: HttpRequest) -> HttpResponse:
    """GET shows what is offered; POST opens exactly that set, or the one left unfinished."""
    pupil = signed_in_pupil(request.user)
    if request.method == "POST":
        return _opened(request, pupil)
    unfinished = open_practice(pupil)
    if unfinished is not None:
        return render(request, "scoring/practice.html", {"unfinished": unfinished})
    subjects = subjects_of(pupil)
    named = PracticeInput(request.GET).named
    wanted = [named] if named else subjects
    now = timezone.now()
    subject, offers = first_offers(pupil, wanted, run=run_in_force(), now=now)
    subject = subject or next(iter(wanted), "")
    folded = (PracticeKind.DOMAIN, PracticeKind.STANDARD)
    context = {
        "subject": subject,
        "subjects": subjects,
        "offers": offers,
        "others": [offer for offer in offers[1:] if offer.kind not in folded],
        "domains": [offer for offer in offers[1:] if offer.kind == PracticeKind.DOMAIN],
        "standards": [offer for offer in offers[1:] if offer.kind == PracticeKind.STANDARD],
        "pocket": pockets_of(pupil).get(subject),
        "compared": running_assignment(pupil, subject, now),
    }
    return render(request, "scoring/practice.html", context)


def _opened(request: HttpRequest, pupil: Person) -> HttpResponse:
    subjects = subjects_of(pupil)
    subject, kind, focus = PracticeInput(request.POST).chosen(usual=next(iter(subjects), ""))
    try:
        sitting = open_practice_set(person=pupil, subject=subject, now=timezone.now(), kind=kind, focus=focus)
    except NothingToPractise:
        messages.info(
            request, _("Of this kind there is nothing to practise right now. Here is what there is.")
        )
        return HttpResponseRedirect(reverse("practice") + (f"?subject={subject}" if subject else ""))
    return HttpResponseRedirect(reverse("sit", args=[sitting.public_id]))
