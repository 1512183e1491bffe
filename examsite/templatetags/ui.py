"""How are numbers, names and the parts of a page written, in the language of the reader?

Each tag has a template in templates/components with a usage example on top; /styleguide/ shows them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django import template
from django.forms import BaseForm, BoundField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.dateformat import format as written_date
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.transliteration import html_to_latin, to_latin
from examsite import charts

register = template.Library()

NO_BREAK_SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"
WORD_JOINER: Final = "\u2060"  # keeps a range such as 11–15 on one line
_HTML_LANG: Final = {"sr": "sr-Cyrl", "sr-latn": "sr-Latn"}
_TONES: Final = {
    "neutral": "dot",
    "info": "info",
    "success": "check",
    "warning": "warning",
    "danger": "danger",
}

_LEVELS: Final = {"error": "danger", "debug": "neutral"}  # Django's words for messages, where they differ


# ---- Values --------------------------------------------------------------------------------------
@register.filter
def points(half_points: float | None, places: int | None = None) -> str:
    """Half-points as points, "11,5" or "11.5"; a fraction goes to the nearest half.

    No trailing zero, unless so many `places` are asked for: for figures that stand below each other.
    """
    if half_points is None:
        return ""
    whole = Decimal(str(half_points)).quantize(Decimal(1), ROUND_HALF_UP)
    return _decimal(whole / 2) if places is None else fixed(float(whole / 2), places)


@register.filter
def span(low: float, high: float) -> str:
    """From so many half-points to so many, as points: "11–15", torn by no line break; "11" if it is one."""
    ends = dict.fromkeys((points(low), points(high)))
    return f"{WORD_JOINER}–{WORD_JOINER}".join(ends)


@register.filter
def thousandths(amount: int | None) -> str:
    """Admission points, stored as integer thousandths, without trailing zeros: 8050 is "8,05"."""
    return "" if amount is None else _decimal(Decimal(amount) / 1000)


@register.filter
def percent(share: float | None, places: int = 0) -> str:
    """A share from 0 to 1 as "76 %" (Serbian, with a space that does not break) or "76%" (English)."""
    if share is None:
        return ""
    number = (Decimal(str(share)) * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    space = "" if _is_english() else NO_BREAK_SPACE
    return f"{number_format(number, decimal_pos=places)}{space}%"


@register.filter
def per_hundred(amount: float | None) -> str:
    """The same of what is counted in hundredths already: 125 is "125 %" or "125%"."""
    return percent(None if amount is None else amount / 100)


@register.filter
def number(value: float | None) -> str:
    """At most two decimal places and marks for thousands, in the reader's notation: "20.194", "20,194"."""
    return "" if value is None else _decimal(Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP))


@register.filter
def fixed(value: float | None, places: int = 2) -> str:
    """As `number`, with always so many decimal places, for figures that stand beside each other."""
    if value is None:
        return ""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return (MINUS if rounded < 0 else "") + number_format(
        abs(rounded), decimal_pos=places, force_grouping=True
    )


def _decimal(value: Decimal) -> str:
    text = f"{value:f}"
    return number_format(text.rstrip("0").rstrip(".") if "." in text else text, force_grouping=True)


@register.filter(expects_localtime=True)
def day(at: date | None, clock: str = "") -> str:
    """A day as staff read it, "16.11.2026." or "16 Nov 2026"; `clock` such as "H:i" adds the time."""
    return _written_day(at, "j M Y" if _is_english() else "j.n.Y.", clock)


@register.filter(expects_localtime=True)
def day_month(at: date | None, clock: str = "") -> str:
    """The same without the year, where it is plain: "16.11." or "16 Nov"."""
    return _written_day(at, "j M" if _is_english() else "j.n.", clock)


def _written_day(at: date | None, pattern: str, clock: str) -> str:
    if at is None:
        return ""
    between = ", " if _is_english() else " "
    return written_date(at, f"{pattern}{between}{clock}" if clock else pattern)


def _is_english() -> bool:
    return get_language() == "en"


@register.filter
def person_name(person: object) -> str:
    """A name as the reader's script has it; names are stored as the school writes them."""
    return _in_script(str(person))


@register.filter(is_safe=True)
def script_html(html: str) -> str:
    """Stored Serbian HTML in the reader's script. Only what was marked safe before is safe after."""
    return html_to_latin(html) if get_language() == "sr-latn" else html


