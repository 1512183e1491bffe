"""How does a pupil come in, and how does anybody leave?

With JavaScript the page speaks to the intake, which is built for a whole country at nine o'clock; the form
works without it too.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.pupil_cookie import COOKIE, LIFETIME_MS, mint_pupil_cookie
from accounts.queries.cards import pupil_by_code


@method_decorator(never_cache, name="dispatch")
class SignInView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "accounts/sign_in.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = request.POST.get("code", "")
        pupil = pupil_by_code(typed)
        if pupil is None:
            context: dict[str, Any] = {
                "code": typed[:40],
                "error": _("We do not know this code. Compare it with your card, letter by letter."),
            }
            return render(request, "accounts/sign_in.html", context, status=422)
        logout(request)
        response = HttpResponseRedirect(reverse("home"))
        token = mint_pupil_cookie(
            str(pupil.public_id), secret=settings.SECRETS["TICKET_SECRET"], now=int(time.time() * 1000)
        )
        response.set_cookie(
            COOKIE,
            token,
            max_age=LIFETIME_MS // 1000,
            httponly=True,
            samesite="Lax",
            secure=settings.BEHIND_TLS,
        )
        return response


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends a pupil's and a staff session alike and asks the browser to forget what pages left behind."""
    logout(request)
    response = HttpResponseRedirect(reverse("sign_in"))
    response.delete_cookie(COOKIE, samesite="Lax")
    response["Clear-Site-Data"] = '"cache"'
    return response
