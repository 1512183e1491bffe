"""How does a trial form, or its key, get onto paper?"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from accounts.actions.audit import record
from accounts.queries.people import signed_in_author
from exams.item_key_lines import paper_language
from exams.models import ItemVersion
from exams.option_letters import READINGS, Reading
from exams.print_layout import ItemToPrint, lay_out
from exams.queries.bank import get_form_to_print
from exams.views.bank import is_open
from exams.views.bank_item import NAMES, points_in_words
from exams.views.language import reading_of_page


@never_cache
def print_form(request: HttpRequest, form: UUID) -> HttpResponse:
    """The whole form in one language and script; with ?key=1 the sheet of those who mark it."""
    author = signed_in_author(request.user)
    found, versions = get_form_to_print(form)
    asked = request.GET.get("language", "")
    reading = next((one for one in READINGS if one == asked), reading_of_page())
    with_key = request.GET.get("key") == "1"
    secret = [version.ref for version in versions if not is_open(version)]
    if secret:
        record(
            actor=author,
            action="print_key" if with_key else "print_form",
            at=timezone.now(),
            place=request.path,
            detail={"form": found.identifier, "items": secret},
        )
    parts = lay_out([_to_print(version, reading) for version in versions], reading)
    address = reverse("bank_print", args=[found.public_id])
    with translation.override(reading):
        context = {
            "form": found,
            "parts": parts,
            "points": list(enumerate([points_in_words(version.key) for version in versions], start=1)),
            "maximum": sum(max(version.key["half_points"]) for version in versions),
            "with_key": with_key,
            "other": f"{address}?language={reading}" + ("" if with_key else "&key=1"),
            "languages": [
                (label, code, f"{address}?language={code}" + ("&key=1" if with_key else ""), code == reading)
                for code, label in NAMES.items()
            ],
        }
        return render(request, "exams/bank/print.html", context)


def _to_print(version: ItemVersion, reading: Reading) -> ItemToPrint:
    language = paper_language(reading)
    text = next(text for text in version.texts.all() if text.language == language)
    return ItemToPrint(version.ref, version.interaction, version.key, text.content, text.solution)
