"""How do hundreds of phones' saves become one read and one append? The hot path, whole.

A save is *plain* when its sitting runs, its device has written before, and it carries on exactly where that
device's chain ended; nearly all are. So is a heartbeat of a phone that has handed in.
Plain saves of one group share one query for what must be known of their sittings, and one append. Everything
else takes the careful way, `Store.save`, which may be as slow as it likes. Both ways judge by the same
functions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from exams import timing
from exams.intake import journal
from exams.intake.connection import JournalRow
from exams.intake.facts import Device, DeviceMark, Running, device_of, newest_epoch
from exams.intake.protocol import Batch, WireError, genesis
from exams.intake.store import SaveResult, Store
from exams.intake.ticket import Ticket

_COLUMNS = """
s.id, s.state, s.started_at, s.ends_at, s.handed_in_at, s.paused_at, s.form_id,
COALESCE(s.announcement_id, 0), a.opens_at,
d.device, d.epoch, d.entered, d.mark_clock, d.mark_mono, d.mark_wall, d.mark_at
"""
_SITTINGS = """
FROM exams_sitting s JOIN exams_sittingdevice d ON d.sitting_id = s.id
LEFT JOIN exams_administration a ON a.id = s.administration_id WHERE """
_HEADS = """
SELECT h.s, h.d, h.number, h.highest, e.digest
FROM (SELECT w.s, w.d, COUNT(*) AS number, MAX(e.seq) AS highest
      FROM {chains} w JOIN exams_responseevent e ON e.sitting_id = w.s AND e.device = w.d AND e.seq > w.k
      GROUP BY w.s, w.d) h
JOIN exams_responseevent e ON e.sitting_id = h.s AND e.device = h.d AND e.seq = h.highest
"""
MOST_HEADS = 200_000
Chain = tuple[int, str]
Row = tuple[Any, ...]


class Save(NamedTuple):
    ticket: Ticket
    batch: Batch
    received_at: int

    @property
    def chain(self) -> Chain:
        return self.ticket.key, self.ticket.device


class Head(NamedTuple):
    """A device's chain has arrived without gaps up to `seq`, whose event has this digest."""

    seq: int
    digest: bytes


class Heads:
    """Where chains ended when this process last looked. The journal only grows, so a head may be behind but
    is never wrong: a save that does not carry on from it takes the careful way.
    """

    def __init__(self) -> None:
        self._kept: dict[Chain, Head] = {}
        self._pending: dict[Chain, Head | None] = {}
        self.receipts: dict[int, dict[str, Any]] = {}
        """By sitting, as last worked out from its journal: phones that wait for the seal ask every minute."""

    def get(self, chain: Chain) -> Head | None:
        return self._pending[chain] if chain in self._pending else self._kept.get(chain)

    def put(self, chain: Chain, head: Head | None) -> None:
        """To be remembered if the transaction is committed; None: look again next time."""
        self._pending[chain] = head

    def committed(self) -> None:
        if len(self._kept) > MOST_HEADS:
            self._kept.clear()
            self.receipts.clear()
        for chain, head in self._pending.items():
            if head is None:
                self._kept.pop(chain, None)
            else:
                self._kept[chain] = head
        self._pending.clear()

    def forget(self) -> None:
        """Nothing is known any more: the transaction failed, or the connection is another one."""
        self._pending.clear()
        self._kept.clear()
        self.receipts.clear()


class Overtaken(RuntimeError):
    """Another process was quicker with an event of a group that hands in; nothing of it may be kept."""


class _Known(NamedTuple):
    """What the database says of a sitting. `epoch`: under which its newest device writes."""

    facts: Running
    times: timing.SittingTimes
    devices: Mapping[str, Device]
    epoch: int


class _Admitted(NamedTuple):
    result: SaveResult
    rows: list[JournalRow]
    marks: list[DeviceMark]
    endings: list[journal.Ending]


