"""Requests that are lost, doubled, late or all at once: what stays of them is what the pupil did, once."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from tests.exams.intake.phone import run
from tests.faults.conftest import Store, make_room
from tests.faults.phones import WirePhone
from tests.faults.proxies import LosingProxy, RepeatingProxy

ITEMS = ("ma-102.1", "ma-106.1", "ma-112.1", "ma-116.1")


def work(phone: WirePhone, number: int, seed: int = 7) -> list[str]:
    """So many responses, and their lines."""
    rng = random.Random(f"{seed} {phone.sitting}")
    return [phone.respond(rng.choice(ITEMS), f"{seed}.{count}") for count in range(number)]


def test_reply_lost_after_commit(store: Store) -> None:
    """F4. The phone never hears that it was done, and does it again."""
    room = make_room(store, 1)
    server = store.server()
    (phone,) = room.phones(server)

    async def sit() -> Any:
        with LosingProxy(server.address) as proxy:
            for step in (phone.sign_in, phone.open, phone.start):
                await lose_then_do(proxy, step)
            for _ in range(3):
                lines = work(phone, 2)
                await lose_then_do(proxy, lambda lines=lines: phone.save(*lines))
            line = phone.hand_in()
            await lose_then_do(proxy, lambda: phone.save(line))
            phone.address = server.address
            return proxy.lost, await phone.save(line)

    async def lose_then_do(proxy: LosingProxy, step: Any) -> None:
        phone.address, proxy.losing = proxy.address, True
        with pytest.raises(ConnectionResetError):
            await step()
        proxy.losing = False
        assert (await step()).status == 200

    lost, last = run(sit())
    assert lost == 7
    assert (last.json["acked_upto"], last.json["gaps"], last.json["state"]) == (7, [], "handed_in")
    assert store.books.happened(phone.sitting) == ["started", "handed_in"]
    assert [row.body for row in store.books.journal()] == phone.lines
    assert store.books.conflicts() == []
    store.books.check(phone)


@pytest.mark.parametrize("times", [2, 5])
def test_every_request_arrives_several_times(store: Store, times: int) -> None:
    """F5. A proxy repeats each request while the first is still under way."""
    room = make_room(store, 1)
    server = store.server()
    (phone,) = room.phones(server)

    async def sit() -> list[int]:
        with RepeatingProxy(server.address, times) as proxy:
            phone.address = proxy.address
            await phone.begin()
            for _ in range(4):
                await phone.save(*work(phone, 3))
            await phone.save(phone.hand_in())
            await phone.deliver()
            return proxy.statuses

    statuses = run(sit())
    assert set(statuses) == {200} and len(statuses) == times * 9
    assert [row.body for row in store.books.journal()] == phone.lines
    assert store.books.happened(phone.sitting) == ["started", "handed_in"]
    assert store.books.read("SELECT epoch FROM exams_sittingdevice") == [(1,)]
    store.books.check(phone)


def test_hand_in_overtakes_what_was_made_before_it(store: Store) -> None:
    """F7. The sitting waits for the gap; it is sealed when the last missing event is there, not before."""
    room = make_room(store, 1)
    server = store.server(worker=True)
    (phone,) = room.phones(server)

    async def sit() -> list[Any]:
        await phone.begin()
        lines = [*work(phone, 4), phone.hand_in()]
        replies = [await phone.save(lines[4])]
        replies.append(await phone.save(*lines[2:4]))
        await asyncio.sleep(1.5)  # a worker in a hurry has looked by now
        waiting = store.books.state(phone.sitting)
        replies.append(await phone.save(*lines[:2]))
        sealed = await eventually(lambda: store.books.state(phone.sitting), "sealed")
        return [*[reply.json for reply in replies], waiting, sealed]

    first, second, third, waiting, sealed = run(sit())
    assert (first["state"], first["acked_upto"], first["gaps"]) == ("handed_in", 0, [[1, 4]])
    assert (second["acked_upto"], second["gaps"]) == (0, [[1, 2]])
    assert (waiting, third["acked_upto"], third["gaps"], sealed) == ("handed_in", 5, [], "sealed")
    assert first["receipt"]["code"] == third["receipt"]["code"]
    store.books.check(phone)


def test_fifty_hand_ins_at_once(store: Store) -> None:
    """F8. One of them hands in; all fifty are told the same receipt; it is sealed once."""
    room = make_room(store, 1)
    servers = [store.server(worker=True), store.server(worker=True)]
    (phone,) = room.phones(servers[0])

    async def sit() -> list[Any]:
        await phone.begin()
        await phone.save(*work(phone, 5))
        line = phone.hand_in()

        async def one(number: int) -> Any:
            phone.address = servers[number % 2].address
            return await phone.save(line)

        replies = await asyncio.gather(*(one(number) for number in range(50)))
        await eventually(lambda: store.books.state(phone.sitting), "sealed")
        return replies

    replies = run(sit())
    assert {reply.status for reply in replies} == {200}
    assert len({reply.json["receipt"]["code"] for reply in replies}) == 1
    assert {reply.json["acked_upto"] for reply in replies} == {6}
    assert store.books.happened(phone.sitting) == ["started", "handed_in", "sealed"]
    store.books.check(phone)


def test_two_hundred_starts_at_once(store: Store) -> None:
    """F9. One start, one end, whichever of the servers hears of it."""
    room = make_room(store, 1)
    servers = [store.server(), store.server()]
    (phone,) = room.phones(servers[0])

    async def sit() -> list[Any]:
        await phone.sign_in()
        await phone.open()

        async def one(number: int) -> Any:
            phone.address = servers[number % 2].address
            return await phone.start()

        return await asyncio.gather(*(one(number) for number in range(200)))

    replies = run(sit())
    assert {reply.status for reply in replies} == {200}
    assert len({(reply.json["started_at"], reply.json["ends_at"]) for reply in replies}) == 1
    assert store.books.happened(phone.sitting) == ["started"]
    assert store.books.read("SELECT COUNT(*) FROM exams_sitting") == [(1,)]


def test_a_whole_school_behind_one_address(store: Store) -> None:
    """F37. Nothing on a pupil's way counts requests per address."""
    room = make_room(store, 90)
    server = store.server()

    async def sit() -> list[WirePhone]:
        phones = room.phones(server)
        await asyncio.gather(*(begin_and_work(phone) for phone in phones))
        return phones

    async def begin_and_work(phone: WirePhone) -> None:
        await phone.begin()
        for _ in range(3):
            await phone.save(*work(phone, 2))

    phones = run(sit())
    assert {status for phone in phones for status in phone.refusals} == set()
    store.books.check(*phones)


