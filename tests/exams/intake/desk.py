"""The intake's store without network and without waiting: every moment is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from exams.intake.connection import Connection, connect
from exams.intake.facts import SittingFacts
from exams.intake.protocol import parse_save
from exams.intake.store import SaveResult, Store
from exams.intake.ticket import Ticket
from exams.models import ResponseEvent, Sitting
from tests.exams.intake.phone import Device

T = TypeVar("T")
NINE = 1_790_000_000_000
"""When everything begins, in ms; devices' clocks show it too unless they are wrong."""
MINUTE = 60_000


def moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, tz=UTC)


class Desk:
    """One connection, as the writer has it."""

    def __init__(self, address: dict[str, Any]) -> None:
        self.db: Connection = connect(address)
        self.store = Store(self.db)

    def do(self, work: Callable[[Store], T]) -> T:
        """In a transaction of its own."""
        self.db.begin()
        try:
            result = work(self.store)
            self.db.commit()
        except BaseException:
            self.db.rollback()
            raise
        return result

    def open(self, sitting: Sitting, at: int = NINE, **fields: Any) -> Device:
        device = Device(**({"wall": at} | fields))
        return self.reopen(device, sitting, at)

    def reopen(self, device: Device, sitting: Sitting, at: int) -> Device:
        epoch = self.do(lambda store: store.lease(sitting.pk, device.device, at))
        device.opened(str(sitting.public_id), epoch)
        return device

    def start(self, sitting: Sitting, at: int = NINE, *, on: Device | None = None) -> SittingFacts:
        """On the device given, else on every one that has opened the sitting."""

        def begin(store: Store) -> SittingFacts:
            facts = store.start(sitting.pk, at)
            for device in [on.device] if on else store.devices(sitting.pk):
                store.enter(sitting.pk, device, at)
            return facts

        return self.do(begin)

    def save(self, sitting: Sitting, device: Device, *lines: str, at: int, **header: Any) -> SaveResult:
        ticket = Ticket(sitting.pk, str(sitting.public_id), device.device, device.epoch)
        batch = parse_save(device.body(*lines, **header))
        return self.do(lambda store: store.save(ticket, batch, at))


def verdicts(sitting: Sitting) -> list[tuple[int, str, str]]:
    rows = ResponseEvent.objects.filter(sitting=sitting).order_by("seq")
    return [(row.seq, row.verdict, row.reason) for row in rows]
