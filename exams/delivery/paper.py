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


class StimulusDiffers(Exception):
    """Two items of one form share the name of a stimulus and not its text."""


@dataclass(frozen=True, slots=True)
class PaperItem:
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


@dataclass(frozen=True, slots=True)
class FormContent:
    form: str
    language: str
    purpose: str
    title: str
    items: Sequence[PaperItem]


def build_paper(content: FormContent) -> dict[str, Any]:
    """The JSON-able document of one form in one language.

    What several items share stands once, in `stimuli` by its id, and the items name it. Raises KeyWouldLeak
    (see the module) and StimulusDiffers when two items mean different things by one id.
    """
    with_keys = content.purpose == "practice"
    stimuli = _stimuli(content.items)
    return {
        "v": 1,
        "form": content.form,
        "language": content.language,
        "purpose": content.purpose,
        "title": content.title,
        "items": [
            _candidate_part(item, number) | (_practice_part(item) if with_keys else {})
            for number, item in enumerate(content.items, start=1)
        ],
        **({"stimuli": stimuli} if stimuli else {}),
    }


def _stimuli(items: Sequence[PaperItem]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for item in items:
        if "stimulus" not in item.content:
            continue
        stimulus = dict(item.content["stimulus"])
        name = stimulus.pop("id")
        if found.setdefault(name, stimulus) != stimulus:
            raise StimulusDiffers(
                f"{item.ref} was compiled with another text of {name} than the item before it"
            )
    return found


def _candidate_part(item: PaperItem, number: int) -> dict[str, Any]:
    return {
        "ref": item.ref,
        "n": number,
        "interaction": item.interaction,
        "max": item.max_half_points,
        "content": _content(item.content),
    }


def _content(content: Mapping[str, Any]) -> dict[str, Any]:
    if "stimulus" not in content:
        return dict(content)
    return {**content, "stimulus": content["stimulus"]["id"]}


def _practice_part(item: PaperItem) -> dict[str, Any]:
    if not item.released:
        raise KeyWouldLeak(f"{item.ref} is not released; take it out of the practice form")
    selection = item.selection or {}
    return {
        "solution": {"key": dict(item.key), **item.solution},
        "why": {
            "reason": selection.get("reason", ""),
            "probability": selection.get("probability"),
            "domain": {"code": item.domain_code, "title": item.domain_title},
        },
    }
