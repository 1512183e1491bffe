"""How do pupils of a class get cards on paper, and how is a lost one replaced?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import cards
from accounts.actions.cards import replace_cards
from accounts.models import Person
from accounts.queries.people import get_class_for_invigilator, pupils_of, signed_in


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """`picture` is the QR code as SVG; it opens sign-in with the code in the address's fragment."""

    pupil: Person
    code: str
    picture: str


@never_cache
def class_cards(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """Choose pupils, then a sheet with their new cards: shown once, since codes are stored nowhere."""
    room = get_class_for_invigilator(request.user, class_group)
    pupils = list(pupils_of(room))
    context = {"room": room, "pupils": pupils}
    if request.method != "POST":
        return render(request, "accounts/class_cards.html", context)
    wanted = set(request.POST.getlist("pupil"))
    chosen = [pupil for pupil in pupils if str(pupil.public_id) in wanted]
    if not chosen:
        messages.error(request, _("Choose at least one pupil."))
        return render(request, "accounts/class_cards.html", context, status=422)
    codes = replace_cards(pupils=chosen, actor=signed_in(request.user), now=timezone.now())
    address = request.build_absolute_uri(reverse("sign_in"))
    context["cards"] = [_printed(pupil, codes[pupil.pk], address) for pupil in chosen]
    context["address"] = address
    return render(request, "accounts/card_sheet.html", context)


def _printed(pupil: Person, code: str, address: str) -> PrintedCard:
    code = cards.pretty(code)
    # The fragment never reaches a server or its logs.
    picture = segno.make(f"{address}#{code}", micro=False, error="m").svg_inline(
        border=2, omitsize=True, svgclass="qr", lineclass="qr__line"
    )
    return PrintedCard(pupil=pupil, code=code, picture=picture)
