"""Is what is stored of one sitting whole, and does it agree with itself? Pure; times are ms since the epoch.

Nothing that the intake wrote beside an event is believed: digest, links and columns are read again from the
event's own bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from exams.counting import Kept, Number, counted
from exams.intake.protocol import WireError, chain_text, genesis, parse_event
from exams.marking import GivenMark
from exams.projection import Projection, project
from exams.verification_remedies import REMEDIES

_VERDICTS = {"counted": False, "late_counted": False, "quarantined": True}  # verdict → has it a reason?


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names the kind (see `exams.verification_remedies`). What is only told is not wrong: it waits."""

    sitting: str
    code: str
    what: str
    device: str = ""
    seq: int | None = None
    wrong: bool = True

    @property
    def remedy(self) -> str:
        return REMEDIES[self.code]


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    device: str
    epoch: int
    entered: bool
    closed: bool
    last_seq: int | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Other bytes under a known number; `counts` None while nobody has decided."""

    device: str
    seq: int
    body: str
    counts: bool | None


@dataclass(frozen=True, slots=True)
class SittingRecord:
    """Everything that is stored of one sitting but its score; `refs` are the items of its form.

    `happenings`: (at, kind, detail) of its events in order; `grants`: (at, seconds); `pauses`: how many open
    pauses concern it; `marks`: what people gave for its texts, by number.
    """

    key: int
    public_id: str
    state: str
    form: int
    time_percent: int
    granted_seconds: int
    limit_seconds: int | None
    closes_at: int | None
    cut_off_ms: int
    started_at: int | None
    ends_at: int | None
    paused_at: int | None
    handed_in_at: int | None
    handed_in_cause: str
    sealed_at: int | None
    refs: frozenset[str]
    practice: bool = False
    devices: tuple[DeviceRecord, ...] = ()
    kept: tuple[Kept, ...] = ()
    decided: Mapping[int, bool] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    happenings: tuple[tuple[int, str, Mapping[str, object]], ...] = ()
    grants: tuple[tuple[int, int], ...] = ()
    pauses: int = 0
    marks: tuple[GivenMark, ...] = ()

    def projection(self) -> Projection:
        """Computed anew from the stored bytes and the decisions."""
        counting: Collection[int] = [key for key, counts in self.decided.items() if counts]
        return project(counted(self.kept, counting, self.instead), practice=self.practice)

    @property
    def instead(self) -> dict[Number, str]:
        return {(one.device, one.seq): one.body for one in self.conflicts if one.counts}

    @property
    def n_counting(self) -> int:
        """On how many decisions that something counts the projection rests."""
        return sum(self.decided.values()) + sum(one.counts is True for one in self.conflicts)


def journal_findings(record: SittingRecord) -> Iterator[Finding]:
    """Bytes, links, numbers and verdicts of every event, device by device, and what people decided."""
    devices = {device.device: device for device in record.devices}
    for name, rows in groupby(record.kept, key=lambda row: row.device):
        device = devices.pop(name, None)
        if device is None:
            yield _of(record, "device", "sent events and is no device of this sitting", name)
        yield from _chain(record, name, list(rows), device)
    for device in devices.values():
        yield from _gaps(record, device, [])
    yield from _decisions(record)
    if [mark.number for mark in record.marks] != list(range(1, len(record.marks) + 1)):
        yield _of(record, "mark", f"numbers {[mark.number for mark in record.marks]} are not 1, 2, 3 …")


def _chain(
    record: SittingRecord, name: str, rows: list[Kept], device: DeviceRecord | None
) -> Iterator[Finding]:
    instead = record.instead
    before = {0: {chain_text(genesis(record.public_id, name))}}
    for row in rows:
        links = {chain_text(row.digest)}
        if (other := instead.get((name, row.seq))) is not None:
            links.add(chain_text(hashlib.sha256(other.encode("utf-8")).digest()))
        yield from _event(record, row, before.get(row.seq - 1))
        before = {row.seq: links}
        if device is not None and row.epoch > device.epoch and row.reason != "unknown_epoch":
            yield _of(record, "epoch", f"epoch {row.epoch}, but the device has {device.epoch}", name, row.seq)
    if device is not None:
        yield from _gaps(record, device, [row.seq for row in rows])


def _event(record: SittingRecord, row: Kept, before: set[str] | None) -> Iterator[Finding]:
    """`before`: what the event may name as its predecessor; None where that has not arrived."""
    line = row.body.encode("utf-8", "surrogatepass")
    place = (row.device, row.seq)
    if hashlib.sha256(line).digest() != row.digest:
        yield _of(record, "digest", "the stored digest is not that of the stored bytes", *place)
    try:
        said = parse_event(line).body
    except WireError as error:
        yield _of(record, "unreadable", f"the stored bytes are no event: {error}", *place)
        return
    columns = (row.seq, row.epoch, row.kind, row.item_ref)
    if (said.seq, said.epoch, said.kind, said.item) != columns:
        own = (said.seq, said.epoch, said.kind, said.item)
        yield _of(record, "columns", f"the bytes say {own}, the columns {columns}", *place)
    if before is not None and said.prev not in before and row.reason != "broken_chain":
        yield _of(record, "chain", "names another event than the one before it", *place)
    if row.verdict not in _VERDICTS or bool(row.reason) is not _VERDICTS[row.verdict]:
        yield _of(record, "verdict", f"verdict {row.verdict!r} with reason {row.reason!r}", *place)
    elif row.verdict != "quarantined" and row.item_ref and row.item_ref not in record.refs:
        yield _of(record, "item", f"counts, but {row.item_ref} is not on the form", *place)


def _gaps(record: SittingRecord, device: DeviceRecord, present: list[int]) -> Iterator[Finding]:
    """What the device has announced, or numbered, and the server does not have."""
    missing: list[str] = []
    number, expected = 0, 1
    for seq in [*present, (max([device.last_seq or 0, *present])) + 1]:
        if seq > expected:
            missing.append(str(expected) if seq - expected == 1 else f"{expected}–{seq - 1}")
            number += seq - expected
        expected = seq + 1
    if number:
        what = f"{number} not here: {', '.join(missing[:10])}{' …' if len(missing) > 10 else ''}"
        yield _of(record, "missing", what, device.device, wrong=False)


def _decisions(record: SittingRecord) -> Iterator[Finding]:
    for row in record.kept:
        if row.verdict == "quarantined" and row.key not in record.decided:
            yield _of(record, "quarantined", row.reason, row.device, row.seq, wrong=False)
        elif row.verdict != "quarantined" and row.key in record.decided:
            yield _of(record, "decision", "decided, though the rules had judged it", row.device, row.seq)
    numbers = {(row.device, row.seq) for row in record.kept}
    counting: set[Number] = set()
    for one in record.conflicts:
        place = (one.device, one.seq)
        if one.counts is None:
            yield _of(record, "conflict", "came twice with different bytes", *place, wrong=False)
        if place not in numbers:
            yield _of(record, "decision", "stands against an event that is not in the journal", *place)
        if one.counts and place in counting:
            yield _of(record, "decision", "two others count in place of one event", *place)
        if one.counts:
            counting.add(place)


def _of(
    record: SittingRecord, code: str, what: str, device: str = "", seq: int | None = None, wrong: bool = True
) -> Finding:
    return Finding(record.public_id, code, what, device, seq, wrong)
