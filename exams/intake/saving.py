"""How do hundreds of phones' saves become one read and one append? The hot path, whole.

A save is *plain* when its sitting runs, its device has written before, it carries on exactly where that
device's chain ended, and it ends nothing; nearly all are. So is a heartbeat of a phone that has handed in.
Plain saves of one group share one query for what must be known of their sittings, and one append. Everything
else takes the careful way, `Store.save`, which may be as slow as it likes. Both ways judge by the same
functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from exams import timing
from exams.intake import journal
from exams.intake.connection import JournalRow
from exams.intake.facts import Device, Running, newest_epoch
from exams.intake.protocol import Batch, Event, WireError, genesis
from exams.intake.store import SaveResult, Store
from exams.intake.ticket import Ticket

_SITTINGS = """
SELECT s.id, s.state, s.started_at, s.ends_at, s.handed_in_at, s.paused_at, s.form_id,
       COALESCE(s.announcement_id, 0), a.opens_at,
       d.device, d.epoch, d.entered, d.mark_clock, d.mark_mono, d.mark_wall, d.mark_at
FROM exams_sitting s JOIN exams_sittingdevice d ON d.sitting_id = s.id
LEFT JOIN exams_administration a ON a.id = s.administration_id WHERE """
_HEADS = """
SELECT h.sitting_id, h.device, h.number, h.highest, e.digest
FROM (SELECT sitting_id, device, COUNT(*) AS number, MAX(seq) AS highest
      FROM exams_responseevent WHERE {among} GROUP BY sitting_id, device) h
JOIN exams_responseevent e ON e.sitting_id = h.sitting_id AND e.device = h.device AND e.seq = h.highest
"""
MOST_HEADS = 200_000
Chain = tuple[int, str]


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


class _Known(NamedTuple):
    facts: Running
    devices: dict[str, Device]


def save_group(store: Store, heads: Heads, saves: Sequence[Save]) -> list[SaveResult | WireError]:
    """One result per save, in their order. Runs inside the writer's transaction; nothing of it may be told to
    a phone before COMMIT. Idempotent and indifferent to order, like `Store.save`.
    """
    known = _known(store, {save.ticket.key: save.ticket.sitting for save in saves})
    _load_heads(store, heads, saves)
    results: list[SaveResult | WireError | None] = [None] * len(saves)
    rows: list[JournalRow] = []
    touched: list[int] = []
    for number, save in enumerate(saves):
        found = known.get(save.ticket.key)
        if found is not None and _is_plain(save, found, heads):
            results[number], own_rows = _admit(store, heads, save, found)
            if own_rows:
                rows += own_rows
                touched.append(number)
    if rows and store.db.append(rows) != len(rows):
        # Another process was quicker with one of these events: look at each as it now lies there.
        for number in touched:
            heads.put(saves[number].chain, None)
            results[number] = None
    return [
        result if result is not None else _carefully(store, heads, save)
        for save, result in zip(saves, results, strict=True)
    ]


def _is_plain(save: Save, found: _Known, heads: Heads) -> bool:
    device, head = found.devices.get(save.ticket.device), heads.get(save.chain)
    if device is None or device.epoch < save.ticket.epoch or head is None:
        return False
    if not save.batch.events:
        over = found.facts.state in ("handed_in", "sealed")
        return found.facts.state in ("ready", "started") or (over and save.ticket.key in heads.receipts)
    if found.facts.state != "started" or not device.entered:
        return False
    return all(
        event.body.seq == seq and event.body.kind not in journal.ENDING_KINDS
        for seq, event in enumerate(save.batch.events, start=head.seq + 1)
    )


def _admit(store: Store, heads: Heads, save: Save, found: _Known) -> tuple[SaveResult, list[JournalRow]]:
    facts, device = found.facts, found.devices[save.ticket.device]
    head = heads.get(save.chain) or Head(0, b"")
    mark = timing.ClockMark(journal.clock_of(save.batch.header), save.received_at)
    rows: list[JournalRow] = []
    if save.batch.events:
        origin = journal.Origin(save.ticket, mark, device.mark, save.received_at)
        refs = store.form_refs(facts.form_key)
        for event in save.batch.events:
            judgement = journal.judge(event, origin, facts, refs, device.epoch, head.digest)
            rows.append(journal.row_of(origin, journal.Entry(event, judgement)))
            head = _after(event)
        heads.put(save.chain, head)
    if timing.worth_keeping(mark, device.mark):
        store.keep_mark(save.ticket.key, save.ticket.device, mark)
    seen = save.batch.header.notice
    news = store.news(facts.key, seen) if facts.announcement > seen else []
    epoch = newest_epoch(found.devices) or save.ticket.epoch
    receipt = None
    if facts.state in ("handed_in", "sealed"):
        receipt = heads.receipts[facts.key] | {"final": facts.state == "sealed"}
    return SaveResult(facts, head.seq, [], epoch, receipt, False, news), rows


def _after(event: Event) -> Head:
    return Head(event.body.seq, event.digest)


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
    found: dict[int, _Known] = {}
    for row in db.query(_SITTINGS + db.among("s.id"), (db.list_in(sorted(public_ids)),)):
        if row[0] not in found:
            found[row[0]] = _Known(_running(store, public_ids[row[0]], row[:9]), {})
        device = store.device(*row[9:])
        found[row[0]].devices[device.device] = device
    return found


def _running(store: Store, public_id: str, row: Sequence[Any]) -> Running:
    key, state, started_at, ends_at, handed_in_at, paused_at, form_key, announcement, opens_at = row
    moment = store.db.time_out
    return Running(
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


def _load_heads(store: Store, heads: Heads, saves: Sequence[Save]) -> None:
    """In one query, for the chains this process has not seen yet; those with gaps have no head."""
    wanted = {save.chain: save.ticket for save in saves if heads.get(save.chain) is None}
    if not wanted:
        return
    for (key, device), ticket in wanted.items():
        heads.put((key, device), Head(0, genesis(ticket.sitting, device)))
    keys = sorted({key for key, _ in wanted})
    sql = _HEADS.format(among=store.db.among("sitting_id"))
    for key, device, number, highest, digest in store.db.query(sql, (store.db.list_in(keys),)):
        if (key, device) in wanted:
            heads.put((key, device), Head(highest, bytes(digest)) if number == highest else None)
