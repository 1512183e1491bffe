"""What does an invigilator see of a room, and how is time given?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.queries.people import class_of, get_class_for_invigilator, signed_in
from exams.actions.sittings import grant_time
from exams.errors import IllegalTransition
from exams.inputs import TimeGrantInput
from exams.live import notify_rooms
from exams.models import Sitting
from exams.queries.access import get_sitting_for_invigilator
from exams.queries.rooms import (
    busy_administration,
    chosen_administration,
    room_administrations,
    room_board,
)
from exams.views.language import in_reader_script, reads_latin


@never_cache
def board(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """The whole page; with ?fragment=1 only the tiles, which the open page fetches when something moved."""
    room = get_class_for_invigilator(request.user, class_group)
    now = timezone.now()
    administrations = room_administrations(room)
    wanted = request.GET.get("administration", "")
    if not wanted and len(administrations) > 1:
        wanted = busy_administration(room)
    chosen = chosen_administration(administrations, wanted, now=now)
    context = {
        "room": room,
        "administrations": administrations,
        "now": now,
        "board": room_board(room, chosen, now=now, latin=reads_latin()) if chosen else None,
    }
    fragment = chosen is not None and "fragment" in request.GET
    return render(request, "exams/room/_tiles.html" if fragment else "exams/room/board.html", context)


@require_POST
def grant(request: HttpRequest, sitting: UUID) -> HttpResponse:
    """Give one pupil more time, then back to the room with what happened in words."""
    found = get_sitting_for_invigilator(request.user, sitting)
    grant_input = TimeGrantInput(request.POST)
    if not grant_input.is_valid():
        for problems in grant_input.errors.values():
            messages.error(request, " ".join(str(problem) for problem in problems))
        return HttpResponseRedirect(_room_of(found))
    minutes = grant_input.cleaned_data["minutes"]
    try:
        grant_time(
            sitting=found,
            seconds=minutes * 60,
            reason=grant_input.cleaned_data["reason"],
            actor=signed_in(request.user),
            now=timezone.now(),
        )
    except IllegalTransition:
        messages.error(request, _("The time was not given: this sitting is already over."))
        return HttpResponseRedirect(_room_of(found))
    notify_rooms()
    given = ngettext("%(name)s: %(minutes)s minute given.", "%(name)s: %(minutes)s minutes given.", minutes)
    seen = _("The pupil sees the new end with the next save.")
    name = in_reader_script(found.candidate.full_name)
    messages.success(request, f"{given % {'name': name, 'minutes': minutes}} {seen}")
    return HttpResponseRedirect(_room_of(found))


def _room_of(sitting: Sitting) -> str:
    room = class_of(sitting.candidate)
    if room is None or sitting.administration is None:
        return reverse("home")
    return f"{reverse('room_board', args=[room.public_id])}?administration={sitting.administration.public_id}"
