"""What does an invigilator see of a room?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.errors import AccessDenied
from accounts.models import ClassGroup
from accounts.queries.people import get_class_for_invigilator
from exams.models import Administration
from exams.queries.decisions import number_waiting
from exams.queries.rooms import (
    busy_administration,
    chosen_administration,
    room_administrations,
    room_board,
)
from exams.views.language import reads_latin


@never_cache
def board(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """The whole page; with ?fragment=1 only the tiles, which the open page fetches when something moved."""
    room = get_class_for_invigilator(request.user, class_group)
    now = timezone.now()
    administrations = room_administrations(room)
    chosen = _chosen(room, administrations, request.GET.get("administration", ""), now)
    context = {
        "room": room,
        "administrations": administrations,
        "now": now,
        "board": room_board(room, chosen, now=now, latin=reads_latin()) if chosen else None,
        "n_decisions": number_waiting(room) if chosen else 0,
    }
    fragment = chosen is not None and "fragment" in request.GET
    return render(request, "exams/room/_tiles.html" if fragment else "exams/room/board.html", context)


def administration_of(request: HttpRequest, room: ClassGroup, now: datetime) -> Administration:
    """What a page or a form of the room is about: as asked for, else as the board chooses. Raises
    AccessDenied where the room has nothing to sit.
    """
    wanted = request.POST.get("administration") or request.GET.get("administration", "")
    chosen = _chosen(room, room_administrations(room), wanted, now)
    if chosen is None:
        raise AccessDenied
    return chosen


def address_of(room: ClassGroup, administration: Administration) -> str:
    return f"{reverse('room_board', args=[room.public_id])}?administration={administration.public_id}"


def _chosen(
    room: ClassGroup, administrations: list[Administration], wanted: str, now: datetime
) -> Administration | None:
    if not wanted and len(administrations) > 1:
        wanted = busy_administration(room)
    return chosen_administration(administrations, wanted, now=now)
