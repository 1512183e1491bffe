"""How do a response and the key look side by side, laid out as the item itself was?

Pure and total, as response processing is: whatever a phone sent, there is something to show. HTML comes
only from compiled items; what a pupil typed leaves here as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from exams.item_document import written
from exams.markup import Language
from exams.response_processing import ItemOutcome, score_response

_GAP = re.compile(r'<span data-gap="([^"]*)"></span>')
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A response or a key: compiled `html`, `text` as typed, or the `truth` of a tick; else nothing given."""

    html: str = ""
    text: str = ""
    truth: bool | None = None

    @property
    def given(self) -> bool:
        return bool(self.html or self.text) or self.truth is not None


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the item: its label, what was given, what is right; `is_right` None for nothing given."""

    label: str
    own: Shown
    right: Shown
    unit: str
    is_right: bool | None


@dataclass(frozen=True, slots=True)
class Option:
    html: str
    is_own: bool
    is_right: bool


@dataclass(frozen=True, slots=True)
class Review:
    """`options` of a choice, `lines` of everything else; `sentence` of a cloze with its gaps filled rightly.

    `misconceptions`: what is behind the wrong parts of this response, HTML, in the item's order.
    `unreadable`: something arrived that is no response to this item, and counted as wrong.
    """

    interaction: str
    options: tuple[Option, ...]
    lines: tuple[Line, ...]
    sentence: str
    misconceptions: tuple[str, ...]
    unreadable: bool


def review(
    key: Mapping[str, Any],
    content: Mapping[str, Any],
    misconceptions: Mapping[str, str],
    value: object,
    language: Language,
) -> Review:
    """`key`, `content` and `misconceptions` as compiled for one language, `value` as on the wire."""
    outcome = score_response(key, value)
    given = None if outcome.status == "omitted" else value
    options = _options(key, content, given) if key["interaction"] == "choice" else ()
    lines = () if options else tuple(_LINES[key["interaction"]](key, content, given, outcome, language))
    return Review(
        interaction=key["interaction"],
        options=options,
        lines=lines,
        sentence=_sentence(content, key, lines),
        misconceptions=tuple(_behind(key, misconceptions, given, outcome)),
        unreadable=given is not None
        and not any(option.is_own for option in options)
        and not any(line.own.given for line in lines),
    )


def _options(key: Mapping[str, Any], content: Mapping[str, Any], given: object) -> tuple[Option, ...]:
    return tuple(
        Option(choice["html"], is_own=choice["id"] == given, is_right=choice["id"] == key["correct"])
        for choice in content["choices"]
    )


def _true_false(
    key: Mapping[str, Any],
    content: Mapping[str, Any],
    given: object,
    outcome: ItemOutcome,
    language: Language,
) -> list[Line]:
    ticks = given if isinstance(given, Mapping) else {}
    return [
        Line(
            label=statement["html"],
            own=Shown(truth=tick if isinstance(tick := ticks.get(statement["id"]), bool) else None),
            right=Shown(truth=key["correct"][statement["id"]]),
            unit="",
            is_right=outcome.parts[statement["id"]],
        )
        for statement in content["statements"]
    ]


def _match(
    key: Mapping[str, Any],
    content: Mapping[str, Any],
    given: object,
    outcome: ItemOutcome,
    language: Language,
) -> list[Line]:
    pairs = given if isinstance(given, Mapping) else {}
    choices = _by_id(content["choices"])
    return [
        Line(
            label=row["html"],
            own=Shown(html=_pick(choices, pairs.get(row["id"]))),
            right=Shown(html=choices[key["correct"][row["id"]]]),
            unit="",
            is_right=outcome.parts[row["id"]],
        )
        for row in content["rows"]
    ]


def _order(
    key: Mapping[str, Any],
    content: Mapping[str, Any],
    given: object,
    outcome: ItemOutcome,
    language: Language,
) -> list[Line]:
    own = given if isinstance(given, list) else []
    choices = _by_id(content["choices"])
    return [
        Line(
            label=str(place),
            own=Shown(html=_pick(choices, own[place - 1] if place <= len(own) else None)),
            right=Shown(html=choices[right]),
            unit="",
            is_right=outcome.parts[str(place)],
        )
        for place, right in enumerate(key["correct"], start=1)
    ]


def _text_entry(
    key: Mapping[str, Any],
    content: Mapping[str, Any],
    given: object,
    outcome: ItemOutcome,
    language: Language,
) -> list[Line]:
    return [
        _entry_line(field["id"], field["label"], field, key["fields"][field["id"]], given, outcome, language)
        for field in content["fields"]
    ]


def _cloze(
    key: Mapping[str, Any],
    content: Mapping[str, Any],
    given: object,
    outcome: ItemOutcome,
    language: Language,
) -> list[Line]:
    return [
        _entry_line(gap, gap, content["gaps"][gap], entry, given, outcome, language)
        for gap, entry in key["gaps"].items()
    ]


def _entry_line(
    part: str,
    label: str,
    asked: Mapping[str, Any],
    entry: Mapping[str, Any],
    given: object,
    outcome: ItemOutcome,
    language: Language,
) -> Line:
    typed = given.get(part) if isinstance(given, Mapping) else None
    if entry["accept"] == "choice":
        choices = _by_id(asked["choices"])
        own, right = Shown(html=_pick(choices, typed)), Shown(html=choices[entry["correct"]])
    else:
        own = Shown(text=typed.strip()[:60] if isinstance(typed, str) else "")
        right = Shown(text=_right_entry(entry, language))
    return Line(label, own, right, str(asked.get("unit", "")), outcome.parts[part])


def _right_entry(entry: Mapping[str, Any], language: Language) -> str:
    if entry["accept"] == "number":
        return written(entry["value"], language)
    words: list[str] = entry["values"]
    wanted = [word for word in words if bool(_CYRILLIC.search(word)) == (language == "sr")]
    return (wanted or words)[0]


def _sentence(content: Mapping[str, Any], key: Mapping[str, Any], lines: tuple[Line, ...]) -> str:
    """The text of a cloze as it should read; the numbers in its gaps are those of the lines below it."""
    if key["interaction"] != "cloze":
        return ""
    by_gap = dict(zip(key["gaps"], lines, strict=True))

    def filled(match: re.Match[str]) -> str:
        line = by_gap[match.group(1)]
        return f'<b class="gap">{line.right.html or escape(line.right.text)}</b>'

    return _GAP.sub(filled, content["text"])


def _behind(
    key: Mapping[str, Any], filed: Mapping[str, str], given: object, outcome: ItemOutcome
) -> list[str]:
    """The misconceptions filed under what was taken, by the rules that practice on the phone follows."""
    if given is None:
        return []
    interaction = key["interaction"]
    found = []
    for name, html in filed.items():
        part, _, wrong = name.partition(":")
        if interaction == "choice":
            fits = name == given
        elif interaction == "order":
            fits = isinstance(given, list) and name.split(",") == given
        elif interaction == "true_false":
            fits = outcome.parts.get(name) is False
        else:
            typed = given.get(part) if isinstance(given, Mapping) else None
            fits = outcome.parts.get(part) is False and _is_entry(key, part, typed, wrong)
        if fits:
            found.append(html)
    return found


def _is_entry(key: Mapping[str, Any], part: str, typed: object, filed: str) -> bool:
    """Is what was typed the wrong entry that is filed, also when written otherwise (3,50 for 3.5)?"""
    entry = key.get("fields", key.get("gaps", {})).get(part, {"accept": "choice"})
    if entry["accept"] == "choice" or not isinstance(typed, str):
        return typed == filed
    if typed.strip() == filed:
        return True
    if entry["accept"] != "number":
        return False
    asked = {
        "interaction": "text_entry",
        "half_points": [0, 2],
        "fields": {part: {"accept": "number", "value": filed, "units": entry.get("units", [])}},
    }
    return score_response(asked, {part: typed}).half_points == 2


def _by_id(choices: list[dict[str, str]]) -> dict[str, str]:
    return {choice["id"]: choice["html"] for choice in choices}


def _pick(choices: Mapping[str, str], chosen: object) -> str:
    return choices.get(chosen, "") if isinstance(chosen, str) else ""


_LINES = {
    "true_false": _true_false,
    "match": _match,
    "order": _order,
    "text_entry": _text_entry,
    "cloze": _cloze,
}
