"""What does an invigilator do to a whole room: stop time, say something, read out the unlock code?"""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.audit import record
from accounts.models import ClassGroup
from accounts.queries.people import get_class_for_invigilator, signed_in
from exams.actions.interruptions import announce, begin_pause, end_pause
from exams.inputs import AnnouncementInput, PauseInput
from exams.live import notify_rooms
from exams.models import Administration
from exams.queries.interruptions import Scope, announcements_of_room, open_pause
from exams.queries.unlock_codes import SHOWN_BEFORE, code_visible, unlock_code_for
from exams.views.room import address_of, administration_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """For whom and why; then time stands still, and back to the room."""
    room = get_class_for_invigilator(request.user, class_group)
    now = timezone.now()
    administration = administration_of(request, room, now)
    typed = PauseInput(request.POST if request.method == "POST" else None)
    if not typed.is_valid():
        return _form(request, "exams/room/pause.html", room, administration, typed)
    begin_pause(
        administration=administration,
        scope=_scope(room, typed.cleaned_data["scope"]),
        reason=typed.cleaned_data["reason"],
        actor=signed_in(request.user),
        now=now,
    )
    notify_rooms()
    messages.success(request, _("Time stands still. Each phone hides the tasks at its next contact."))
    return HttpResponseRedirect(address_of(room, administration))


@require_POST
def go_on(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """Ends the pause of this room, or of all rooms of its school; what is not paused stays as it is."""
    room = get_class_for_invigilator(request.user, class_group)
    now = timezone.now()
    administration = administration_of(request, room, now)
    held = open_pause(administration, _scope(room, request.POST.get("scope", "")))
    if held is None:
        messages.info(request, _("There is no such pause any more."))
    else:
        end_pause(pause=held, actor=signed_in(request.user), now=now)
        notify_rooms()
        messages.success(request, _("Time goes on. Every end has moved by the length of the pause."))
    return HttpResponseRedirect(address_of(room, administration))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """Words to everybody in the room who has not handed in."""
    room = get_class_for_invigilator(request.user, class_group)
    now = timezone.now()
    administration = administration_of(request, room, now)
    typed = AnnouncementInput(request.POST if request.method == "POST" else None)
    if not typed.is_valid():
        told = announcements_of_room(administration, room)[:10]
        return _form(request, "exams/room/announce.html", room, administration, typed, told=told)
    announce(
        administration=administration,
        scope=Scope(class_group=room),
        text_sr=typed.cleaned_data["text_sr"],
        text_en=typed.cleaned_data["text_en"],
        actor=signed_in(request.user),
        now=now,
    )
    notify_rooms()
    messages.success(request, _("Sent. Each phone shows it at its next contact, within about a minute."))
    return HttpResponseRedirect(address_of(room, administration))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unlock_code(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """What the code is for; it is shown only on asking, because that leaves an audit row."""
    room = get_class_for_invigilator(request.user, class_group)
    now = timezone.now()
    administration = administration_of(request, room, now)
    visible = code_visible(administration, now)
    code = ""
    if request.method == "POST" and visible:
        code = unlock_code_for(administration, room)
        record(
            actor=signed_in(request.user),
            action="read_unlock_code",
            at=now,
            place=request.path,
            detail={"administration": str(administration.public_id)},
        )
    context = {
        "room": room,
        "administration": administration,
        "visible": visible,
        "visible_from": administration.opens_at - SHOWN_BEFORE,
        "asked": request.method == "POST" and visible,
        "code": code,
    }
    return render(request, "exams/room/unlock_code.html", context)


def _form(
    request: HttpRequest,
    template: str,
    room: ClassGroup,
    administration: Administration,
    typed: forms.Form,
    **more: object,
) -> HttpResponse:
    context = {"room": room, "administration": administration, "input": typed, **more}
    return render(request, template, context, status=422 if typed.is_bound else 200)


def _scope(room: ClassGroup, name: str) -> Scope:
    """Never wider than the school whose rooms this person watches over."""
    return Scope(school=room.school) if name == "school" else Scope(class_group=room)
