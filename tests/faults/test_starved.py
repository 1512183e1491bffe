"""What happens to a class at work when what surrounds the intake is slow, full, frozen or gone?

The way of a response touches the web process and the database only. Redis, the worker, the pages and their
connections may all be away: saves go on; a full disk is said with 503, and nothing that was promised is lost.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from redis import Redis

from tests.exams.intake.phone import run
from tests.faults.conftest import Seen, Store, make_room
from tests.faults.phones import WirePhone, request
from tests.faults.servers import ROOT, WebServer
from tests.faults.test_kills import cluster_of
from tests.faults.traffic import hand_in_all, working
from tests.services import redis_process


def test_full_disk_is_said_and_loses_nothing(store: Store, seen: Seen) -> None:
    """F17. Every write to a file of the database's writer fails for a while, then there is room again."""
    room = make_room(store, 6)
    server = store.server()
    phones = room.phones(server)

    async def sit() -> None:
        async with working(phones) as traffic:
            with full_disk(store, server):
                await until(lambda: all(phone.refusals[503] for phone in phones))
                before = traffic.saves
                await asyncio.sleep(1)
                assert traffic.saves == before
            seen("saves resume after there is room again", await traffic.saved(12))
        await hand_in_all(phones)

    run(sit())
    assert server.running()
    assert {status for phone in phones for status in phone.refusals} == {503}
    assert all(wait >= 1 for phone in phones for wait in phone.waits)
    store.books.check(*phones)


def test_worker_is_away_for_the_whole_exam(store: Store) -> None:
    """F16. Handing in is complete without it; it seals and scores when it is back."""
    room = make_room(store, 3)
    server = store.server(worker=False)
    phones = room.phones(server)

    async def sit() -> None:
        async with working(phones) as traffic:
            await traffic.saved(9)
        await hand_in_all(phones)

    run(sit())
    assert {phone.last_reply["receipt"]["final"] for phone in phones} == {False}
    assert all(len(phone.last_reply["receipt"]["code"]) == 7 for phone in phones)
    manage(store, "seal_due")
    manage(store, "score_sittings")
    assert {store.books.state(phone.sitting) for phone in phones} == {"sealed"}
    assert store.books.read("SELECT COUNT(*) FROM scoring_sittingscore WHERE final") == [(3,)]
    store.books.check(*phones)


@pytest.mark.parametrize("fault", ["flushed", "stopped", "killed"])
def test_redis_is_of_no_importance_to_pupils(sqlite_store: Store, fault: str) -> None:
    """F15. Flushed, frozen for as long as the exam lasts, or killed: start, save and hand-in never notice."""
    store = sqlite_store
    room = make_room(store, 4)
    with redis_process() as (url, process):
        server = store.server(worker=True, REDIS_URL=url)
        phones = room.phones(server)
        late = phones.pop()

        async def sit() -> None:
            async with working(phones) as traffic:
                if fault == "flushed":
                    await asyncio.to_thread(flush, url)
                else:
                    process.send_signal(signal.SIGSTOP if fault == "stopped" else signal.SIGKILL)
                await traffic.saved(15)
                await late.begin()  # a start while it is away
            await hand_in_all([*phones, late])

        try:
            run(sit())
            assert {status for phone in [*phones, late] for status in phone.refusals} == set()
            store.books.check(*phones, late)
        finally:
            process.send_signal(signal.SIGCONT)


@pytest.mark.long
def test_pages_wait_for_a_lock_and_saves_do_not(postgres_store: Store, seen: Seen) -> None:
    """F14. Somebody's migration locks a table that every page reads: all page threads hang, no save does."""
    store = postgres_store
    room = make_room(store, 6)
    server = store.server(BRIDGE_THREADS="4")
    phones = room.phones(server)

    async def sit() -> int:
        async with working(phones) as traffic:
            with psycopg.connect(store.url) as other:
                other.execute("LOCK TABLE accounts_enrollment IN ACCESS EXCLUSIVE MODE")
                pages = [asyncio.ensure_future(home_page(phones[0])) for _ in range(12)]
                await asyncio.sleep(1)
                seen("60 saves while every page hangs", await traffic.saved(60))
                hanging = sum(not page.done() for page in pages)
            assert set(await asyncio.gather(*pages)) == {200}
        await hand_in_all(phones)
        return hanging

    assert run(sit()) == 12
    assert {status for phone in phones for status in phone.refusals} == set()
    store.books.check(*phones)


