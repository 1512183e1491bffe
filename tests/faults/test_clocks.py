"""Whose clock decides: a phone's, a server's that was set to another time, a country's in October?"""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from exams.actions.sealing import seal_due
from exams.models import Administration, Sitting
from tests.exams.intake.desk import MINUTE, NINE, Desk, moment, verdicts
from tests.exams.intake.phone import run
from tests.faults.conftest import Store, make_room
from tests.services import ServiceMissing

END = NINE + 60 * MINUTE
HOUR = 60 * MINUTE


@pytest.mark.parametrize(
    ("later", "expected", "state"),
    [
        (5 * MINUTE, ("late_counted", ""), "handed_in"),
        (23 * HOUR, ("late_counted", ""), "handed_in"),
        (25 * HOUR, ("quarantined", "after_seal"), "sealed"),
    ],
)
@pytest.mark.parametrize("loads_again", [False, True])
def test_time_over_without_a_network(
    store: Store, later: int, expected: tuple[str, str], state: str, loads_again: bool
) -> None:
    """F29. Half an hour's work is delivered five minutes, 23 hours and 25 hours after the end."""
    room = make_room(store, 1, opens_at=moment(NINE - HOUR))
    with store.django():
        trial, desk = Sitting.objects.get(public_id=room.seats[0][1]), Desk(connection.settings_dict)
        device = desk.open(trial)
        desk.start(trial)
        desk.save(trial, device, at=NINE)
        device.pass_time(1800)
        device.event("response", "ma-102.1", "a")
        device.pass_time(1795)
        device.event("response", "ma-102.1", "b")
        device.pass_time(5 + later // 1000)
        if loads_again:
            device.reload()
        seal_due(now=moment(END + later))
        saved = desk.save(trial, device, *device.lines, at=END + later)
        desk.db.close()
        assert (saved.facts.state, saved.acked_upto) == (state, 2)
        assert verdicts(trial) == [(1, *expected), (2, *expected)]


@pytest.mark.parametrize(
    "begin",
    [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # in Belgrade 2:30, and an hour later 2:30 once more
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # 1:30, and an hour later 3:30
    ],
)
def test_sitting_across_the_change_of_the_clocks(store: Store, begin: datetime) -> None:
    """F44. An hour is an hour, on a phone in Belgrade and on one that is set to another zone."""
    start = round(begin.timestamp() * 1000)
    room = make_room(store, 2, opens_at=begin - timedelta(minutes=5), closes_at=begin + timedelta(hours=3))
    with store.django():
        if connection.vendor == "postgresql":
            # The intake's own session, too, lives in the zone where the clocks change.
            connection.cursor().execute("ALTER ROLE CURRENT_USER SET timezone = 'Europe/Belgrade'")
        desk = Desk(connection.settings_dict)
        for sitting, ahead in zip(Sitting.objects.order_by("pk"), (0, -7 * HOUR), strict=True):
            device = desk.open(sitting, at=start, wall=start + ahead)
            facts = desk.start(sitting, at=start)
            assert facts.ends_at == start + HOUR
            device.pass_time(3590)
            line = device.event("response", "ma-102.1", "a")
            device.pass_time(30)
            saved = desk.save(sitting, device, line, at=start + HOUR + 20_000)
            device.pass_time(60)
            late = device.event("response", "ma-102.1", "b")
            desk.save(sitting, device, late, at=start + HOUR + 80_000)
            assert (saved.facts.ends_at, saved.facts.opens_at) == (start + HOUR, start - 5 * MINUTE)
            assert verdicts(sitting) == [(1, "counted", ""), (2, "quarantined", "after_end")]
        desk.db.close()
        stored = Administration.objects.get(pk=room.administration.pk)
        assert stored.closes_at == begin + timedelta(hours=3)


@pytest.mark.long
@pytest.mark.parametrize("seconds", [-60, -3, 3, 60])
def test_servers_whose_clocks_differ(store: Store, seconds: int) -> None:
    """F19. The first start decides the end for both; phones that go from one to the other lose nothing."""
    room = make_room(store, 2)
    servers = [store.server(), store.server(before=with_clock(seconds))]
    phones = room.phones(*servers)

    async def sit() -> list[Any]:
        ends = []
        for phone in phones:
            await phone.begin()
            for number in range(6):
                phone.address = servers[number % 2].address
                saved = await phone.save(phone.respond("ma-102.1", f"{number}"))
                ends.append((phone.sitting, saved.json["ends_at"]))
            await phone.save(phone.hand_in())
            await asyncio.sleep(0)
        return ends

    ends = run(sit())
    assert len(set(ends)) == 2
    assert store.books.missing(phones) == []
    assert {store.books.state(phone.sitting) for phone in phones} == {"handed_in"}
    store.books.check(*phones)


def with_clock(seconds: int) -> list[str]:
    """A process whose clock is off by so much; how fast time goes by is not changed."""
    program = shutil.which("faketime")
    if program is None:
        raise ServiceMissing("no faketime: install it to run a server with another clock")
    return [program, "--exclude-monotonic", "-f", f"{seconds:+}s"]