def test_junk_on_the_way_in_holds_nobody_up(store: Store) -> None:
    """F38. Guessed cards, broken bodies and guessed passwords, while a class sits its trial."""
    room = make_room(store, 5)
    server = store.server()
    over = asyncio.Event()
    refused: list[int] = []

    async def junk(number: int) -> None:
        vandal = WirePhone(server.address, f"AAAA-AAAA-{number:04}", "")
        while not over.is_set():
            refused.append((await vandal.sign_in()).status)
            for body in (b"", b"{", b"\xff\x00", b'{"code": 7}', b"[" * 5000, b"x" * 70_000):
                refused.append((await vandal.post("sign-in", body)).status)
            form = {"content-type": "application/x-www-form-urlencoded"}
            refused.append((await vandal.post("save", b"login=a&password=b", **form)).status)

    async def sit() -> list[WirePhone]:
        vandals = [asyncio.ensure_future(junk(number)) for number in range(8)]
        phones = room.phones(server)
        for phone in phones:
            await phone.begin()
            for _ in range(5):
                await phone.save(*work(phone, 2))
            await phone.deliver()
        over.set()
        await asyncio.gather(*vandals)
        return phones

    phones = run(sit())
    assert {status for phone in phones for status in phone.refusals} == set()
    assert set(refused) <= {400, 401, 413, 415} and len(refused) > 100
    store.books.check(*phones)


async def eventually(read: Any, wanted: Any, seconds: float = 20.0) -> Any:
    """Reads until it is as wanted; what was read last when the time is over."""
    for _ in range(int(seconds * 10)):
        if (found := read()) == wanted:
            break
        await asyncio.sleep(0.1)
    return found
