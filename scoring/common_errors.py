"""What did most of those put who were not right, and what is behind it? Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.transliteration import fold_script
from exams.markup import Language
from exams.response_processing import SELECTIONS, score_response
from exams.typed_numbers import readings
from scoring.item_review import Line, Shown, review

WORTH_SHOWING = 2
"""A wrong response of one child is that child's; from two on it is something to talk about in class."""

WHOLE = ""
"""The part of what can only be wrong as a whole: one choice, an order."""


@dataclass(frozen=True, slots=True)
class WrongPart:
    """`same` is equal for entries that mean the same ("3,5" and "3.5")."""

    part: str
    given: Any
    same: str


@dataclass(frozen=True, slots=True)
class CommonError:
    """`n` responses have it. What was taken or ticked is in `choice`; of an order all `lines`; else one line.

    `of_several`: the item has more parts than this one. `misconceptions` as HTML, empty where none is filed.
    """

    n: int
    interaction: str
    choice: Shown
    lines: tuple[Line, ...]
    of_several: bool
    misconceptions: tuple[str, ...]


def wrong_parts(key: Mapping[str, Any], value: object) -> tuple[WrongPart, ...]:
    """The wrong parts of a response, in the key's order; parts left empty are not wrong but missing.

    What is no response to the item at all has no parts, nor has a text that people mark.
    """
    outcome = score_response(key, value)
    if outcome.status != "answered" or all(outcome.parts.values()):
        return ()
    if key["interaction"] in SELECTIONS:
        if not isinstance(value, list) or not all(isinstance(tick, str) for tick in value):
            return ()
        return tuple(WrongPart(part, True, part) for part in outcome.parts if part not in key["correct"])
    if key["interaction"] == "choice":
        return (WrongPart(WHOLE, value, value),) if isinstance(value, str) else ()
    if key["interaction"] == "order":
        return (WrongPart(WHOLE, value, ",".join(map(str, value))),) if isinstance(value, list) else ()
    if not isinstance(value, Mapping):
        return ()
    entries = key.get("fields", key.get("gaps", {}))
    return tuple(
        WrongPart(part, value[part], _same(value[part], entries.get(part)))
        for part, right in outcome.parts.items()
        if right is False
    )


def common_error(
    key: Mapping[str, Any],
    content: Mapping[str, Any],
    misconceptions: Mapping[str, str],
    values: Iterable[object],
    language: Language,
) -> CommonError | None:
    """The wrong choice, tick, pair, entry or order that most responses share; None when no two share any.

    `key`, `content`, `misconceptions` as compiled for one language, `values` as on the wire.
    """
    wrong = [part for value in values for part in wrong_parts(key, value)]
    counts = Counter((one.part, one.same) for one in wrong)
    if not counts:
        return None
    # Equal counts are settled by what was put, never by who came first.
    commonest, n = min(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    if n < WORTH_SHOWING:
        return None
    spellings = Counter(str(one.given) for one in wrong if (one.part, one.same) == commonest)
    spelling = min(spellings, key=lambda text: (-spellings[text], text))
    shown = next(one for one in wrong if (one.part, one.same) == commonest and str(one.given) == spelling)
    value = _with_only(key, shown)
    seen = review(key, content, misconceptions, value, language)
    lines = tuple(line for line in seen.lines if line.own.given)
    choice = next((option.html for option in (*seen.options, *seen.words) if option.is_own), "")
    if not lines and not choice:
        return None
    return CommonError(
        n, seen.interaction, Shown(html=choice), lines, len(seen.lines) > 1, seen.misconceptions
    )


def _with_only(key: Mapping[str, Any], wrong: WrongPart) -> Any:
    """A response in which nothing is given but the wrong part."""
    if wrong.part == WHOLE:
        return wrong.given
    return [wrong.part] if key["interaction"] in SELECTIONS else {wrong.part: wrong.given}


def _same(given: Any, entry: Mapping[str, Any] | None) -> str:
    """A text that is equal for what means the same; typed numbers are read as the key reads them."""
    text = str(given)
    if entry is None or entry["accept"] == "choice":
        return text
    read = readings(text, entry.get("units", ())) if entry["accept"] == "number" else []
    return str(read[0].value) if read else fold_script(text)
