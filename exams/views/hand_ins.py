"""How do staff bring in what a phone could not send: files, pasted text, scanned QR codes?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import ClassGroup
from accounts.queries.people import get_class_for_invigilator, signed_in
from exams.actions.carried import CarriedResult, import_envelope
from exams.delivery.envelope import EnvelopeError, Fault, envelopes_in
from exams.live import notify_rooms
from exams.queries.hand_ins import sittings_of_room

MAX_FILES = 30
MAX_BYTES = 2 * 1024 * 1024

SAID = {
    Fault.HALF: gettext_lazy(
        "The end of this hand-in is missing. Copy the whole file again, or let the phone make it again."
    ),
    Fault.DAMAGED: gettext_lazy(
        "Something in this hand-in was changed on the way. Let the phone make it again."
    ),
    Fault.OTHER_KEY: gettext_lazy(
        "This hand-in was closed for another exam or another server. Ask the pupil's school where it belongs."
    ),
    Fault.NOT_OURS: gettext_lazy(
        "This is no hand-in. Take the file whose name begins with “proba-”, or the QR codes on the phone."
    ),
    Fault.NEWER: gettext_lazy(
        "This hand-in was made by a newer version. Bring this server up to date first."
    ),
    Fault.MISSING_FRAMES: gettext_lazy("Not all codes were read yet. Still missing: %(missing)s."),
    Fault.MIXED_FRAMES: gettext_lazy(
        "These are codes of more than one hand-in. Read one phone after the other."
    ),
    Fault.ELSEWHERE: gettext_lazy(
        "This hand-in belongs to nobody in this class. Bring it to the room of the pupil's own class."
    ),
    Fault.UNSIGNED: gettext_lazy(
        "Nothing proves whose hand-in this is. Let the pupil's phone make it again."
    ),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing that was brought: either `result`, or `error` in words."""

    name: str
    result: CarriedResult | None = None
    error: str = ""


@never_cache
def hand_ins(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """The page, and after bringing something what became of each. Bringing it again does no harm."""
    room = get_class_for_invigilator(request.user, class_group)
    context: dict[str, Any] = {"room": room}
    if request.method != "POST":
        return render(request, "exams/hand_ins/page.html", context)
    files = request.FILES.getlist("files")
    frames = request.POST.get("frames", "").strip()
    if len(files) > MAX_FILES:
        context["problem"] = _("Bring at most %(n)s files at once.") % {"n": MAX_FILES}
    elif not files and not frames:
        context["problem"] = _("Choose a file, or read the codes from a phone.")
    else:
        context["outcomes"] = outcomes = [*_from_files(request, room, files), *_pasted(request, room, frames)]
        # What was only half scanned stays, so that the rest can be read and added.
        context["frames"] = frames if any(one.error and not one.name for one in outcomes) else ""
    taken = any(one.result for one in context.get("outcomes", []))
    if taken:
        notify_rooms()
    return render(request, "exams/hand_ins/page.html", context, status=200 if taken else 422)


def _from_files(request: HttpRequest, room: ClassGroup, files: list[UploadedFile]) -> Iterator[Outcome]:
    for file in files:
        name = file.name or _("file")
        if (file.size or 0) > MAX_BYTES:
            yield Outcome(name, error=_("This file is larger than 2 MB, which no hand-in is."))
        else:
            yield from _brought(request, room, name, file.read().decode("utf-8", "replace"))


def _pasted(request: HttpRequest, room: ClassGroup, frames: str) -> Iterator[Outcome]:
    if frames:
        yield from _brought(request, room, "", frames)


def _brought(request: HttpRequest, room: ClassGroup, name: str, text: str) -> Iterator[Outcome]:
    try:
        for envelope in envelopes_in(text):
            yield _imported(request, room, name, envelope)
    except EnvelopeError as wrong:
        yield Outcome(name, error=_in_words(wrong))


def _imported(request: HttpRequest, room: ClassGroup, name: str, envelope: str) -> Outcome:
    try:
        result = import_envelope(
            text=envelope,
            by=signed_in(request.user),
            now=timezone.now(),
            allowed=sittings_of_room(room),
        )
    except EnvelopeError as wrong:
        return Outcome(name, error=_in_words(wrong))
    return Outcome(name, result=result)


def _in_words(wrong: EnvelopeError) -> str:
    said = str(SAID[wrong.fault])
    return said % {"missing": ", ".join(map(str, wrong.missing))} if wrong.missing else said
