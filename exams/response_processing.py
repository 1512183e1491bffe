"""How many half-points does a response earn under the key of its item?

Pure and total: a response of any type and shape gives an outcome and never an exception. The same
rules run in a browser for practice (exams/static/exams/js/response_processing.js); both are held
to fixtures/vectors/responses.json.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, Literal

from accounts.transliteration import fold_script, fold_script_keeping_case, without_diacritics
from exams.typed_numbers import Reading, readings

MAX_TEXT_LENGTH: Final = 200
SELECTIONS: Final = frozenset({"multiple_choice", "select_words", "hotspot"})
"""Interactions in which any number of things is ticked."""
_BLANK: Final = re.compile(r"[\s\ufeff]*")


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """`parts`: True right, False wrong, None not filled; ids as in ItemSource.parts.

    A selection's parts are what should be ticked and what was ticked besides. "pending": a person
    has to read it; until then it earns nothing, and is not wrong either.
    """

    half_points: int
    max_half_points: int
    parts: Mapping[str, bool | None]
    status: Literal["answered", "omitted", "pending"]


def score_response(key: Mapping[str, Any], value: object) -> ItemOutcome:
    """The outcome of one response; `key` as compiled by exams.item_compilation, trusted.

    `value` as on the wire: choice "b"; true_false {"1": true}; text_entry {"x": "3,5"} (as typed);
    match {"1": "c"}; order ["c", "a"]; cloze {"1": "b", "2": "12"}; multiple_choice, select_words and
    hotspot ["a", "d"]; extended_text "…". Empty, or with nothing filled, is omitted. A value of another
    type, an unknown id, a repeated place or tick count as wrong.
    """
    table: list[int] = key["half_points"]
    omitted = _is_blank(value) or _is_blank_container(value)
    parts = _PARTS[key["interaction"]](key, None if omitted else value)
    return ItemOutcome(
        half_points=0 if omitted else table[_counted(key, parts)],
        max_half_points=table[-1],
        parts=MappingProxyType(parts),
        status="omitted" if omitted else _status(key, value),
    )


def _counted(key: Mapping[str, Any], parts: Mapping[str, bool | None]) -> int:
    """The place in the table: right parts, less the wrong ones where ticking everything must not pay."""
    right = sum(part is True for part in parts.values())
    if key["interaction"] not in SELECTIONS:
        return right
    return max(0, right - sum(part is False for part in parts.values()))


def _status(key: Mapping[str, Any], value: object) -> Literal["answered", "pending"]:
    waits = key["interaction"] == "extended_text" and isinstance(value, str)
    return "pending" if waits else "answered"


def _is_blank(value: object) -> bool:
    return bool(_BLANK.fullmatch(value)) if isinstance(value, str) else value is None


def _is_blank_container(value: object) -> bool:
    if isinstance(value, Mapping):
        value = list(value.values())
    return isinstance(value, list) and all(_is_blank(part) or part in ([], {}) for part in value)


def _choice(key: Mapping[str, Any], value: object) -> dict[str, bool | None]:
    return {"1": None if value is None else _same(value, key["correct"])}


def _table(key: Mapping[str, Any], value: object) -> dict[str, bool | None]:
    """True/false tables and matchings: one right value per row."""
    return _by_part(key["correct"], value, _same)


def _order(key: Mapping[str, Any], value: object) -> dict[str, bool | None]:
    correct: list[str] = key["correct"]
    places = [str(place) for place, _ in enumerate(correct, 1)]
    if value is None:
        return dict.fromkeys(places, None)
    if not isinstance(value, list) or len(value) > len(correct):
        return dict.fromkeys(places, False)
    given = value + [None] * (len(correct) - len(value))
    return {
        # What is put in two places is in neither: no points for the same choice everywhere.
        place: None if _is_blank(one) else one == right and given.count(one) == 1
        for place, one, right in zip(places, given, correct, strict=True)
    }


def _selection(key: Mapping[str, Any], value: object) -> dict[str, bool | None]:
    correct: list[str] = key["correct"]
    if value is None:
        return dict.fromkeys(correct, None)
    if not isinstance(value, list) or not all(isinstance(tick, str) for tick in value):
        return dict.fromkeys(correct, False)
    ticks = Counter(value)
    # What is ticked twice is ticked wrongly: no phone does that, and it must not pay.
    right = {name: ticks[name] == 1 if name in ticks else None for name in correct}
    return right | {name: False for name in ticks if name not in right}


def _extended_text(key: Mapping[str, Any], value: object) -> dict[str, bool | None]:
    return {"1": None if value is None or isinstance(value, str) else False}


def _text_entry(key: Mapping[str, Any], value: object) -> dict[str, bool | None]:
    return _by_part(key["fields"], value, _entry_is_right)


def _cloze(key: Mapping[str, Any], value: object) -> dict[str, bool | None]:
    return _by_part(key["gaps"], value, _entry_is_right)


def _by_part(expected: Mapping[str, Any], value: object, is_right: Any) -> dict[str, bool | None]:
    if value is None:
        return dict.fromkeys(expected, None)
    if not isinstance(value, Mapping):
        return dict.fromkeys(expected, False)
    return {
        part: None if _is_blank(value.get(part)) else is_right(value[part], right)
        for part, right in expected.items()
    }


def _same(given: object, right: object) -> bool:
    # By type too: 1 is equal to True in Python, but no tick on the wire.
    return type(given) is type(right) and given == right


def _entry_is_right(given: object, entry: Mapping[str, Any]) -> bool:
    if not isinstance(given, str):
        return False
    if entry["accept"] == "choice":
        return bool(given == entry["correct"])
    if entry["accept"] == "text":
        return _is_text(given, entry)
    return any(_is_number(reading, entry) for reading in readings(given, entry.get("units", ())))


def _is_text(given: str, entry: Mapping[str, Any]) -> bool:
    given = given.strip()
    if len(given) > MAX_TEXT_LENGTH:
        return False
    return _fold_text(given, entry) in {_fold_text(value, entry) for value in entry["values"]}


def _fold_text(text: str, entry: Mapping[str, Any]) -> str:
    folded = fold_script_keeping_case(text) if entry.get("case") == "exact" else fold_script(text)
    folded = folded.rstrip(".").rstrip()
    return without_diacritics(folded) if entry.get("diacritics") == "any" else folded


def _is_number(reading: Reading, entry: Mapping[str, Any]) -> bool:
    value = Fraction(entry["value"])
    if abs(reading.value - value) > Fraction(entry.get("tolerance", "0")):
        return False
    match entry.get("form"):
        case "decimal":
            return reading.notation == "decimal"
        case "reduced_fraction" if value.denominator > 1:
            return reading.is_reduced
        case _:
            return True


_PARTS: Final = {
    "choice": _choice,
    "true_false": _table,
    "match": _table,
    "order": _order,
    "text_entry": _text_entry,
    "cloze": _cloze,
    **dict.fromkeys(SELECTIONS, _selection),
    "extended_text": _extended_text,
}
