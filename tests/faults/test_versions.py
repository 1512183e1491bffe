"""Does an old phone speak with a new server, a newer phone with this one, and a class with both at once?

The wire's version 1 may only be added to. What the first release's player sends is written down here letter
by letter, and must be taken for ever; what a later player may add must not disturb.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

import pytest

from exams.intake.protocol import chain_text, genesis
from tests.exams.intake.phone import run
from tests.faults.conftest import Seen, Store, make_room
from tests.faults.proxies import Balancer
from tests.faults.traffic import hand_in_all, working

# What the first release's player reads in each reply, and of what kind it is.
OPEN = {
    "ticket": str, "vault": str, "epoch": int, "sitting": dict, "items": int, "candidate": dict,
    "papers": dict, "responses": dict, "seen": list, "flags": list, "acked_upto": int, "server_now": int,
    "store_generation": str,
}  # fmt: skip
SITTING = {"id": str, "state": str, "purpose": str, "form": str, "title": dict, "limit_seconds": int}
START = {"state": str, "started_at": int, "ends_at": int, "server_now": int, "store_generation": str}
SAVE = {
    "acked_upto": int, "gaps": list, "epoch": int, "state": str, "ends_at": int, "server_now": int,
    "store_generation": str, "notices": list,
}  # fmt: skip


def test_phone_of_the_first_release(store: Store) -> None:
    """F11. Exactly its requests: no field that came later."""
    room = make_room(store, 1)
    server = store.server()
    (phone,) = room.phones(server)
    device = secrets.token_urlsafe(16)
    wall = int(time.time() * 1000)
    json_type, ndjson = "application/json", "application/x-ndjson"

    async def sit() -> dict[str, dict[str, Any]]:
        await phone.sign_in()
        body = f'{{"sitting":"{phone.sitting}","device":"{device}"}}'.encode()
        opened = (await phone.post("open", body, **{"content-type": json_type})).json
        phone.ticket = opened["ticket"]
        started = (await phone.post("start", b"{}", **{"content-type": json_type})).json
        header = (
            f'{{"v":1,"device":"{device}","clock":"k1","mono":900,"wall":{wall},"last":1,'
            f'"store_generation":"{opened["store_generation"]}"}}'
        )
        event = (
            f'{{"seq":1,"epoch":{opened["epoch"]},"kind":"response","item":"ma-102.1","value":"b",'
            f'"clock":"k1","mono":700,"wall":{wall - 200},'
            f'"prev":"{chain_text(genesis(phone.sitting, device))}"}}'
        )
        saved = await phone.post("save", f"{header}\n{event}".encode(), **{"content-type": ndjson})
        return {"open": opened, "start": started, "save": saved.json}

    replies = run(sit())
    for reply, fields in [
        (replies["open"], OPEN),
        (replies["open"]["sitting"], SITTING),
        (replies["start"], START),
        (replies["save"], SAVE),
    ]:
        kinds = {name: type(reply[name]) for name in fields}
        assert kinds == fields
    assert (replies["save"]["acked_upto"], replies["save"]["state"]) == (1, "started")
    assert [(row.verdict, row.made["value"]) for row in store.books.journal()] == [("counted", "b")]


def test_phone_of_a_later_release(store: Store) -> None:
    """F11. Fields and kinds that this server does not know: kept, acknowledged, and otherwise passed over."""
    room = make_room(store, 1)
    server = store.server()
    (phone,) = room.phones(server)

    async def sit() -> Any:
        await phone.sign_in()
        await phone.open(battery=7, network={"kind": "5g"})
        await phone.start()
        phone.live()
        lines = [
            phone.event("ink", "ma-102.1", {"strokes": [[1, 2]]}, pressure=3),
            phone.event("response", "ma-102.1", "b", confidence=0.5),
            phone.event("response", "ma-102.1", {"later": {"shape": [1]}}, item_version=2),
        ]
        return await phone.save(*lines, offline_since=5, features=["ink"])

    reply = run(sit())
    assert (reply.status, reply.json["acked_upto"], reply.json["gaps"]) == (200, 3, [])
    assert {row.verdict for row in store.books.journal()} == {"counted"}
    assert [row.body for row in store.books.journal()] == phone.lines


@pytest.mark.long
def test_servers_are_replaced_one_after_another(postgres_store: Store, seen: Seen) -> None:
    """F11. A deployment in the middle of the exam: each process ends in order while its neighbour serves."""
    store = postgres_store
    room = make_room(store, 8)
    servers = [store.server(), store.server()]
    phones = room.phones(servers[0])

    async def sit() -> None:
        with Balancer([server.address for server in servers]) as balancer:
            for phone in phones:
                phone.address = balancer.address
            async with working(phones) as traffic:
                for server in servers * 2:
                    await asyncio.to_thread(server.stop)
                    await traffic.saved(16)
                    await asyncio.to_thread(server.start)
                    await traffic.saved(16)
            await hand_in_all(phones)

    run(sit())
    seen("requests that met a process on its way out", sum(sum(p.refusals.values()) for p in phones))
    assert {status for phone in phones for status in phone.refusals} <= {0, 503}
    assert {len(phone.generations) for phone in phones} == {1}
    store.books.check(*phones)
