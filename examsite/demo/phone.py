"""How do a simulated pupil's steps reach the journal? As a phone would send them, over wire version 1.

The lines, their chain of hashes and the batches are those of the player (exams/static/exams/js/player);
they are read by the intake's own parser and saved by the intake's own store.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np

from exams.intake.protocol import parse_save
from exams.intake.store import Store
from exams.intake.ticket import Ticket
from examsite.demo.simulation import Step
from examsite.rehearsal.outbox import EventChain, save_body, save_header

BATCH = 12
"""Steps sent together: a save every few minutes."""


def deliver(
    store: Store, *, key: int, sitting: str, started_at: int, steps: Sequence[Step], rng: np.random.Generator
) -> None:
    """Opens, starts and fills the sitting, with everything arriving when it would have; times in ms.

    To be called inside a transaction of the store's connection.
    """
    phone = Phone(sitting, started_at, rng)
    epoch = store.lease(key, phone.device, phone.opened_at)
    store.start(key, started_at)
    ticket = Ticket(key=key, sitting=sitting, device=phone.device, epoch=epoch)
    batches = [steps[first : first + BATCH] for first in range(0, len(steps), BATCH)]
    for batch in [list(steps)] if phone.offline and steps else batches:
        lines = [phone.line(step, epoch) for step in batch]
        sent_at = started_at + batch[-1].after_ms + int(rng.integers(300, 2_500))
        body = save_body(phone.header(sent_at, store.db.generation), lines)
        store.save(ticket, parse_save(body), sent_at + int(rng.integers(60, 900)))


class Phone:
    """One device with its own clocks and its chain of events."""

    def __init__(self, sitting: str, started_at: int, rng: np.random.Generator) -> None:
        self.device = secrets.token_urlsafe(16)
        self.opened_at = started_at - int(rng.integers(15_000, 300_000))
        self.offline = bool(rng.random() < 0.04)
        # Most phones keep time; one in thirty is minutes off, which must not matter to anybody.
        error_ms = 180_000 if rng.random() < 1 / 30 else 1_500
        self._wall_error = int(rng.normal(0, error_ms))
        self._clock = "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz0123456789"), 6))
        self._started_at = started_at
        self._chain = EventChain(sitting, self.device)

    def line(self, step: Step, epoch: int) -> bytes:
        """The next event of this device, as the exact bytes that are hashed, sent and kept."""
        reading = self._reading(self._started_at + step.after_ms)
        return self._chain.add(step.kind, reading, epoch=epoch, item=step.item, value=step.value)

    def header(self, sent_at: int, generation: str) -> bytes:
        return save_header(self.device, self._reading(sent_at), last=self._chain.seq, generation=generation)

    def _reading(self, at: int) -> dict[str, Any]:
        """What the two clocks show at a moment of server time."""
        return {"clock": self._clock, "mono": at - self.opened_at, "wall": at + self._wall_error}
