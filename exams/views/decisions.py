"""Where do staff decide about what the rules could not, and what do they see of it?"""

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
from django.views.decorators.http import require_http_methods

from accounts.actions.audit import record
from accounts.errors import AccessDenied
from accounts.models import ClassGroup, Person
from accounts.queries.people import class_of, get_class_for_invigilator, signed_in
from exams.actions.decisions import decide, decide_all
from exams.errors import AlreadyDecided
from exams.inputs import DecisionInput
from exams.live import notify_rooms
from exams.models import Sitting
from exams.queries.access import get_sitting_for_invigilator
from exams.queries.decisions import (
    Waiting,
    decided_in_room,
    get_waiting_conflict,
    get_waiting_event,
    waiting_in_room,
)
from exams.views.language import in_reader_script


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """What waits in this room, and what was decided; POST decides and comes back."""
    room = get_class_for_invigilator(request.user, class_group)
    person = signed_in(request.user)
    if request.method == "POST":
        return _decide(request, room, person)
    waiting = waiting_in_room(room)
    _leave_trace(request, person, waiting)
    context = {"room": room, "waiting": waiting, "decided": decided_in_room(room)}
    return render(request, "exams/decisions/page.html", context)


def _decide(request: HttpRequest, room: ClassGroup, person: Person) -> HttpResponse:
    back = HttpResponseRedirect(reverse("decisions", args=[room.public_id]))
    typed = DecisionInput(request.POST)
    if not typed.is_valid():
        for problems in typed.errors.values():
            messages.error(request, " ".join(str(problem) for problem in problems))
        return back
    sitting = get_sitting_for_invigilator(request.user, typed.cleaned_data["sitting"])
    if class_of(sitting.candidate) != room:
        raise AccessDenied
    try:
        number = _carry_out(sitting, typed, person)
    except AlreadyDecided:
        messages.error(request, _("Nothing was changed: somebody has decided this already."))
        return back
    notify_rooms()
    if typed.cleaned_data["counts"]:
        said = ngettext("%(name)s: %(n)s entry counts now.", "%(name)s: %(n)s entries count now.", number)
    else:
        said = ngettext(
            "%(name)s: %(n)s entry does not count.", "%(name)s: %(n)s entries do not count.", number
        )
    messages.success(request, said % {"name": in_reader_script(sitting.candidate.full_name), "n": number})
    return back


def _carry_out(sitting: Sitting, typed: DecisionInput, person: Person) -> int:
    """One conflict, one event, or everything of one device that waits for the same cause; how many."""
    said = typed.cleaned_data
    how = {"counts": said["counts"], "reason": said["reason"], "actor": person, "now": timezone.now()}
    if said["conflict"]:
        decide(conflict=get_waiting_conflict(sitting, said["conflict"]), **how)
    elif said["seq"]:
        decide(event=get_waiting_event(sitting, said["device"], said["seq"]), **how)
    else:
        return decide_all(sitting=sitting, device=said["device"], why_waiting=said["why"], **how)
    return 1


def _leave_trace(request: HttpRequest, person: Person, waiting: list[Waiting]) -> None:
    """The page shows pupils' responses: who looked stays on record."""
    now = timezone.now()
    for one in waiting:
        record(
            actor=person,
            action="view_decisions",
            subject=one.sitting.candidate,
            at=now,
            place=request.path,
            detail={"sitting": str(one.sitting.public_id)},
        )