@pytest.mark.long
def test_pages_get_no_connection_and_saves_go_on(postgres_store: Store) -> None:
    """F14. Every connection the database allows is taken; the intake has had its own since it started."""
    store = postgres_store
    room = make_room(store, 4)
    server = store.server()
    phones = room.phones(server)

    async def sit() -> set[int]:
        async with working(phones) as traffic:
            with all_connections(store):
                statuses = await asyncio.gather(*(home_page(phones[0]) for _ in range(12)))
                await traffic.saved(40)
        await hand_in_all(phones)
        return set(statuses)

    assert 500 in run(sit())
    assert {status for phone in phones for status in phone.refusals} == set()
    store.books.check(*phones)


def test_everybody_returns_at_once_after_an_outage(sqlite_store: Store, seen: Seen) -> None:
    """F35, scaled. A class goes on without a server, then all deliver in the same second."""
    store = sqlite_store
    room = make_room(store, 40)
    server = store.server()
    phones = room.phones(server)

    async def sit() -> float:
        for phone in phones:
            await phone.begin()
        server.kill()
        for phone in phones:
            for number in range(60):
                phone.respond("ma-102.1", f"{number}")
            phone.hand_in()
        await asyncio.to_thread(server.start)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.gather(*(phone.deliver() for phone in phones))
        return loop.time() - began

    seen("40 phones deliver 61 events each", run(sit()))
    assert {status for phone in phones for status in phone.refusals} == set()
    store.books.check(*phones)


@pytest.mark.long
def test_who_is_sent_away_comes_back_spread_out(postgres_store: Store, seen: Seen) -> None:
    """F35. While the database is away every phone is told another moment to come back at."""
    store = postgres_store
    room = make_room(store, 60)
    server = store.server()
    phones = room.phones(server)

    async def sit() -> None:
        for phone in phones:
            await phone.begin()
            phone.respond("ma-102.1", "1")
        await asyncio.to_thread(cluster_of(store).kill)
        for _ in range(2):
            await asyncio.gather(*(phone.save(*phone.lines) for phone in phones))
        waits = [phone.waits[-1] for phone in phones]
        assert {status for phone in phones for status in phone.refusals} == {503}
        assert len(set(waits)) >= 8 and max(waits.count(wait) for wait in waits) < 20
        await asyncio.to_thread(cluster_of(store).start)
        # One wait in the test stands for ten on a phone.
        await asyncio.gather(*(back_after(phone, phone.waits[-1] / 10) for phone in phones))

    run(sit())
    store.books.check(*phones)


# ---- helpers -----------------------------------------------------------------------------------------
async def back_after(phone: WirePhone, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await phone.deliver()


async def home_page(phone: WirePhone) -> int:
    reply = await request(phone.address, "GET", "/", headers={"cookie": f"proba_pupil={phone.cookie}"})
    return reply.status


async def until(accept: Callable[[], bool], seconds: float = 30.0) -> None:
    for _ in range(int(seconds * 20)):
        if accept():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("it did not come to that")


@contextmanager
def full_disk(store: Store, server: WebServer) -> Iterator[None]:
    """For whoever writes the database: the web process itself, or PostgreSQL with all its processes."""
    if store.cluster is None:
        server.no_disk()
        yield
        server.disk_again()
        return
    store.cluster.limit_files("0")
    yield
    store.cluster.limit_files("unlimited")
    # PostgreSQL ends itself rather than lose its log; whoever watches over it starts it again.
    if not store.cluster.running():
        store.cluster.start()


@contextmanager
def all_connections(store: Store) -> Iterator[None]:
    """Takes them one after another until there is none left, not even one kept for administrators."""
    held: list[psycopg.Connection] = []
    try:
        with suppress(psycopg.OperationalError):
            while True:
                held.append(psycopg.connect(store.url))
        yield
    finally:
        for connection in held:
            connection.close()


def flush(url: str) -> None:
    with Redis.from_url(url) as client:
        client.flushall()


def manage(store: Store, *command: str) -> None:
    environment = store.server(start=False).environment
    subprocess.run([sys.executable, "manage.py", *command], check=True, cwd=ROOT, env=environment)
