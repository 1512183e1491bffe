"""How does a response of several parts read beside the key, part by part?

Pure and total. HTML comes only from compiled items; what a pupil typed leaves here as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exams.item_slots import written
from exams.markup import Language
from exams.response_processing import ItemOutcome

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A response or a key: compiled `html`, `text` as typed, or the `truth` of a tick; else nothing given.

    `place`: of a choice that stood under a letter, its place among them, from 0.
    """

    html: str = ""
    text: str = ""
    truth: bool | None = None
    place: int | None = None

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


def lines_of(
    key: Mapping[str, Any],
    content: Mapping[str, Any],
    given: object,
    outcome: ItemOutcome,
    language: Language,
) -> tuple[Line, ...]:
    """The parts in the item's order; empty for what is not laid out part by part."""
    lines = _LINES.get(key["interaction"])
    return tuple(lines(key, content, given, outcome, language)) if lines else ()


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
    places = {name: place for place, name in enumerate(choices)}

    def lettered(chosen: object) -> Shown:
        html = _pick(choices, chosen)
        return Shown(html=html, place=places[str(chosen)] if html else None)

    return [
        Line(
            label=row["html"],
            own=lettered(pairs.get(row["id"])),
            right=lettered(key["correct"][row["id"]]),
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
