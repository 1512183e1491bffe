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

    `hinted`: a hint was asked for, at any time; an event of this kind is never taken back.
    """

    responses: Mapping[str, Any] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    hinted: frozenset[str] = frozenset()


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


def project(events: Iterable[JournalEvent]) -> Projection:
    """Per item the counted event with the highest (epoch, seq) decides. Only counted events go in."""
    latest: dict[tuple[str, str], JournalEvent] = {}
    seen: set[str] = set()
    for event in events:
        if not event.item_ref:
            continue
        seen.add(event.item_ref)
        key = (event.kind, event.item_ref)
        if key not in latest or _age(event) > _age(latest[key]):
            latest[key] = event
    responses = {ref: event for (kind, ref), event in latest.items() if kind == "response"}
    return Projection(
        responses={ref: readable(event.value) for ref, event in sorted(responses.items())},
        seen=frozenset(seen),
        flags=frozenset(
            ref for (kind, ref), event in latest.items() if kind == "flag" and event.value is True
        ),
        late=frozenset(ref for ref, event in responses.items() if event.late),
        hinted=frozenset(ref for kind, ref in latest if kind == "hint"),
    )


def _age(event: JournalEvent) -> tuple[int, int, str]:
    return event.epoch, event.seq, event.device
