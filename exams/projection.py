"""What does the journal of a sitting say now? Pure: events in any order give the same answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class JournalEvent:
    """A counted row of the journal with its body parsed; `late` when it was counted after the end.

    `device` decides only between two devices that were given one epoch, as after a restored backup.
    """

    epoch: int
    seq: int
    kind: str
    item_ref: str
    value: Any
    late: bool
    device: str = ""


@dataclass(frozen=True, slots=True)
class Projection:
    """`responses` holds every item ever responded to; a value of None was cleared again.

    Of practice, `checked`: the solution was seen; `hinted`: a hint was asked for before that.
    """

    responses: Mapping[str, Any] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    hinted: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()


_Age = tuple[int, int, str]
_OF_PRACTICE = frozenset({"check", "hint"})
_UNTIL_CHECKED = frozenset({"response", "hint"})
_MOST_PLACES = 1000
UNREADABLE = "\ufffd"
"""Stands for a value of no shape that any interaction has: it is a response, and it is wrong."""


def value_of(body: str) -> Any:
    """What the event with this text says was given; UNREADABLE where Python's parser gives up.

    The intake takes what is well-formed JSON; numbers of thousands of digits and lists in lists in lists are,
    and one such event must not keep the rest of its sitting, or of the country, from being read.
    """
    try:
        return json.loads(body).get("value")
    except (ValueError, RecursionError):
        return UNREADABLE


def readable(value: Any) -> Any:
    """`value` if of a shape that phones send (text, list, object of texts and truth values), else UNREADABLE.

    Whatever else a forged event holds must reach neither the database's JSON nor response processing.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if _clean(value) else UNREADABLE
    if isinstance(value, list) and all(isinstance(part, str) and _clean(part) for part in value):
        return value
    if isinstance(value, dict) and all(
        _clean(key) and (part is None or isinstance(part, bool) or (isinstance(part, str) and _clean(part)))
        for key, part in value.items()
    ):
        return value
    return UNREADABLE


def _clean(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def project(events: Iterable[JournalEvent], *, practice: bool = False) -> Projection:
    """Per item the counted event with the highest (epoch, seq) decides. Only counted events go in.

    In `practice` an item's first check shows its solution: what was responded, or asked for, after it does
    not count. A trial knows neither checks nor hints, whoever forged some.
    """
    own = [event for event in events if event.item_ref and (practice or event.kind not in _OF_PRACTICE)]
    solved: dict[str, _Age] = {}
    for event in own:
        if event.kind == "check":
            solved[event.item_ref] = min(_age(event), solved.get(event.item_ref, _age(event)))
    latest: dict[tuple[str, str], JournalEvent] = {}
    for event in own:
        key = (event.kind, event.item_ref)
        if event.kind in _UNTIL_CHECKED and _age(event) > solved.get(event.item_ref, _age(event)):
            continue
        if key not in latest or _age(event) > _age(latest[key]):
            latest[key] = event
    responses = {ref: event for (kind, ref), event in latest.items() if kind == "response"}
    return Projection(
        responses={ref: readable(event.value) for ref, event in sorted(responses.items())},
        seen=frozenset(event.item_ref for event in own),
        flags=frozenset(
            ref for (kind, ref), event in latest.items() if kind == "flag" and event.value is True
        ),
        late=frozenset(ref for ref, event in responses.items() if event.late),
        hinted=frozenset(ref for kind, ref in latest if kind == "hint"),
        checked=frozenset(solved),
    )


def shown(events: Iterable[JournalEvent]) -> list[tuple[str, Any]]:
    """Of practice: the items in the order of their first showing, each with what was said of it then.

    That is which place it took and why, or beside which item it was asked for; None where nothing was said.
    """
    first: dict[str, JournalEvent] = {}
    for event in events:
        if event.kind == "seen" and event.item_ref:
            first[event.item_ref] = min(event, first.get(event.item_ref, event), key=_age)
    return [(event.item_ref, _told(event.value)) for event in sorted(first.values(), key=_age)]


def _told(value: Any) -> dict[str, Any] | None:
    said = value if isinstance(value, dict) else {}
    found = {key: said[key] for key in ("for", "reason") if isinstance(said.get(key), str)}
    found = {key: text for key, text in found.items() if _clean(text)}
    place, probability = said.get("place"), said.get("probability")
    if type(place) is int and 0 <= place < _MOST_PLACES:
        found["place"] = place
    if isinstance(probability, float) and 0 <= probability <= 1:
        found["probability"] = probability
    return found or None


def _age(event: JournalEvent) -> _Age:
    return event.epoch, event.seq, event.device
