"""What does an invigilator do for one pupil: give time, stop it, hand in, open again?"""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.errors import AccessDenied
from accounts.models import ClassGroup
from accounts.queries.people import Asker, class_of, signed_in
from exams.actions.interruptions import begin_pause, end_pause
from exams.actions.sittings import grant_time, hand_in_for_pupil, reopen
from exams.errors import IllegalTransition
from exams.inputs import ReasonInput, TimeGrantInput
from exams.live import notify_rooms
from exams.models import Administration, Sitting
from exams.queries.access import get_sitting_for_invigilator
from exams.queries.interruptions import Scope, open_pause
from exams.queries.rooms import one_tile
from exams.views.language import in_reader_script
from exams.views.room import address_of

F = TypeVar("F", bound=forms.Form)


@never_cache
def page(request: HttpRequest, sitting: UUID) -> HttpResponse:
    """How this pupil stands, what can be done, and what has happened."""
    found, administration, room = _found(request.user, sitting)
    now = timezone.now()
    context = {
        "room": room,
        "administration": administration,
        "back": address_of(room, administration),
        "tile": one_tile(found, administration, now=now),
        "own_pause": open_pause(administration, Scope(sitting=found)),
        "events": found.events.select_related("actor").order_by("-at", "-pk"),
    }
    return render(request, "exams/room/sitting.html", context)


@require_POST
def grant(request: HttpRequest, sitting: UUID) -> HttpResponse:
    """Give one pupil more time, then back to the room with what happened in words."""
    found, _administration, _room = _found(request.user, sitting)
    typed = _typed(request, TimeGrantInput)
    if typed is None:
        return _back_to_pupil(found)
    minutes = typed.cleaned_data["minutes"]
    try:
        grant_time(
            sitting=found,
            seconds=minutes * 60,
            reason=typed.cleaned_data["reason"],
            actor=signed_in(request.user),
            now=timezone.now(),
        )
    except IllegalTransition:
        messages.error(request, _("The time was not given: this sitting is already over."))
        return _back_to_pupil(found)
    given = ngettext("%(name)s: %(minutes)s minute given.", "%(name)s: %(minutes)s minutes given.", minutes)
    seen = _("The pupil sees the new end with the next save.")
    return _done(request, found, f"{given % {'name': _name(found), 'minutes': minutes}} {seen}")


@require_POST
def pause(request: HttpRequest, sitting: UUID) -> HttpResponse:
    found, administration, _room = _found(request.user, sitting)
    typed = _typed(request, ReasonInput)
    if typed is None:
        return _back_to_pupil(found)
    try:
        begin_pause(
            administration=administration,
            scope=Scope(sitting=found),
            reason=typed.cleaned_data["reason"],
            actor=signed_in(request.user),
            now=timezone.now(),
        )
    except IllegalTransition:
        messages.error(request, _("Nothing was paused: this sitting is already over."))
        return _back_to_pupil(found)
    return _done(request, found, _("%(name)s: time stands still.") % {"name": _name(found)})


@require_POST
def go_on(request: HttpRequest, sitting: UUID) -> HttpResponse:
    found, administration, _room = _found(request.user, sitting)
    held = open_pause(administration, Scope(sitting=found))
    if held is None:
        messages.info(request, _("There is no such pause any more."))
        return _back_to_pupil(found)
    end_pause(pause=held, actor=signed_in(request.user), now=timezone.now())
    found.refresh_from_db()
    if found.paused_at is not None:
        text = _("%(name)s: this pause is over, but the whole room is paused too.")
    else:
        text = _("%(name)s: time goes on.")
    return _done(request, found, text % {"name": _name(found)})


@require_POST
def hand_in(request: HttpRequest, sitting: UUID) -> HttpResponse:
    found, _administration, _room = _found(request.user, sitting)
    typed = _typed(request, ReasonInput)
    if typed is None:
        return _back_to_pupil(found)
    try:
        hand_in_for_pupil(
            sitting=found,
            reason=typed.cleaned_data["reason"],
            actor=signed_in(request.user),
            now=timezone.now(),
        )
    except IllegalTransition:
        messages.error(request, _("Nothing was handed in: this pupil is not writing."))
        return _back_to_pupil(found)
    done = _("%(name)s: handed in. If that was a mistake, reopen it on the pupil's page.")
    return _done(request, found, done % {"name": _name(found)})


@require_POST
def reopen_sitting(request: HttpRequest, sitting: UUID) -> HttpResponse:
    found, _administration, _room = _found(request.user, sitting)
    typed = _typed(request, TimeGrantInput)
    if typed is None:
        return _back_to_pupil(found)
    minutes = typed.cleaned_data["minutes"]
    try:
        reopen(
            sitting=found,
            seconds=minutes * 60,
            reason=typed.cleaned_data["reason"],
            actor=signed_in(request.user),
            now=timezone.now(),
        )
    except IllegalTransition:
        messages.error(request, _("It stays closed: the pupil handed in, or a day has passed."))
        return _back_to_pupil(found)
    done = _("%(name)s: open again. The pupil goes on where the work was left.")
    return _done(request, found, done % {"name": _name(found)})


def _found(person: Asker, sitting: UUID) -> tuple[Sitting, Administration, ClassGroup]:
    """A trial of a pupil of the person's own school; practice belongs to the pupil alone."""
    found = get_sitting_for_invigilator(person, sitting)
    room = class_of(found.candidate)
    if found.administration is None or room is None:
        raise AccessDenied
    return found, found.administration, room


def _typed(request: HttpRequest, kind: type[F]) -> F | None:
    """What was typed; None when it will not do, and the page to come says why."""
    typed = kind(request.POST)
    if typed.is_valid():
        return typed
    for problems in typed.errors.values():
        messages.error(request, " ".join(str(problem) for problem in problems))
    return None


def _name(sitting: Sitting) -> str:
    return in_reader_script(sitting.candidate.full_name)


def _back_to_pupil(sitting: Sitting) -> HttpResponse:
    return HttpResponseRedirect(reverse("room_sitting", args=[sitting.public_id]))


def _done(request: HttpRequest, sitting: Sitting, text: str) -> HttpResponse:
    """The room hears of it at once, and so does whoever did it."""
    notify_rooms()
    messages.success(request, text)
    room = class_of(sitting.candidate)
    if room is None or sitting.administration is None:
        raise AccessDenied
    return HttpResponseRedirect(address_of(room, sitting.administration))