def _in_script(text: str) -> str:
    """Who reads English reads Latin letters, so names come in them there too."""
    return text if get_language() == "sr" else to_latin(text)


@register.simple_tag
def html_lang() -> str:
    """The language and script of the page, as HTML names them."""
    language = get_language() or "sr"
    return _HTML_LANG.get(language, language)


@register.simple_tag
def stored_lang() -> str:
    """The language and script in which stored Serbian text is shown, also on an English page."""
    return "sr-Cyrl" if get_language() == "sr" else "sr-Latn"


# ---- Parts ---------------------------------------------------------------------------------------
@register.inclusion_tag("components/icon.html")
def icon(name: str) -> dict[str, Any]:
    return {"name": name}


@register.inclusion_tag("components/button.html")
def button(
    label: str, *, href: str = "", kind: str = "primary", icon: str = "", **attributes: Any
) -> dict[str, Any]:
    """A link with `href`, otherwise a button; further attributes are written out (`_` becomes `-`)."""
    attributes = attributes if href else {"type": "submit", **attributes}
    classes = "button" + "".join(f" button--{part}" for part in kind.split() if part != "primary")
    return {
        "label": label,
        "href": href,
        "classes": classes,
        "icon": icon,
        "attributes": _attributes(attributes),
    }


@register.inclusion_tag("components/badge.html")
def badge(label: str, *, tone: str = "neutral", icon: str = "") -> dict[str, Any]:
    return {"label": label, "tone": _tone(tone), "icon": icon}


@register.simple_block_tag
def card(content: str, *, title: str = "", level: int = 2, hero: bool = False) -> SafeString:
    """`hero` is for the one thing to do next: at most once on a page."""
    return render_to_string(
        "components/card.html", {"content": content, "title": title, "level": level, "hero": hero}
    )


@register.simple_block_tag
def notice(content: str, *, title: str = "", tone: str = "info", live: bool = False) -> SafeString:
    """`live` announces it to a screen reader when it appears: for what has just happened."""
    tone = _tone(_LEVELS.get(tone, tone))
    context = {"content": content, "title": title, "tone": tone, "icon": _TONES[tone], "live": live}
    return render_to_string("components/notice.html", context)


@register.simple_block_tag
def empty_state(content: str, *, title: str, action: str = "", href: str = "") -> SafeString:
    return render_to_string(
        "components/empty_state.html", {"content": content, "title": title, "action": action, "href": href}
    )


@register.simple_block_tag
def table(content: str, *, caption: str, cards: bool = True, caption_hidden: bool = False) -> SafeString:
    """`cards`: below 640 px each row becomes a card, its cells named by their data-label."""
    context = {"content": content, "caption": caption, "cards": cards, "caption_hidden": caption_hidden}
    return render_to_string("components/table.html", context)


@register.inclusion_tag("components/stat.html")
def stat(value: object, text: str, *, unit: str = "", note: str = "") -> dict[str, Any]:
    return {"value": value, "text": text, "unit": unit, "note": note}


