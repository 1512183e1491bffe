"""What does a psychometrician decide, and what is said of it? Each step leads back to its own page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.queries.people import signed_in_psychometrician
from scoring.actions.calibrate import LEAST_WANTED, MOST_WANTED, SCALES, request_calibration
from scoring.actions.calibration_decisions import (
    accept,
    go_back,
    include_items,
    put_in_force,
    reject,
    withdraw,
)
from scoring.errors import CalibrationRefused
from scoring.models import Calibration
from scoring.queries.calibrations import get_calibration, get_run
from scoring.reference import reference_data
from scoring.templatetags.calibration_words import refused_word


class RequestInput(forms.Form):
    """What is to be calibrated, and how."""

    subject = forms.ChoiceField(choices=lambda: [(one, one) for one in reference_data().subjects])
    wanted = forms.IntegerField(
        min_value=LEAST_WANTED,
        max_value=MOST_WANTED,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("Write how many responses an item needs: a whole number from 100 to 2000."),
        ),
    )
    scale = forms.ChoiceField(choices=[(scale, scale) for scale in SCALES])
    practice = forms.BooleanField(required=False)
    dynamics = forms.BooleanField(required=False)


class ReasonedInput(forms.Form):
    """Why a decision is taken."""

    reason = forms.CharField(
        max_length=300,
        error_messages={
            "required": gettext_lazy("Say why: the reason stays with the decision."),
            "max_length": gettext_lazy("Keep the reason to 300 characters."),
        },
    )


class ChoiceOfItemsInput(forms.Form):
    """One item of a draft to take in or to leave out, and the page of the list to come back to."""

    include = forms.IntegerField(required=False)
    leave_out = forms.IntegerField(required=False)
    back = forms.RegexField(r"^[a-z0-9=&]*$", max_length=60, required=False)


@require_POST
def request_new(request: HttpRequest) -> HttpResponse:
    """Queues a calibration; its page shows how far it is."""
    person = signed_in_psychometrician(request.user)
    typed = RequestInput(request.POST)
    if not typed.is_valid():
        _say_problems(request, typed)
        return HttpResponseRedirect(reverse("calibrations"))
    settings = {name: typed.cleaned_data[name] for name in ("wanted", "scale", "practice", "dynamics")}
    subject, now = typed.cleaned_data["subject"], timezone.now()
    try:
        made = request_calibration(subject=subject, settings=settings, by=person, now=now)
    except CalibrationRefused as problem:
        messages.error(request, refused_word(problem.code, problem.number))
        return HttpResponseRedirect(reverse("calibrations"))
    return HttpResponseRedirect(_page_of(made))


@require_POST
def choose_items(request: HttpRequest, calibration: UUID) -> HttpResponse:
    """Takes one item of a draft in, or leaves it out."""
    found = get_calibration(request.user, calibration)
    typed = ChoiceOfItemsInput(request.POST)
    back = _page_of(found)
    if typed.is_valid():
        take, leave = typed.cleaned_data["include"], typed.cleaned_data["leave_out"]
        chosen = take or leave
        back += f"?{typed.cleaned_data['back']}#item-{chosen}" if chosen else ""
        try:
            include_items(
                calibration=found,
                version_ids=[chosen] if chosen else [],
                included=bool(take),
                by=signed_in_psychometrician(request.user),
                now=timezone.now(),
            )
        except CalibrationRefused as problem:
            messages.error(request, refused_word(problem.code, problem.number))
    return HttpResponseRedirect(back)


@require_POST
def decide(request: HttpRequest, calibration: UUID) -> HttpResponse:
    """Accepts or rejects a draft."""
    found = get_calibration(request.user, calibration)
    steps: dict[str, tuple[Callable[..., object], str]] = {
        "accept": (accept, _("Accepted. Everything is now scored under it as well; no page changes yet.")),
        "reject": (reject, _("Rejected. The draft stays to be read, and nothing changes.")),
    }
    chosen = steps.get(request.POST.get("decision", ""))
    if chosen is None:
        messages.error(request, _("Say whether you accept or reject it."))
        return HttpResponseRedirect(_page_of(found))
    step, said = chosen
    return _taken(request, partial(step, calibration=found), said=said, back=_page_of(found))


@require_POST
def come_into_force(request: HttpRequest, calibration: UUID) -> HttpResponse:
    """From now on every page reads from this calibration's run."""
    found = get_calibration(request.user, calibration)
    said = _("In force. Pages show the new results from now on.")
    return _taken(request, partial(put_in_force, calibration=found), said=said, back=_page_of(found))


@require_POST
def take_back(request: HttpRequest, calibration: UUID) -> HttpResponse:
    """What was accepted does not come into force after all."""
    found = get_calibration(request.user, calibration)
    said = _("Withdrawn. It stays to be read, and no page changes.")
    return _taken(request, partial(withdraw, calibration=found), said=said, back=_page_of(found))


@require_POST
def return_to(request: HttpRequest, run: int) -> HttpResponse:
    """Puts a run in force again that was before."""
    found = get_run(request.user, run)
    said = _("In force again. Pages show its results from now on.")
    return _taken(request, partial(go_back, run=found), said=said, back=reverse("calibrations"))


def _taken(request: HttpRequest, step: Callable[..., object], *, said: str, back: str) -> HttpResponse:
    """Takes a step that needs a reason, says what came of it, and leads to `back`."""
    typed = ReasonedInput(request.POST)
    if not typed.is_valid():
        _say_problems(request, typed)
        return HttpResponseRedirect(back)
    person = signed_in_psychometrician(request.user)
    try:
        step(by=person, reason=typed.cleaned_data["reason"], now=timezone.now())
        messages.success(request, said)
    except CalibrationRefused as problem:
        messages.error(request, refused_word(problem.code, problem.number))
    return HttpResponseRedirect(back)


def _page_of(calibration: Calibration) -> str:
    return reverse("calibration", args=[calibration.public_id])


def _say_problems(request: HttpRequest, typed: forms.Form) -> None:
    for problems in typed.errors.values():
        messages.error(request, " ".join(str(problem) for problem in problems))
