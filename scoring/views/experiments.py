"""Where does a ministry analyst set up, approve, begin, stop and read an experiment?"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import AccessDenied
from accounts.models import Person
from accounts.permissions import analyses
from accounts.queries.people import signed_in
from exams.actions.experiments import (
    MAX_SEED,
    approve_experiment,
    begin_experiment,
    draft_experiment,
    stop_experiment,
)
from exams.enums import ExperimentState
from exams.errors import ExperimentRefused
from exams.models import Experiment
from exams.queries.experiments import (
    SchoolChoice,
    all_experiments,
    busy_classes,
    find_experiment,
    place_key,
    pupils_in_reach,
    schools_to_choose_from,
)
from exams.views.language import reads_latin
from scoring.experiment_analysis import Difference
from scoring.queries.experiment_results import results_of_experiment
from scoring.queries.national_results import THRESHOLD
from scoring.queries.runs import run_in_force
from scoring.reference import reference_data
from scoring.templatetags.experiment_words import OVER
from scoring.views.experiment_inputs import ApprovalInput, ExperimentInput

USUAL_WEEKS = 6


@never_cache
def experiments(request: HttpRequest) -> HttpResponse:
    """Every experiment, and whether one runs: mostly none does, and that is said first."""
    _analyst(request)
    now = timezone.now()
    rows = list(all_experiments())
    return render(
        request,
        "scoring/experiments/list.html",
        {
            "experiments": [(one, _state(one, now)) for one in rows],
            "running": [one for one in rows if _state(one, now) == ExperimentState.RUNNING],
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_experiment(request: HttpRequest) -> HttpResponse:
    """Writes a draft; nothing happens to any pupil by it."""
    analyst = _analyst(request)
    schools = schools_to_choose_from(latin=reads_latin())
    today = timezone.localdate()
    if request.method != "POST":
        usual = {"ends_on": today + timedelta(weeks=USUAL_WEEKS)}
        return _new_page(request, ExperimentInput(schools=schools, today=today, initial=usual), schools)
    typed = ExperimentInput(request.POST, schools=schools, today=today)
    if not typed.is_valid():
        return _new_page(request, typed, schools)
    said = typed.cleaned_data
    experiment = draft_experiment(
        title=said["title"],
        aim=said["aim"],
        subject=said["subject"],
        policies=(said["policy_a"], said["policy_b"]),
        class_groups=[
            group
            for choice in schools
            if str(choice.school.public_id) in said["schools"]
            for group in choice.class_groups
        ],
        ends_at=_end_of(said["ends_on"]),
        seed=secrets.randbelow(MAX_SEED + 1),
        actor=analyst,
        now=timezone.now(),
    )
    messages.success(request, _("The draft is written down. Nothing runs before it is approved and begun."))
    return _to(experiment)


@never_cache
def experiment(request: HttpRequest, experiment: UUID) -> HttpResponse:
    """What is compared, where it stands, the next step, and what came out once it is over."""
    _analyst(request)
    return _page(request, _found(experiment), ApprovalInput(today=timezone.localdate()))


@never_cache
@require_POST
def approve(request: HttpRequest, experiment: UUID) -> HttpResponse:
    analyst = _analyst(request)
    found = _found(experiment)
    typed = ApprovalInput(request.POST, today=timezone.localdate())
    if not typed.is_valid():
        return _page(request, found, typed)
    return _step(
        request,
        found,
        lambda now: approve_experiment(experiment=found, actor=analyst, now=now, **typed.cleaned_data),
        _("The approval is recorded. The experiment can begin."),
    )


@never_cache
@require_POST
def begin(request: HttpRequest, experiment: UUID) -> HttpResponse:
    analyst = _analyst(request)
    found = _found(experiment)
    return _step(
        request,
        found,
        lambda now: begin_experiment(
            experiment=found, actor=analyst, now=now, only_who_chose=_only_who_chose(found)
        ),
        _("The experiment runs: each pupil's next practice set follows the rule they were drawn to."),
    )


@never_cache
@require_POST
def stop(request: HttpRequest, experiment: UUID) -> HttpResponse:
    analyst = _analyst(request)
    found = _found(experiment)
    return _step(
        request,
        found,
        lambda now: stop_experiment(experiment=found, actor=analyst, now=now),
        _("The experiment has ended: from the next set on everybody practises under the ordinary rule."),
    )


def _analyst(request: HttpRequest) -> Person:
    person = signed_in(request.user)
    if not analyses(person):
        raise AccessDenied
    return person


def _found(public_id: UUID) -> Experiment:
    found = find_experiment(public_id)
    if found is None:
        raise AccessDenied
    return found


def _step(
    request: HttpRequest, found: Experiment, take: Callable[[datetime], Experiment], done: str
) -> HttpResponse:
    try:
        take(timezone.now())
    except ExperimentRefused:
        # The page it leads to shows the state it is really in, and what stands in the way.
        messages.error(request, _("Nothing was changed: this step cannot be taken now."))
    else:
        messages.success(request, done)
    return _to(found)


def _new_page(request: HttpRequest, typed: ExperimentInput, schools: Sequence[SchoolChoice]) -> HttpResponse:
    chosen = set(typed["schools"].value() or [])
    regions = [
        (region, [(one, str(one.school.public_id) in chosen) for one in own])
        for region, own in groupby(schools, key=lambda one: one.school.parent)
    ]
    status = 422 if typed.is_bound else 200
    context = {"input": typed, "regions": regions}
    return render(request, "scoring/experiments/new.html", context, status=status)


def _page(request: HttpRequest, found: Experiment, typed: ApprovalInput) -> HttpResponse:
    now = timezone.now()
    run = run_in_force()
    begun = found.state in (ExperimentState.RUNNING, ExperimentState.STOPPED)
    results = results_of_experiment(found, run=run, now=now) if begun and run else None
    context: dict[str, Any] = {
        "experiment": found,
        "aim": found.aim,
        "schools": _schools(found),
        "n_pupils": pupils_in_reach(found, only_who_chose=_only_who_chose(found)),
        "state": _state(found, now),
        "over": _is_over(found, now),
        "busy": list(busy_classes(found, now)) if found.state == ExperimentState.APPROVED else [],
        "results": results,
        "chart": _chart(results.comparison.difference) if results and results.comparison else None,
        "threshold": THRESHOLD,
        "input": typed,
    }
    status = 422 if typed.is_bound else 200
    return render(request, "scoring/experiments/page.html", context, status=status)


def _chart(difference: Difference | None) -> dict[str, Any] | None:
    """The scale is the same on both sides of no difference, and whole."""
    if difference is None:
        return None
    reach = math.ceil(max(abs(difference.low), abs(difference.high), 1))
    row = {
        "label": _("B less A"),
        "value": difference.value,
        "low": difference.low,
        "high": difference.high,
    }
    return {"rows": [row], "low": -reach, "high": reach}


def _schools(found: Experiment) -> list[tuple[Any, list[Any]]]:
    latin = reads_latin()
    groups = sorted(
        found.class_groups.all(),
        key=lambda one: (place_key(one.school, latin=latin), one.school_id, one.name),
    )
    return [(school, list(own)) for school, own in groupby(groups, key=lambda one: one.school)]


def _state(found: Experiment, now: datetime) -> str:
    """As people read it: whose end is over runs no more, closed or not."""
    return OVER if found.state == ExperimentState.RUNNING and _is_over(found, now) else found.state


def _is_over(found: Experiment, now: datetime) -> bool:
    return found.ends_at is not None and found.ends_at <= now


def _only_who_chose(found: Experiment) -> bool:
    return reference_data().subjects[found.subject].is_chosen


def _end_of(day: date) -> datetime:
    """The first moment of the day after, by the country's clock."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _to(found: Experiment) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("experiment", args=[found.public_id]))