@register.inclusion_tag("components/meter.html")
def meter(label: str, *, value: float, maximum: float, text: str) -> dict[str, Any]:
    """`text` says the same in words ("12 of 20"); numbers in attributes keep their decimal point."""
    return {"label": label, "value": f"{value:g}", "maximum": f"{maximum:g}", "text": text}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Pairs of (label, address) from the top; the last one is this page and is not a link."""
    return {"above": trail[:-1], "here": trail[-1][0] if trail else ""}


# ---- Input ---------------------------------------------------------------------------------------
@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField | None = None,
    *,
    label: str = "",
    name: str = "",
    hint: str = "",
    error: str = "",
    kind: str = "",
    **attributes: Any,
) -> dict[str, Any]:
    """A bound field of an input class, or a plain input from `label`, `name` and attributes."""
    if bound is not None:
        errors = [str(message) for message in bound.errors]
        return {
            "id": bound.auto_id,
            "label": label or bound.label,
            "hint": hint or bound.help_text,
            "errors": errors,
            "kind": kind,
            "group": bound.use_fieldset,
            "control": bound.as_widget(attrs=_described(bound.auto_id, hint or bound.help_text, errors)),
        }
    identity = str(attributes.pop("id", f"id_{name}"))
    errors = [error] if error else []
    attributes = {
        "type": "text",
        **attributes,
        "name": name,
        "id": identity,
        **_described(identity, hint, errors),
    }
    control = format_html("<input{}>", _attributes(attributes))
    return {"id": identity, "label": label, "hint": hint, "errors": errors, "kind": kind, "control": control}


def _described(identity: str, hint: object, errors: Sequence[str]) -> dict[str, str | bool]:
    ids = [f"{identity}_helptext"] * bool(hint) + [f"{identity}_error"] * bool(errors)
    described: dict[str, str | bool] = {"aria-describedby": " ".join(ids)} if ids else {}
    return {**described, "aria-invalid": "true"} if errors else described


@register.inclusion_tag("components/error_summary.html")
def error_summary(source: BaseForm | Sequence[tuple[str, str]]) -> dict[str, Any]:
    """From an input class, or pairs of (id of the control or "", message). Nothing wrong, nothing shown."""
    if not isinstance(source, BaseForm):
        return {"errors": list(source)}
    found = [
        (source[name].auto_id if name in source.fields else "", str(message))
        for name, messages in source.errors.items()
        for message in messages
    ]
    return {"errors": found}


# ---- Pictures ------------------------------------------------------------------------------------
_WRITTEN: Final[dict[str, Callable[[float | None], str]]] = {
    "percent": percent,
    "points": points,
    "number": fixed,
}


@register.inclusion_tag("components/band.html")
def band(
    *,
    low: float,
    expected: float,
    high: float,
    maximum: int = 40,
    probability: float,
    average: float | None = None,
    title: str = "",
) -> dict[str, Any]:
    """A readiness interval, all in half-points; `probability` is the chance of a result from low to high.

    `expected` is where the dot lies; `average` is what the words say it is, where that may lie outside.
    """
    picture = charts.band(low / 2, expected / 2, high / 2, maximum // 2)
    return {
        "band": picture,
        "title": title,
        "span": span(low, high),
        "expected": expected if average is None else average,
        "maximum": maximum,
        "probability": probability,
    }


@register.inclusion_tag("components/interval_chart.html")
def interval_chart(
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str,
    unit: str = "percent",
    minimum: float = 0,
    maximum: float = 1,
    reference: float | None = None,
    reference_label: str = "",
    interval_label: str = "",
) -> dict[str, Any]:
    """Rows of label, value, low, high. `unit`: percent (shares 0 to 1), points (half-points) or number."""
    return {
        "rows": [_dot_row(row, unit) for row in charts.dot_rows(rows, minimum, maximum)],
        "title": title,
        "reference": None if reference is None else charts.share_of(reference, minimum, maximum),
        "reference_text": "" if reference is None else _WRITTEN[unit](reference),
        "reference_label": reference_label,
        "interval_label": interval_label,
    }


def _dot_row(row: charts.DotRow, unit: str) -> dict[str, str]:
    value, low, high = (_WRITTEN[unit](amount) for amount in (row.value, row.low, row.high))
    # The unit once per interval: "66–76 %".
    interval = low.rstrip(f"{NO_BREAK_SPACE}%") + "–" + high
    places = {"at": row.at, "low_at": row.low_at, "high_at": row.high_at}
    return {"label": row.label, "value": value, "low": low, "high": high, "range": interval, **places}


@register.inclusion_tag("components/level_bar.html")
def level_bar(shares: Sequence[tuple[str, float]], *, id: str, title: str) -> dict[str, Any]:
    """Pairs of (level, share 0 to 1), lowest level first. `id` names the pattern: unique on the page."""
    return {"parts": charts.level_parts(shares), "id": id, "title": title}


@register.inclusion_tag("components/heat_cell.html")
def heat_cell(level: int | None, *, text: str, label: str = "") -> dict[str, Any]:
    """A table cell: level 1 to 3 (little, part, most) or None, no evidence; `text` says it in words."""
    if level not in (None, 1, 2, 3):
        raise ValueError(f"no such level: {level}")
    return {"level": level or 0, "text": text, "label": label}


def _tone(tone: str) -> str:
    if tone not in _TONES:
        raise ValueError(f"no such tone: {tone}")
    return tone


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    return flatatt({name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
