"""What does a teacher see of a class's practice?"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.name_order import name_key
from accounts.queries.people import get_class_for_teacher, pupils_of
from exams.views.language import reads_latin
from scoring.queries.class_practice import USUAL_WEEKS, WEEKS, practice_of_class, practised_subjects
from scoring.queries.runs import run_in_force
from scoring.reference import reference_data


@never_cache
def practice_page(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """Who practised, what, and whether it helped; ?weeks=… for another time, ?subject=… for another test."""
    own_class = get_class_for_teacher(request.user, class_group)
    latin = reads_latin()
    pupils = sorted(
        pupils_of(own_class), key=lambda one: name_key(one.family_name, one.given_name, latin=latin)
    )
    now = timezone.now()
    asked = request.GET.get("weeks", "")
    weeks = int(asked) if asked in map(str, WEEKS) else USUAL_WEEKS
    subjects = list(reference_data().subjects)
    practised = practised_subjects(pupils, weeks=weeks, now=now)
    subject = request.GET.get("subject", "")
    subject = subject if subject in subjects else next(iter(practised), subjects[0])
    context = {
        "class_group": own_class,
        "pupils": pupils,
        "practice": practice_of_class(pupils, subject, run=run_in_force(), weeks=weeks, now=now),
        "weeks_on_offer": WEEKS,
        "usual_weeks": USUAL_WEEKS,
        "subjects": subjects,
        "practised": practised,
    }
    return render(request, "scoring/class_practice.html", context)