def save_group(store: Store, heads: Heads, saves: Sequence[Save]) -> list[SaveResult | WireError]:
    """One result per save, in their order. Runs inside the writer's transaction; nothing of it may be told to
    a phone before COMMIT. Idempotent and indifferent to order, like `Store.save`. Raises Overtaken: roll
    back, and try each save by itself.
    """
    known = _known(store, {save.ticket.key: save.ticket.sitting for save in saves})
    _load_heads(store, heads, saves)
    results: list[SaveResult | WireError | None] = [None] * len(saves)
    rows: list[JournalRow] = []
    marks: list[DeviceMark] = []
    written: list[int] = []
    ended: dict[int, list[journal.Ending]] = {}
    set_aside: set[int] = set()
    over: set[int] = set()
    for number, save in enumerate(saves):
        key = save.ticket.key
        found = known.get(key)
        if found is None or key in over or not _is_plain(save, found, heads, in_turn=key not in set_aside):
            set_aside.add(key)
            continue
        admitted = _admit(store, heads, save, found)
        results[number] = admitted.result
        marks += admitted.marks
        if admitted.rows:
            rows += admitted.rows
            written.append(number)
        if admitted.endings:
            ended[number] = admitted.endings
            over.add(key)
    if marks:
        store.keep_marks(marks)
    if rows and store.db.append(rows) != len(rows):
        # Another process was quicker with one of these events: look at each as it now lies there. A hand-in
        # that is there already would count as a repeated one, and move nothing.
        if ended:
            raise Overtaken(f"{len(ended)} hand-ins in a group of {len(saves)}")
        for number in written:
            heads.put(saves[number].chain, None)
            results[number] = None
    elif ended:
        _end(store, heads, results, ended)
    return [
        result if result is not None else _carefully(store, heads, save)
        for save, result in zip(saves, results, strict=True)
    ]


def _is_plain(save: Save, found: _Known, heads: Heads, *, in_turn: bool) -> bool:
    """`in_turn`: no earlier save of the sitting waits to be looked at; what ends a sitting comes after it."""
    device, head = found.devices.get(save.ticket.device), heads.get(save.chain)
    if device is None or device.epoch < save.ticket.epoch or head is None:
        return False
    if not save.batch.events:
        over = found.facts.state in ("handed_in", "sealed")
        return found.facts.state in ("ready", "started") or (over and save.ticket.key in heads.receipts)
    if found.facts.state != "started" or not device.entered:
        return False
    seq = head.seq
    for event in save.batch.events:
        seq += 1
        if event.body.seq != seq or (event.body.kind in journal.ENDING_KINDS and not in_turn):
            return False
    return True


def _admit(store: Store, heads: Heads, save: Save, found: _Known) -> _Admitted:
    facts, device, header = found.facts, found.devices[save.ticket.device], save.batch.header
    chain = save.chain
    head = heads.get(chain) or Head(0, b"")
    mark = timing.ClockMark(journal.clock_of(header), save.received_at)
    rows: list[JournalRow] = []
    endings: list[journal.Ending] = []
    if save.batch.events:
        origin = journal.Origin(save.ticket, mark, device.mark, save.received_at, found.times)
        refs = store.form_refs(facts.form_key)
        for event in save.batch.events:
            judgement = journal.judge(event, origin, refs, device.epoch, head.digest)
            rows.append(journal.row_of(origin, event, judgement))
            if event.body.kind in journal.ENDING_KINDS:
                endings += journal.endings(facts, [journal.Entry(event, judgement)], origin)
            head = Head(event.body.seq, event.digest)
        heads.put(chain, head)
    news = store.news(facts.key, header.notice) if facts.announcement > header.notice else []
    receipt = None
    if facts.state in ("handed_in", "sealed"):
        receipt = heads.receipts[facts.key] | {"final": facts.state == "sealed"}
    result = SaveResult(facts, head.seq, [], found.epoch or save.ticket.epoch, receipt, False, news)
    marks = [DeviceMark(*chain, mark)] if timing.worth_keeping(mark, device.mark) else []
    return _Admitted(result, rows, marks, endings)


