"""What does one item of the bank look like on a phone, what is right in it, and where is it used?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts.actions.audit import record
from accounts.models import Person
from accounts.queries.people import signed_in_author
from exams.item_key_lines import in_script, key_lines, known_mistakes, paper_language
from exams.marking import written_points
from exams.models import ItemText, ItemVersion
from exams.option_letters import READINGS, Reading
from exams.player_config import player_config
from exams.queries.bank import get_version, standing_of, variants_of, versions_of
from exams.response_processing import SELECTIONS
from exams.views.bank import is_open
from exams.views.language import reading_of_page

THEMES = ("light", "dark")
ROLES = ("candidate", "author")
WIDTHS = ("320", "360", "full")
LANGS = {"sr": "sr-Cyrl", "sr-latn": "sr-Latn", "en": "en"}
NAMES = {"sr": "Ћирилица", "sr-latn": "Latinica", "en": "English"}


@never_cache
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # the library knows views without arguments
def item(request: HttpRequest, ref: str) -> HttpResponse:
    """One version: as on a phone, and beside it everything that only authors know."""
    author = signed_in_author(request.user)
    version = get_version(ref)
    _leave_trace(request, author, version)
    seen = _seen_as(request)
    reading = seen["language"]
    text = _text(version, reading)
    phone = {name: seen[name] for name in ("language", "theme", "role")}
    context = {
        "version": version,
        "seen": seen,
        "switches": _switches(seen),
        "phone": f"{reverse('bank_phone', args=[version.ref])}?{urlencode(phone)}",
        "lang": LANGS[reading],
        "explanation": in_script(text.solution["explanation"], reading),
        "rubric": in_script(text.solution.get("rubric", ""), reading),
        "key": key_lines(version.key, text.content, reading),
        "policy": _policies(version.key),
        "mistakes": known_mistakes(version.key, text.content, text.solution["misconceptions"], reading),
        "points": points_in_words(version.key),
        "versions": versions_of(version),
        "variants": variants_of(version),
        "standing": standing_of(version),
    }
    return render(request, "exams/bank/item.html", context)


@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def phone(request: HttpRequest, ref: str) -> HttpResponse:
    """The item alone, in the player's own widgets, for the frame of the page above."""
    author = signed_in_author(request.user)
    version = get_version(ref)
    _leave_trace(request, author, version)
    seen = _seen_as(request)
    text = _text(version, seen["language"])
    shown: dict[str, Any] = {
        "ref": version.ref,
        "n": 1,
        "interaction": version.interaction,
        "max": max(version.key["half_points"]),
        "content": text.content,
    }
    if seen["role"] == "author":
        shown["solution"] = {"key": version.key} | text.solution
    context = {"seen": seen, "version": version, "item": shown, "player_config": player_config()}
    with translation.override(seen["language"]):
        return render(request, "exams/bank/phone.html", context)


def points_in_words(key: dict[str, Any]) -> list[str]:
    """The half-point table, one sentence for each number of points it gives, most first."""
    table = key["half_points"]
    if key["interaction"] == "extended_text":
        return [_words_for(value) for value in sorted(set(table), reverse=True)]
    spans = [(value, [n for n, own in enumerate(table) if own == value]) for value in set(table) if value]
    return [
        _("{n} right: {points}").format(n=_span(counts), points=_words_for(value))
        for value, counts in sorted(spans, reverse=True)
    ]


def _span(counts: list[int]) -> str:
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"


def _words_for(half_points: int) -> str:
    if half_points == 0:
        return _("no points")
    if half_points == 1:
        return _("half a point")
    points = written_points(half_points)
    return ngettext("{points} point", "{points} points", half_points // 2).format(points=points)


def _policies(key: dict[str, Any]) -> list[str]:
    """How strictly typed words and numbers are read, where it is not as usual; and how ticks are counted."""
    entries = [*key.get("fields", {}).values(), *key.get("gaps", {}).values()]
    said = {
        _("Capital letters count."): any(entry.get("case") == "exact" for entry in entries),
        _("Letters may be typed without their marks: c for č and ć."): any(
            entry.get("diacritics") == "any" for entry in entries
        ),
        _("A fraction has to be reduced."): any(entry.get("form") == "reduced_fraction" for entry in entries),
        _("The number has to be a decimal."): any(entry.get("form") == "decimal" for entry in entries),
        _("Numbers close by count too."): any(entry.get("tolerance", "0") != "0" for entry in entries),
        _("Each wrong tick takes a right one away."): key["interaction"] in SELECTIONS,
    }
    return [sentence for sentence, holds in said.items() if holds]


def _text(version: ItemVersion, reading: Reading) -> ItemText:
    language = paper_language(reading)
    return next(text for text in version.texts.all() if text.language == language)


def _seen_as(request: HttpRequest) -> dict[str, Any]:
    """How the item is looked at: what the address says, and what fits where it says nothing we know."""

    def one_of(name: str, offered: tuple[str, ...], otherwise: str) -> str:
        asked = request.GET.get(name, "")
        return asked if asked in offered else otherwise

    return {
        "language": one_of("language", READINGS, reading_of_page()),
        "theme": one_of("theme", THEMES, "light"),
        "role": one_of("role", ROLES, "author"),
        "width": one_of("width", WIDTHS, "360"),
    }


def _switches(seen: dict[str, str]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Each switch by its name, with (label, address, is on) of its positions."""
    offered = {
        "language": (_("Language and script"), NAMES),
        "theme": (_("Appearance"), {"light": _("Light"), "dark": _("Dark")}),
        "width": (_("Width"), {"320": "320", "360": "360", "full": _("Full")}),
        "role": (_("Seen as"), {"author": _("Author"), "candidate": _("Pupil")}),
    }
    return [
        (
            title,
            [
                (label, f"?{urlencode(seen | {name: value})}#phone", seen[name] == value)
                for value, label in positions.items()
            ],
        )
        for name, (title, positions) in offered.items()
    ]


def _leave_trace(request: HttpRequest, author: Person, version: ItemVersion) -> None:
    """Who saw what is not released stays on record, each time."""
    if not is_open(version):
        record(
            actor=author,
            action="view_item",
            at=timezone.now(),
            place=request.path,
            detail={"item": version.ref},
        )
