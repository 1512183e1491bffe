"""Is anything lost of a million answers while web processes and database are killed over and over?"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Sequence
from typing import Any

import pytest

from tests.exams.intake.phone import run
from tests.faults.conftest import Seen, Store, make_room
from tests.faults.phones import WirePhone
from tests.faults.traffic import ITEMS, hand_in_all

ANSWERS = 500_000
"""On each of the two databases."""
PUPILS = 100
AT_ONCE = 40
BETWEEN_KILLS = 4.0
Acknowledged = dict[tuple[str, str], str]


class Ledger:
    """What was acknowledged, written down as the replies come: per (sitting, item) the last value."""

    def __init__(self) -> None:
        self.answers = 0
        self.last: Acknowledged = {}

    def note(self, phone: WirePhone, lines: Sequence[str]) -> None:
        for line in lines:
            event = json.loads(line)
            self.last[phone.sitting.replace("-", ""), event["item"]] = event["value"]
        self.answers += len(lines)


async def _write(phone: WirePhone, seed: int, ledger: Ledger, share: int) -> None:
    rng = random.Random(seed)
    for number in range(0, share, AT_ONCE):
        before = phone.seq
        for one in range(number, min(share, number + AT_ONCE)):
            phone.respond(rng.choice(ITEMS), f"{seed}.{one}")
        await phone.deliver(300)
        ledger.note(phone, phone.lines[before:])


async def _kill(store: Store, over: asyncio.Event, killed: list[str]) -> None:
    """The web processes in turn, and on PostgreSQL the database too."""
    turn = 0
    while not over.is_set():
        await asyncio.sleep(BETWEEN_KILLS)
        turn += 1
        if store.cluster is not None and turn % 2:
            await asyncio.to_thread(store.cluster.kill)
            await asyncio.to_thread(store.cluster.start)
            killed.append("database")
        else:
            server = store.servers[turn // 2 % len(store.servers)]
            server.kill()
            await asyncio.to_thread(server.start)
            killed.append("web")


@pytest.mark.long
def test_half_a_million_answers(store: Store, seen: Seen) -> None:
    """On either database; both together are the million."""
    room = make_room(store, PUPILS)
    servers = [store.server() for _ in range(2 if store.cluster else 1)]
    phones = room.phones(*servers)
    ledger, killed = Ledger(), []

    async def sit() -> None:
        await asyncio.gather(*(phone.begin(120) for phone in phones))
        over = asyncio.Event()
        killer = asyncio.ensure_future(_kill(store, over, killed))
        share = ANSWERS // PUPILS
        await asyncio.gather(*(_write(phone, seed, ledger, share) for seed, phone in enumerate(phones)))
        over.set()
        await killer
        await hand_in_all(phones)

    run(sit())
    held = _held(store)
    lost = [key for key, value in ledger.last.items() if held.get(key) != value]
    assert (ledger.answers, len(ledger.last), lost) == (ANSWERS, PUPILS * len(ITEMS), [])
    assert set(killed) == ({"web", "database"} if store.cluster else {"web"})
    rows = store.books.read(
        "SELECT COUNT(*), SUM(CASE WHEN verdict = 'counted' THEN 1 ELSE 0 END) FROM exams_responseevent"
    )
    assert rows == [(ANSWERS + PUPILS, ANSWERS + PUPILS)]
    seen("answers acknowledged and found", ledger.answers)
    seen("kills", len(killed))


def _held(store: Store) -> dict[tuple[str, str], Any]:
    """The newest value of each item as the database has it: nobody changed phones, so by number alone."""
    newest = store.books.read(
        "SELECT s.public_id, e.body FROM exams_responseevent e JOIN exams_sitting s ON s.id = e.sitting_id"
        " JOIN (SELECT sitting_id, item_ref, MAX(seq) AS seq FROM exams_responseevent"
        "       WHERE kind = 'response' GROUP BY sitting_id, item_ref) n"
        " ON n.sitting_id = e.sitting_id AND n.item_ref = e.item_ref AND n.seq = e.seq"
    )
    events = [(str(sitting).replace("-", ""), json.loads(body)) for sitting, body in newest]
    return {(sitting, event["item"]): event["value"] for sitting, event in events}
