"""A phone that delivers as it likes: late, twice, with a wrong clock; on the connection of the test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from exams.actions.sealing import seal_due
from exams.intake.borrowed import borrowed_store
from exams.intake.protocol import parse_save
from exams.intake.store import SaveResult
from exams.intake.ticket import Ticket
from exams.models import Sitting
from tests.exams.intake.phone import Device
from tests.factories.accounts import NOW

MINUTE = timedelta(minutes=1)


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def begin(sitting: Sitting, at: datetime = NOW, device: str = "", **clocks: Any) -> Device:
    """The sitting is started from a phone, whose clocks are right unless said otherwise."""
    own = {"device": device} if device else {}
    phone = Device(**(own | {"wall": ms(at)} | clocks))
    store = borrowed_store()
    store.start(sitting.pk, ms(at))
    phone.opened(str(sitting.public_id), store.enter(sitting.pk, phone.device, ms(at)))
    return phone


def respond(phone: Device, values: Mapping[str, Any], *, minutes: float = 1) -> list[str]:
    """Lines of responses, the first of them `minutes` later by the phone's clocks; kept, not sent."""
    phone.pass_time(minutes * 60)
    return [phone.event("response", ref, value) for ref, value in values.items()]


def deliver(sitting: Sitting, phone: Device, lines: list[str], *, at: datetime, **header: Any) -> SaveResult:
    """What the phone sends arrives at `at` by the server's clock; the phone's own follow that."""
    passed = ms(at) - phone.wall
    if not header and passed > 0:
        phone.pass_time(passed / 1000)
    ticket = Ticket(sitting.pk, str(sitting.public_id), phone.device, phone.epoch)
    return borrowed_store().save(ticket, parse_save(phone.body(*lines, **header)), ms(at))


def fresh(sitting: Sitting) -> Sitting:
    return Sitting.objects.select_related("form", "administration", "candidate").get(pk=sitting.pk)


def sealed_while_asleep(
    sitting: Sitting, before: Mapping[str, Any], asleep: Mapping[str, Any]
) -> tuple[Sitting, Device]:
    """`before` arrives; `asleep` is given in time on a phone that comes back a day after the cut-off."""
    phone = begin(sitting)
    deliver(sitting, phone, respond(phone, before), at=NOW + 2 * MINUTE)
    kept = respond(phone, asleep, minutes=30)
    seal_due(now=NOW + timedelta(hours=2))
    seal_due(now=NOW + timedelta(hours=26))
    deliver(sitting, phone, kept, at=NOW + timedelta(hours=48))
    return fresh(sitting), phone
