"""Who is asking? Staff by Django's session, pupils by the signed cookie that the intake's sign-in sets."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import Person
from accounts.pupil_cookie import COOKIE, read_pupil_cookie


class PupilMiddleware:
    """A valid pupil cookie decides `request.user`: card sign-in ends a staff session on that browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request.COOKIES.get(COOKIE, "")
        public_id = read_pupil_cookie(
            token, secret=settings.SECRETS["TICKET_SECRET"], now=int(time.time() * 1000)
        )
        if public_id is not None:
            staff = request.user
            request.by_card = True  # type: ignore[attr-defined]
            request.user = SimpleLazyObject(  # type: ignore[assignment]
                lambda: Person.objects.filter(public_id=public_id, is_active=True).first() or staff
            )
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Whoever holds a card must not add an e-mail or a password to it: those pages are for staff."""
        name = (request.resolver_match.url_name if request.resolver_match else None) or ""
        if getattr(request, "by_card", False) and name.startswith("account_") and name != "account_login":
            raise Http404
