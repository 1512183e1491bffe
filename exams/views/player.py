"""Which document does a phone get for a sitting? One shell without pupil data, the same for everybody."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from exams.player_config import player_config
from exams.queries.access import get_own_sitting


@never_cache
def sit(request: HttpRequest, sitting: UUID) -> HttpResponse:
    """The shell, for the candidate only; what is in it comes later from the intake, by ticket."""
    get_own_sitting(request.user, sitting)
    return _shell(request)


@never_cache
def shell(request: HttpRequest) -> HttpResponse:
    """The same document for the service worker to keep, so that a sitting opens without a network."""
    return _shell(request)


def _shell(request: HttpRequest) -> HttpResponse:
    return render(request, "exams/player/shell.html", {"player_config": player_config()})
