"""How is a response written so that a person can read it, whatever the interaction? Pure and total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exams.projection import UNREADABLE, readable
from exams.response_processing import SELECTIONS


@dataclass(frozen=True, slots=True)
class Part:
    """One thing given: `text` as typed or the letter of an option, or the `truth` of a tick.

    `label` names the row, gap or place it belongs to; `readable` is False for what is no response at all.
    """

    label: str = ""
    text: str = ""
    truth: bool | None = None
    readable: bool = True


def parts_of(value: Any, interaction: str = "") -> tuple[Part, ...]:
    """Empty for no response. "b" is b; {"x": "3,5"} is x = 3,5; ["c", "a"] is 1 = c, 2 = a.

    A list of ticks has no places: where any number of things is ticked, ["a", "d"] is a, d.
    """
    value = readable(value)
    if isinstance(value, Mapping):
        return tuple(_part(value[label], label) for label in sorted(value) if value[label] not in (None, ""))
    if isinstance(value, list):
        places = ("" if interaction in SELECTIONS else str(place) for place in range(1, len(value) + 1))
        return tuple(_part(text, place) for text, place in zip(value, places, strict=True))
    return () if value in (None, "") else (_part(value, ""),)


def _part(value: str | bool, label: str) -> Part:
    if isinstance(value, bool):
        return Part(label, truth=value)
    if value == UNREADABLE:
        return Part(label, readable=False)
    return Part(label, text=value)
