"""What does the document look like that a phone gets? Pure: the same form always gives the same bytes.

A trial paper is built without ever touching key or solution; a practice paper carries both, for released
items only, so that feedback needs no network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class KeyWouldLeak(Exception):
    """An item that is not released was about to travel with its key."""


@dataclass(frozen=True, slots=True)
class PaperItem:
    """`selection`, `hint` (HTML), `standard_…` and `family` are read for practice alone."""

    ref: str
    interaction: str
    max_half_points: int
    content: Mapping[str, Any]
    released: bool
    key: Mapping[str, Any]
    solution: Mapping[str, Any]
    selection: Mapping[str, Any] | None
    domain_code: str
    domain_title: str
    standard_code: str = ""
    standard_title: str = ""
    family: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FormContent:
    """`practice`: what a phone needs beyond the items to choose and to estimate; it is handed on as it is."""

    form: str
    language: str
    purpose: str
    title: str
    items: Sequence[PaperItem]
    practice: Mapping[str, Any] | None = None


def build_paper(content: FormContent) -> dict[str, Any]:
    """The JSON-able document of one form in one language.

    What several items share stands once, in `stimuli`, and the items name it: by its id, or by another name
    where an item was compiled with an earlier text of it. Raises KeyWouldLeak; see the module.
    """
    with_keys = content.purpose == "practice"
    stimuli: dict[str, dict[str, str]] = {}
    names = [_shared(item.content, stimuli) for item in content.items]
    return {
        "v": 1,
        "form": content.form,
        "language": content.language,
        "purpose": content.purpose,
        "title": content.title,
        "items": [
            _candidate_part(item, number, name) | (_practice_part(item) if with_keys else {})
            for number, (item, name) in enumerate(zip(content.items, names, strict=True), start=1)
        ],
        **({"stimuli": stimuli} if stimuli else {}),
        **({"practice": dict(content.practice)} if with_keys and content.practice is not None else {}),
    }


def _shared(content: Mapping[str, Any], stimuli: dict[str, dict[str, str]]) -> str | None:
    """Puts the item's stimulus among `stimuli`, once, and tells its name there; None without one."""
    if "stimulus" not in content:
        return None
    stimulus = dict(content["stimulus"])
    identifier = str(stimulus.pop("id"))
    name, number = identifier, 1
    while stimuli.setdefault(name, stimulus) != stimulus:
        number += 1
        name = f"{identifier}.{number}"
    return name


def _candidate_part(item: PaperItem, number: int, stimulus: str | None) -> dict[str, Any]:
    return {
        "ref": item.ref,
        "n": number,
        "interaction": item.interaction,
        "max": item.max_half_points,
        "content": dict(item.content) if stimulus is None else {**item.content, "stimulus": stimulus},
    }


def _practice_part(item: PaperItem) -> dict[str, Any]:
    if not item.released:
        raise KeyWouldLeak(f"{item.ref} is not released; take it out of the practice form")
    selection = item.selection or {}
    return {
        "role": selection.get("role", "main"),
        **({"for": selection["for"]} if "for" in selection else {}),
        "standard": {"code": item.standard_code, "title": item.standard_title},
        "family": item.family,
        "solution": {
            "key": dict(item.key),
            **item.solution,
            **({"hint": item.hint} if item.hint else {}),
        },
        "why": {
            "reason": selection.get("reason", ""),
            "probability": selection.get("probability"),
            "domain": {"code": item.domain_code, "title": item.domain_title},
        },
    }
