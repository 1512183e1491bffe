"""Where do teachers mark written texts, one at a time and without knowing whose they are?"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actions.audit import record
from accounts.errors import AccessDenied
from accounts.queries.people import classes_taught_by, get_class_for_teacher, signed_in
from exams.actions.marking import mark_response
from exams.actions.responses import project_sitting
from exams.errors import MarkRefused, TextChanged
from exams.inputs import MarkInput
from exams.marking import mark_values, written_points
from exams.queries.marking import (
    MarkingTask,
    WrittenText,
    marking_task,
    marking_tasks,
    number_to_mark,
    sitting_of,
)
from exams.views.language import reader_language

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_KEYS = {0: "0", 1: "5", 2: "1"}
"""Half-points → the key that gives them: what is written on it must be what it brings, and ½ is 0,5."""


@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits in every class of this teacher, and what is marked already."""
    teacher = signed_in(request.user)
    classes = classes_taught_by(teacher)
    if not classes.exists():
        raise AccessDenied
    tasks = marking_tasks(classes, now=timezone.now())
    return render(request, "exams/marking/list.html", {"tasks": tasks, "n_waiting": number_to_mark(tasks)})


@never_cache
def texts(request: HttpRequest, class_group: UUID, administration: UUID, item: int) -> HttpResponse:
    """Every text to one item by number, each with its mark; the way on leads to the next that waits."""
    task = _task(request, class_group, administration, item)
    rows = [(text, _address(task, text), _points(text)) for text in task.texts]
    following = task.after("")
    context = {"task": task, "rows": rows, "next": following and _address(task, following)}
    return render(request, "exams/marking/texts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one_text(
    request: HttpRequest, class_group: UUID, administration: UUID, item: int, text: str
) -> HttpResponse:
    """One text with what is needed to judge it; POST gives it points and goes on to the next that waits."""
    task = _task(request, class_group, administration, item)
    shown = task.named(text)
    if shown is None:
        raise AccessDenied
    if request.method != "POST":
        _leave_trace(request, shown)
        typed = MarkInput(initial={"note": shown.mark.note if shown.mark else ""})
        return _page(request, task, shown, typed)
    typed = MarkInput(request.POST)
    if not typed.is_valid():
        return _page(request, task, shown, typed)
    return _mark(request, task, shown, typed)


def _mark(request: HttpRequest, task: MarkingTask, shown: WrittenText, typed: MarkInput) -> HttpResponse:
    sitting = sitting_of(shown)
    try:
        mark_response(
            sitting=sitting,
            version=task.item.version,
            text_sha256=typed.cleaned_data["text_sha256"],
            half_points=typed.cleaned_data["half_points"],
            note=typed.cleaned_data["note"],
            marker=signed_in(request.user),
            now=timezone.now(),
        )
    except TextChanged:
        # What arrived meanwhile is in the journal; pages show what is stored of it.
        project_sitting(sitting=sitting)
        messages.error(request, _("Nothing was marked: the text has changed meanwhile. Read it again."))
        again = marking_task(task.class_group, *_keys(task)[1:], now=timezone.now())
        there = again and again.named(shown.name)
        return HttpResponseRedirect(_address(task, shown) if there else reverse("marking"))
    except MarkRefused:
        messages.error(request, _("Nothing was marked: this text cannot be marked now."))
        return HttpResponseRedirect(reverse("marking"))
    following = task.after(shown.name)
    if following is None:
        messages.success(request, _("That was the last text: every one has its points."))
        return HttpResponseRedirect(_task_address(task))
    return HttpResponseRedirect(f"{_address(task, following)}?{urlencode({'before': shown.name})}#text")


def _page(request: HttpRequest, task: MarkingTask, shown: WrittenText, typed: MarkInput) -> HttpResponse:
    language = reader_language()
    own = next(text for text in task.item.version.texts.all() if text.language == language)
    before = task.named(request.GET.get("before", ""))
    following = task.after(shown.name)
    context: dict[str, Any] = {
        "task": task,
        "text": shown,
        "place": task.place_of(shown),
        "language": language,
        "content": own.content,
        "solution": own.solution,
        "cyrillic": bool(_CYRILLIC.search(shown.text)),
        "values": [
            (value, written_points(value), _KEYS.get(value, ""))
            for value in mark_values(task.item.version.key)
        ],
        "given": _points(shown),
        "before": before and before.mark and (task.place_of(before), _points(before), _address(task, before)),
        "next": following and _address(task, following),
        "input": typed,
    }
    status = 422 if typed.is_bound else 200
    return render(request, "exams/marking/text.html", context, status=status)


def _task(request: HttpRequest, class_group: UUID, administration: UUID, item: int) -> MarkingTask:
    own_class = get_class_for_teacher(request.user, class_group)
    task = marking_task(own_class, administration, item, now=timezone.now())
    if task is None:
        raise AccessDenied
    return task


def _points(text: WrittenText) -> str:
    return "" if text.mark is None else written_points(text.mark.half_points)


def _keys(task: MarkingTask) -> list[Any]:
    return [task.class_group.public_id, task.administration.public_id, task.item.position]


def _task_address(task: MarkingTask) -> str:
    return reverse("marking_texts", args=_keys(task))


def _address(task: MarkingTask, text: WrittenText) -> str:
    return reverse("marking_text", args=[*_keys(task), text.name])


def _leave_trace(request: HttpRequest, shown: WrittenText) -> None:
    """The page shows what a pupil wrote: who looked stays on record, though they do not learn whose it is."""
    sitting = sitting_of(shown)
    record(
        actor=signed_in(request.user),
        action="view_text",
        subject=sitting.candidate,
        at=timezone.now(),
        place=request.path,
        detail={"sitting": str(sitting.public_id)},
    )
