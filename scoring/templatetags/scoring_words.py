"""With which words are subjects, levels, verdicts and chances said to people?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django import template
from django.template.loader import render_to_string
from django.utils.dateformat import format as written_date
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import get_language, gettext_lazy, gettext_noop, ngettext
from django.utils.translation import gettext as _

from accounts.transliteration import to_latin
from exams.enums import Subject
from exams.models import Sitting
from exams.option_letters import READINGS, option_letter
from scoring.item_review import Option, Review
from scoring.queries.history import Movement
from scoring.queries.results import ItemResult
from scoring.readiness import Readiness

register = template.Library()

_LEVELS: Final = {
    "below_basic": gettext_noop("Below basic"),
    "basic": gettext_noop("Basic"),
    "intermediate": gettext_noop("Intermediate"),
    "advanced": gettext_noop("Advanced"),
}
_VERDICTS: Final = {
    "known": (3, gettext_lazy("You know this"), gettext_lazy("known")),
    "shaky": (2, gettext_lazy("Not sure yet"), gettext_lazy("not sure yet")),
    "not_yet": (1, gettext_lazy("Not there yet"), gettext_lazy("not there yet")),
    "not_enough": (None, gettext_lazy("Not enough evidence"), gettext_lazy("not enough evidence")),
}


@register.filter
def subject_name(subject: str) -> str:
    return str(Subject(subject).label) if subject in Subject.values else subject


@register.filter
def level_name(identifier: str) -> str:
    """The name of a performance level from fixtures/scoring/levels.toml."""
    return _(_LEVELS[identifier]) if identifier in _LEVELS else identifier


@register.filter
def verdict_name(verdict: str) -> str:
    """What is known of a domain, said to the pupil."""
    return str(_VERDICTS[verdict][1])


@register.filter
def staff_verdict(verdict: str) -> str:
    """The same, said of a pupil to staff."""
    return str(_VERDICTS[verdict][2])


@register.filter
def verdict_level(verdict: str) -> int | None:
    """1 to 3 for a heat cell, None without enough evidence."""
    return _VERDICTS[verdict][0]


@register.filter
def title_of(titled: Any) -> str:
    """The title of a domain, standard, form or administration, in the reader's language and script."""
    language = get_language()
    if language == "en":
        return str(titled.title_en)
    return to_latin(titled.title_sr) if language == "sr-latn" else str(titled.title_sr)


@register.filter
def sitting_title(sitting: Sitting) -> str:
    """What a sitting is called wherever it is listed: by its trial, in practice by its set."""
    return title_of(sitting.administration or sitting.form)


@register.filter
def letter(place: int) -> str:
    """The letter under which the option at this place, from 0, stood on the phone."""
    language = get_language()
    return option_letter(place, next((one for one in READINGS if one == language), "sr"))


ALMOST_ALL: Final = 0.95
HARDLY_ANY: Final = 0.05


@register.filter
def tenths(probability: float) -> int:
    """A probability in tenths, 1 to 9. Of one near the ends words say more: `odds`, `chance`."""
    return max(1, min(9, round(probability * 10)))


@register.filter
def is_almost_all(probability: float) -> bool:
    """Is "nine of ten" too little to say?"""
    return probability >= ALMOST_ALL


@register.filter
def odds(probability: float) -> str:
    """How sure a range is, to stand in brackets behind it."""
    if probability >= ALMOST_ALL:
        return _("almost always")
    if probability <= HARDLY_ANY:
        return _("hardly ever")
    return _("%(n)s in 10") % {"n": tenths(probability)}


