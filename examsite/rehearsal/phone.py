"""How does one virtual pupil go through the exam, from the card to the sealed sitting?

Moments come from the plan, and latency counts from the moment a request was due, so a slow server cannot
make its own measurement look better by being asked less.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any

from exams.intake.protocol import receipt_code
from examsite.rehearsal.contact import Contact, GaveUp
from examsite.rehearsal.ledger import Ledger, canonical, plain_id
from examsite.rehearsal.outbox import EventChain, Outbox, save_body, save_header
from examsite.rehearsal.script import Step, plan_sitting, possible_responses
from examsite.rehearsal.tally import Tally

HEARTBEAT = (40.0, 80.0)
AT_LEAST = 0.5
"""Heartbeats of a very short rehearsal are not hurried further than this many seconds."""
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Plan:
    """When the phases begin, by the machine's monotonic clock, and how long they last; in seconds.

    `speed_up`: how much faster than the real exam everything happens, heartbeats included.
    """

    sign_in_at: float
    sign_in: float
    start: float
    work: float
    hand_in: float
    speed_up: float
    give_up: float
    lost_share: float = 0.0

    @property
    def start_at(self) -> float:
        return self.sign_in_at + self.sign_in

    @property
    def hand_in_at(self) -> float:
        return self.start_at + self.start + self.work

    @property
    def end(self) -> float:
        """After this nobody tries any more."""
        return self.hand_in_at + self.hand_in + self.give_up


@dataclass(frozen=True, slots=True)
class Pupil:
    """A card, and the sitting if it is known; else the server is asked what lies ahead."""

    code: str
    sitting: str = ""
    number: int = 0


class Phone:
    def __init__(self, pupil: Pupil, plan: Plan, contact: Contact, ledger: Ledger, tally: Tally) -> None:
        self.pupil, self.plan, self.contact = pupil, plan, contact
        self.ledger, self.tally = ledger, tally
        self.rng = random.Random(f"{pupil.code}/{pupil.number}")  # noqa: S311  repeatable, guards nothing
        self.sitting = pupil.sitting
        self.device = "".join(self.rng.choices(_ALPHABET, k=22))
        self.outbox = Outbox()
        self.epoch = 1
        self.state = ""
        self.receipt: dict[str, Any] | None = None
        self.whats: list[tuple[str, str]] = []  # kind and item of each line
        self.told = 0  # up to here the ledger knows
        self.shown: dict[str, str] = {}  # what the last reply to `open` says
        self.online = True
        self._new_page()

    async def live(self) -> None:
        """The whole journey. What goes wrong for good is a problem in the tally, never an exception."""
        try:
            await self._arrive()
            await self._work()
            await self._hand_in()
            await self._look_again()
        except GaveUp as gave_up:
            self.tally.problems.append(f"{self.sitting}: gave up on {gave_up}")
        finally:
            self.contact.hang_up()

    # ---- before ------------------------------------------------------------------------------------
    async def _arrive(self) -> None:
        plan = self.plan
        due = plan.sign_in_at + self.rng.random() * plan.sign_in * 0.9
        await _until(due)
        await self.contact.sign_in(self.pupil.code, due)
        if not self.sitting:
            self.sitting = await self.contact.sitting_ahead()
        self.account = self.ledger.account(plain_id(self.sitting))
        self.chain = EventChain(self.sitting, self.device)
        opened = await self._open("open")
        await self.contact.fetch_locked(opened.get("locked") or {})
        due = plan.start_at + self.rng.random() * plan.start
        await _until(due)
        started = await self.contact.start(due)
        self.epoch = started.get("epoch", self.epoch)
        self.state = started["state"]
        self.tally.counts["started"] += 1
        paper = await self.contact.paper(opened, started)
        self.items = [(item["ref"], possible_responses(item)) for item in paper["items"]]

    async def _open(self, kind: str, due: float | None = None) -> dict[str, Any]:
        opened = await self.contact.open(self.sitting, self.device, self._reading(), kind, due)
        self.epoch, self.state, self.receipt = opened["epoch"], opened["sitting"]["state"], opened["receipt"]
        self._confirmed(opened["acked_upto"], opened["store_generation"])
        return opened

    # ---- during ------------------------------------------------------------------------------------
    async def _work(self) -> None:
        begun = time.monotonic()
        length = self.plan.hand_in_at - begun
        spell = 0
        for step in plan_sitting(self.rng, len(self.items)):
            due = begun + step.at * length
            await self._wait_with_heartbeats(due)
            self._do(step)
            spell = max(spell - 1, step.spell)
            if step.drop:
                self.tally.drops[step.drop] += 1
            if spell:
                self.online = False
                self.contact.hang_up()
                continue
            self.online = True
            if step.drop == "reload":
                await self._reload()
            await self._deliver("save", due, step.drop)
        self.online = True

    def _do(self, step: Step) -> None:
        for what in step.happenings:
            if what.item is None:
                continue
            ref, values = self.items[what.item]
            value: Any = True if what.kind == "flag" else None
            if what.kind == "response":
                value = values[what.pick % len(values)]
                self.ledger.made(plain_id(self.sitting), ref, value)
            self._append(what.kind, ref, value)

    def _append(self, kind: str, item: str = "", value: Any = None) -> None:
        line = self.chain.add(kind, self._reading(), epoch=self.epoch, item=item, value=value)
        self.outbox.lines.append(line)
        self.whats.append((kind, item))

    async def _reload(self) -> None:
        self.contact.hang_up()
        self._new_page()
        await self._open("open again")
        self.outbox.acked = 0

    async def _wait_with_heartbeats(self, due: float) -> None:
        while True:
            pause = self._pause()
            if time.monotonic() + pause >= due or not self.online:
                await _until(due)
                return
            await asyncio.sleep(pause)
            await self._deliver("heartbeat", time.monotonic())

    def _pause(self) -> float:
        return max(self.rng.uniform(*HEARTBEAT) / self.plan.speed_up, AT_LEAST)

    # ---- after -------------------------------------------------------------------------------------
    async def _hand_in(self) -> None:
        due = self.plan.hand_in_at + self.rng.random() * self.plan.hand_in
        await self._wait_with_heartbeats(due)
        self._append("hand_in", value="candidate")
        await self._deliver("hand-in", due)
        self.tally.counts["handed in"] += 1
        while not (self.receipt or {}).get("final"):
            await asyncio.sleep(self._pause())
            await self._deliver("heartbeat", time.monotonic())
        self.tally.counts["sealed"] += 1

    async def _look_again(self) -> None:
        """As on another day: what the server says now is what counts, and what it has lost is sent again."""
        await _until(self.rng.uniform(0, 2) + time.monotonic())
        opened = await self._open("open after")
        if self.outbox.acked < len(self.outbox.lines):
            await self._deliver("save", time.monotonic())
            opened = await self._open("open after")
        self.account.receipt = receipt_code(self.chain.last_digest)
        told = (self.receipt or {}).get("code")
        if told != self.account.receipt:
            self.tally.problems.append(
                f"{self.sitting}: receipt {told} on the server, {self.account.receipt} on the phone"
            )
        self.tally.counts["receipts compared"] += 1
        self.shown = {item: canonical(value) for item, value in opened["responses"].items()}

    # ---- saving ------------------------------------------------------------------------------------
    async def _deliver(self, kind: str, due: float, drop: str = "") -> None:
        """Everything that is owed, again and again until it is confirmed; without anything owed, once."""
        while True:
            batch = next(self.outbox.batches(), None)
            lines = batch.lines if batch else []
            header = save_header(
                self.device, self._reading(), last=len(self.outbox.lines), generation=self.outbox.generation
            )
            lost = drop == "lost" or (bool(lines) and self.rng.random() < self.plan.lost_share)
            fate = "cut" if drop == "cut" else "lost" if lost else ""
            reply = await self.contact.save(save_body(header, lines), kind, due, fate)
            drop, due = "", time.monotonic()
            if reply is not None:
                self.epoch, self.state = max(self.epoch, reply["epoch"]), reply["state"]
                self.receipt = reply["receipt"]
                self._confirmed(reply["acked_upto"], reply["store_generation"])
                self.tally.counts["events sent"] += len(lines)
                if self.outbox.acked >= len(self.outbox.lines):
                    return
                kind = "save" if kind == "heartbeat" else kind

    def _confirmed(self, acked_upto: int, generation: str) -> None:
        self.outbox.confirmed(acked_upto, generation)
        for seq in range(self.told, self.outbox.acked):
            kind, item = self.whats[seq]
            if kind == "response":
                self.ledger.acknowledged(plain_id(self.sitting), item)
        if self.outbox.acked > self.told:
            self.told = self.account.highest[self.device] = self.outbox.acked

    # ---- clocks ------------------------------------------------------------------------------------
    def _new_page(self) -> None:
        self._clock = "".join(self.rng.choices(_ALPHABET, k=6))
        self._loaded = time.monotonic() - 0.2

    def _reading(self) -> dict[str, Any]:
        mono = int((time.monotonic() - self._loaded) * 1000)
        return {"clock": self._clock, "mono": mono, "wall": int(time.time() * 1000)}


async def _until(moment: float) -> None:
    if (pause := moment - time.monotonic()) > 0:
        await asyncio.sleep(pause)
