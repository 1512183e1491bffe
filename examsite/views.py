"""Which pages belong to the site as a whole: everybody's home, errors, the service worker."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.enums import Role
from accounts.permissions import roles_of
from exams.player_config import player_config
from examsite.homes.pupil import pupil_home
from examsite.homes.staff import author_home, invigilator_home, teacher_home
from examsite.storage import without_comments
from examsite.styleguide import example_context

SHELL_FOLDERS = ("exams/js", "exams/css", "examsite/css", "examsite/js", "examsite/icons")
NOT_FOR_PUPILS = {"exams/js/preview.js"}
SHELL_SUFFIXES = {".js", ".mjs", ".css", ".svg"}  # beside them lie types and licences, for people


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Sign-in for strangers; for everybody else the page of their role."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("sign_in"))
    roles = roles_of(request.user)
    now = timezone.now()
    if Role.PUPIL in roles:
        return render(request, "home/pupil.html", pupil_home(request.user, now=now))
    if Role.TEACHER in roles:
        return render(request, "home/teacher.html", teacher_home(request.user, now=now))
    if Role.INVIGILATOR in roles:
        return render(request, "home/invigilator.html", invigilator_home(request.user))
    if Role.AUTHOR in roles:
        return render(request, "home/author.html", author_home())
    if Role.ANALYST in roles:
        return HttpResponseRedirect(reverse("country"))
    if Role.PSYCHOMETRICIAN in roles:
        return HttpResponseRedirect(reverse("calibrations"))
    return render(request, "home/nothing.html")


def offline(request: HttpRequest) -> HttpResponse:
    """The service worker keeps it for whoever holds this phone, so it names nobody and has each language."""
    return render(request, "offline.html", {"person": None, "person_class": None, "navigation": None})


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it by this name wherever a page names no icon, as with files and plain text."""
    return HttpResponseRedirect(staticfiles_storage.url("examsite/icons/favicon.svg"))


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for those who build; not part of an installation."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "styleguide.html", example_context())


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; for load balancers and people with a terminal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker's code behind a first line that names the release and what the shell consists of."""
    response = HttpResponse(_service_worker(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    return response


@cache
def _service_worker() -> str:
    pages = [reverse("player_shell"), reverse("offline")]
    urls = [*pages, *(staticfiles_storage.url(name) for name in sorted(_shell_names()))]
    source = without_comments(Path(str(finders.find("exams/sw.js"))).read_text(encoding="utf-8"))
    # Static files carry a hash in their names; the player's document does not, and holds the texts.
    player = render_to_string("exams/player/shell.html", {"player_config": player_config()})
    release = hashlib.sha256("\n".join([source, player, *urls]).encode()).hexdigest()[:12]
    return f"const RELEASE = {json.dumps(release)}; const SHELL = {json.dumps(urls)};\n{source}"


def _shell_names() -> set[str]:
    """Static files that a sitting needs: they are few and small, so all of them."""
    names: set[str] = set()
    for folder in SHELL_FOLDERS:
        found = finders.find(folder)
        if found:
            root = Path(str(found))
            names |= {
                f"{folder}/{path.relative_to(root).as_posix()}"
                for path in root.rglob("*")
                if path.suffix in SHELL_SUFFIXES
            }
    return names - NOT_FOR_PUPILS


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request: context processors read the database, which may be what has failed.
    return HttpResponse(render_to_string("500.html"), status=500)