def _end(
    store: Store,
    heads: Heads,
    results: list[SaveResult | WireError | None],
    ended: dict[int, list[journal.Ending]],
) -> None:
    """Hands in all that these saves (by their place in the group) hand in, and completes their results."""
    store.end([ending for endings in ended.values() for ending in endings])
    before = {number: result for number in ended if isinstance(result := results[number], SaveResult)}
    now = _known(store, {result.facts.key: result.facts.public_id for result in before.values()})
    receipts = store.receipts([known.facts for known in now.values()])
    heads.receipts |= receipts
    for number, result in before.items():
        facts = now[result.facts.key].facts
        results[number] = result._replace(facts=facts, receipt=receipts.get(facts.key), moved=True)


def _carefully(store: Store, heads: Heads, save: Save) -> SaveResult | WireError:
    heads.put(save.chain, None)
    heads.receipts.pop(save.ticket.key, None)
    try:
        saved = store.save(save.ticket, save.batch, save.received_at)
    except WireError as refused:
        # Refusals are decided before anything is written, so the transaction stays whole.
        return refused
    if saved.receipt is not None:
        heads.receipts[save.ticket.key] = saved.receipt
    return saved


def _known(store: Store, public_ids: dict[int, str]) -> dict[int, _Known]:
    """By the sittings' keys; their public ids are those of tickets that we signed."""
    db = store.db
    rows: dict[int, list[Row]] = {}
    for row in db.query_at_once(_COLUMNS, _SITTINGS + db.among("s.id"), (db.list_in(sorted(public_ids)),)):
        rows.setdefault(row[0], []).append(row)
    return {key: _understood(public_ids[key], tuple(own), db.time_out) for key, own in rows.items()}


@lru_cache(maxsize=20_000)
def _understood(public_id: str, rows: tuple[Row, ...], moment: Callable[[Any], int | None]) -> _Known:
    """One sitting's rows, one a device. Most saves find the rows of the save before."""
    key, state, started_at, ends_at, handed_in_at, paused_at, form_key, announcement, opens_at = rows[0][:9]
    facts = Running(
        key=key,
        public_id=public_id,
        state=state,
        started_at=moment(started_at),
        ends_at=moment(ends_at),
        handed_in_at=moment(handed_in_at),
        paused_at=moment(paused_at),
        form_key=form_key,
        announcement=announcement,
        opens_at=moment(opens_at),
    )
    devices = {row[9]: device_of(row[9:], moment) for row in rows}
    return _Known(facts, facts.times, devices, newest_epoch(devices))


def _load_heads(store: Store, heads: Heads, saves: Sequence[Save]) -> None:
    """In one query, for the chains that this process has not seen yet, or that went on in another process;
    those with gaps have no head.
    """
    behind: dict[Chain, int] = {}
    for save in {save.chain: save for save in reversed(saves)}.values():
        head = heads.get(save.chain)
        if _must_look(save, head):
            head = head or Head(0, genesis(save.ticket.sitting, save.ticket.device))
            heads.put(save.chain, head)
            behind[save.chain] = head.seq
    if not behind:
        return
    wanted = [{"s": key, "d": device, "k": seq} for (key, device), seq in behind.items()]
    sql = _HEADS.format(chains=store.db.chains)
    for key, device, number, highest, digest in store.db.query(sql, (json.dumps(wanted),)):
        whole = number == highest - behind[key, device]
        heads.put((key, device), Head(highest, bytes(digest)) if whole else None)


def _must_look(save: Save, head: Head | None) -> bool:
    """A phone that another process told more must not hear less from this one: it would send all again."""
    return head is None or save.batch.header.last > head.seq + len(save.batch.events)