@register.filter
def of_hundred(probability: float) -> str:
    """How many of 100 exams, to a tenth."""
    return number_format(
        (Decimal(str(probability)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP), decimal_pos=1
    )


@register.filter
def short_day(day: date) -> str:
    """A day below a picture, where there is no room for the year."""
    return written_date(day, "M j" if get_language() == "en" else "j.n.")


@register.filter
def solved_alone(items: Iterable[ItemResult]) -> int:
    """How many brought all their points without a hint."""
    return sum(item.verdict == "right" and not item.hinted for item in items)


@register.filter
def solved_with_hint(items: Iterable[ItemResult]) -> int:
    return sum(item.verdict == "right" and item.hinted for item in items)


@register.filter
def nearly_solved(items: Iterable[ItemResult]) -> int:
    """How many brought some of their points, or all of them with a hint."""
    return sum(item.verdict == "partly" or (item.verdict == "right" and item.hinted) for item in items)


@register.filter
def practice_headline(items: Iterable[ItemResult]) -> str:
    """The first words about a practice set, those that the phone says at its end (practice_summary.js)."""
    shown = list(items)
    if n := solved_alone(shown):
        return ngettext("%(n)s item solved", "%(n)s items solved", n) % {"n": n}
    if n := nearly_solved(shown):
        return ngettext("%(n)s item nearly there", "%(n)s items nearly there", n) % {"n": n}
    if any(item.checked or item.verdict in ("wrong", "pending") for item in shown):
        return _("These were hard, and you stayed with them")
    return _("Nothing checked yet")


@register.filter
def chance(probability: float) -> str:
    """In tenths; near the ends it says so, for nothing that is predicted is certain or out of reach."""
    if probability <= HARDLY_ANY:
        return _("fewer than 1 in 10")
    if probability >= ALMOST_ALL:
        return _("more than 9 in 10")
    return _("about %(n)s in 10") % {"n": tenths(probability)}


@register.filter
def level_shares(levels: tuple[tuple[str, float], ...]) -> list[tuple[str, float]]:
    """Pairs of (identifier, share) as the level bar wants them."""
    return [(level_name(identifier), share) for identifier, share in levels]


_ITEM_VERDICTS: Final = {
    "right": ("success", "check", gettext_lazy("Right")),
    "partly": ("info", "dot", gettext_lazy("Partly right")),
    "wrong": ("warning", "dot", gettext_lazy("Not right")),
    "pending": ("info", "clock", gettext_lazy("Waits for marking")),
    "omitted": ("neutral", "dot", gettext_lazy("Left empty")),
    "not_reached": ("neutral", "clock", gettext_lazy("Not reached")),
}


@register.filter
def outcome_name(verdict: str) -> str:
    """How an item went, in words."""
    return str(_ITEM_VERDICTS[verdict][2])


@register.filter
def outcome_tone(verdict: str) -> str:
    return _ITEM_VERDICTS[verdict][0]


@register.filter
def outcome_icon(verdict: str) -> str:
    return _ITEM_VERDICTS[verdict][1]


_TICKS: Final = {
    "right": ("right", gettext_lazy("Marked, right")),
    "wrong": ("wrong", gettext_lazy("Marked, not right")),
    "missed": ("omitted", gettext_lazy("Right, but not marked")),
}


@register.filter
def tick_name(tick: str) -> str:
    """How a tick went where several may be set, in words."""
    return str(_TICKS[tick][1])


@register.filter
def tick_mark(tick: str) -> str:
    """The verdict whose mark is drawn beside it."""
    return _TICKS[tick][0]


@register.simple_tag
def marked_words(review: Review, lang: str) -> str:
    """HTML of a text of which words are selected: drawn and said which were, and which should have been.

    `lang` is the page's, for what is said inside a text that may be in another language.
    """
    pieces = [piece if isinstance(piece, str) else _word(piece, lang) for piece in review.text]
    return "".join(pieces)


def _word(word: Option, lang: str) -> str:
    if not word.tick:
        return word.html
    mark = render_to_string("scoring/_outcome_mark.html", {"verdict": tick_mark(word.tick)}).strip()
    said = f'<span class="visually-hidden" lang="{lang}"> ({escape(tick_name(word.tick))})</span>'
    return f'<span class="word is-{word.tick}">{word.html}{mark}{said}</span>'


@register.filter
def movement_rows(movement: Movement) -> list[dict[str, Any]]:
    """The prediction before a sitting and with it: half-points, and their places on a line from 0 on."""
    predictions = [(_("Before"), movement.before), (_("Now"), movement.after)]
    return [_prediction_row(label, one) for label, one in predictions if one is not None]


def _prediction_row(label: str, one: Readiness) -> dict[str, Any]:
    maximum = one.pmf.size - 1
    places = {"at": held_inside(one), "low_at": one.low, "high_at": one.high}
    return {
        "label": label,
        "value": one.expected,
        "low": one.low,
        "high": one.high,
        "maximum": maximum,
        "probability": one.probability,
        **{name: f"{100 * place / maximum:.2f}%" for name, place in places.items()},
    }


@register.filter
def held_inside(prediction: Readiness) -> float:
    """The expected half-points of a prediction, held inside its interval for a picture."""
    return min(max(prediction.expected, prediction.low), prediction.high)
