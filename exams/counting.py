"""Which events of a sitting count, once people have decided what the rules could not? Pure.

What the rules counted; what was quarantined and a person counts; and, under a number that came twice, the
other event where a person counts that one. `exams.intake.journal.projection` says the same in SQL: this one
also answers what a decision would change, and lets a check recompute what is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from exams.intake.protocol import parse_event
from exams.projection import JournalEvent, value_of

Number = tuple[str, int]
"""A device and its own count of the event."""
_WITH_VALUE = frozenset({"response", "flag"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the journal, `key` its own; `digest` and `reason` are for those who check it."""

    key: int
    device: str
    seq: int
    epoch: int
    kind: str
    item_ref: str
    body: str
    verdict: str
    digest: bytes = b""
    reason: str = ""


def counted(
    kept: Iterable[Kept], decided: Collection[int] = (), instead: Mapping[Number, str] | None = None
) -> Iterator[JournalEvent]:
    """`decided`: keys of quarantined rows that count; `instead`: bodies that count in another's place."""
    others = instead or {}
    for row in kept:
        if (other := others.get((row.device, row.seq))) is not None:
            yield other_event(row.device, row.seq, other)
        elif row.verdict != "quarantined" or row.key in decided:
            value = value_of(row.body) if row.kind in _WITH_VALUE else None
            late = row.verdict != "counted"
            yield JournalEvent(row.epoch, row.seq, row.kind, row.item_ref, value, late, row.device)


def other_event(device: str, seq: int, body: str) -> JournalEvent:
    """What came under a known number: only its text was kept, so everything is read from there."""
    said = parse_event(body.encode("utf-8")).body
    return JournalEvent(said.epoch, seq, said.kind, said.item, value_of(body), True, device)
