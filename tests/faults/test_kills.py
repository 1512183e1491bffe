"""What is lost when a program dies in the middle of its work? Nothing that was acknowledged, ever."""

from __future__ import annotations

import asyncio

import pytest

from tests.exams.intake.phone import run
from tests.faults.conftest import Seen, Store, make_room
from tests.faults.proxies import Balancer, Proxy
from tests.faults.traffic import hand_in_all, working
from tests.services import PostgresCluster, postgres_cluster


def test_web_process_killed_mid_request(store: Store, seen: Seen) -> None:
    """F10. kill -9 while a class is saving, three times."""
    room = make_room(store, 8)
    server = store.server()
    phones = room.phones(server)

    async def sit() -> None:
        async with working(phones) as traffic:
            for _ in range(3):
                server.kill()
                await asyncio.to_thread(server.start)
                seen("saves go on after the start", await traffic.saved(8))
        await hand_in_all(phones)

    run(sit())
    assert sum(phone.refusals[0] for phone in phones) > 0
    assert {status for phone in phones for status in phone.refusals} <= {0, 503}
    store.books.check(*phones)


@pytest.mark.long
def test_one_of_four_web_processes_killed_then_all(postgres_store: Store, seen: Seen) -> None:
    """F10. Behind one address the others take over; when all are gone, phones wait."""
    store = postgres_store
    room = make_room(store, 12)
    servers = [store.server() for _ in range(4)]
    phones = room.phones(servers[0])

    async def sit() -> None:
        with Balancer([server.address for server in servers]) as balancer:
            for phone in phones:
                phone.address = balancer.address
            async with working(phones) as traffic:
                servers[1].kill()
                seen("with three of four left", await traffic.saved(24))
                for server in servers:
                    server.kill()
                await asyncio.sleep(2)
                for server in servers:
                    await asyncio.to_thread(server.start)
                seen("after all were started again", await traffic.saved(24))
            await hand_in_all(phones)

    run(sit())
    assert sum(phone.refusals[0] for phone in phones) > 0
    store.books.check(*phones)


@pytest.mark.long
def test_postgresql_killed_and_started_again(postgres_store: Store, seen: Seen) -> None:
    """F12. The web processes stay: they say 503 meanwhile, and find the database again by themselves."""
    store = postgres_store
    room = make_room(store, 12)
    servers = [store.server(), store.server()]
    phones = room.phones(*servers)

    async def sit() -> None:
        async with working(phones) as traffic:
            for away in (0.0, 4.0):
                await asyncio.to_thread(cluster_of(store).kill)
                await asyncio.sleep(away)
                await asyncio.to_thread(cluster_of(store).start)
                seen(f"saves resume after {away:.0f} s without a database", await traffic.saved(24))
        await hand_in_all(phones)

    run(sit())
    assert sum(phone.refusals[503] for phone in phones) > 0
    assert {status for phone in phones for status in phone.refusals} <= {0, 503}
    assert all(server.running() for server in servers)
    store.books.check(*phones)


@pytest.mark.long
def test_fail_over_to_a_stand_by_without_the_last_commits(postgres_store: Store, seen: Seen) -> None:
    """F13. The stand-by has not got the last seconds; phones notice the new store and send them again."""
    store, primary = postgres_store, cluster_of(postgres_store)
    room = make_room(store, 12)
    with postgres_cluster("standby") as standby, Proxy(("127.0.0.1", int(primary.port))) as address:
        primary.copy_to(standby, follow=True)
        standby.start()
        database = primary.url.replace(primary.port, str(address.address[1]))
        servers = [store.server(database=database), store.server(database=database)]
        phones = room.phones(*servers)

        async def sit() -> int:
            async with working(phones) as traffic:
                await asyncio.to_thread(wait_for_copy, primary, standby)
                standby_falls_behind(standby)
                await traffic.saved(60)
                await asyncio.to_thread(primary.kill)
                store.url = standby.url
                lost = len(store.books.missing(phones))
                standby.execute("SELECT pg_promote()")
                address.target = ("127.0.0.1", int(standby.port))
                address.cut()
                seen("saves resume after the fail-over", await traffic.saved(24))
            await hand_in_all(phones)
            return lost

        lost = run(sit())
        seen("acknowledged events the stand-by had not got", lost)
        assert lost > 0
        assert {len(phone.generations) for phone in phones} == {2}
        store.books.check(*phones)


@pytest.mark.long
def test_backup_of_five_minutes_ago_put_back_on_postgresql(postgres_store: Store, seen: Seen) -> None:
    """F43. Same server, same timeline, fewer rows: only the falling acknowledgement tells the phones."""
    store, cluster = postgres_store, cluster_of(postgres_store)
    room = make_room(store, 8)
    servers = [store.server(), store.server()]
    phones = room.phones(*servers)

    async def sit() -> int:
        with postgres_cluster("backup") as backup:
            async with working(phones) as traffic:
                await asyncio.to_thread(cluster.copy_to, backup, follow=False)
                await traffic.saved(60)
                await asyncio.to_thread(cluster.kill)
                cluster.take_data_of(backup)
                await asyncio.to_thread(cluster.start)
                lost = len(store.books.missing(phones))
                await traffic.saved(24)
            await hand_in_all(phones)
            return lost

    lost = run(sit())
    seen("acknowledged events the backup had not got", lost)
    assert lost > 0
    store.books.check(*phones)


def test_backup_put_back_on_sqlite(sqlite_store: Store, seen: Seen) -> None:
    """F43. The files of an earlier minute, while phones are at work."""
    store = sqlite_store
    room = make_room(store, 6)
    server = store.server()
    phones = room.phones(server)

    async def sit() -> int:
        async with working(phones) as traffic:
            backup = store.folder / "backup.sqlite3"
            await asyncio.to_thread(store.back_up, backup)
            await traffic.saved(30)
            server.kill()
            store.put_back(backup)
            lost = len(store.books.missing(phones))
            await asyncio.to_thread(server.start)
            await traffic.saved(12)
        await hand_in_all(phones)
        return lost

    lost = run(sit())
    seen("acknowledged events the backup had not got", lost)
    assert lost > 0
    store.books.check(*phones)


def test_backup_from_before_anybody_began(sqlite_store: Store) -> None:
    """F43. Even the starts are gone; a phone that has nothing more to say notices at its next heartbeat."""
    store = sqlite_store
    room = make_room(store, 3)
    backup = store.folder / "backup.sqlite3"
    store.back_up(backup)
    server = store.server()
    phones = room.phones(server)

    async def sit() -> None:
        async with working(phones) as traffic:
            await traffic.saved(9)
        server.kill()
        store.put_back(backup)
        await asyncio.to_thread(server.start)
        await asyncio.gather(*(phone.deliver() for phone in phones))
        await hand_in_all(phones)

    run(sit())
    assert {store.books.state(phone.sitting) for phone in phones} == {"handed_in"}
    store.books.check(*phones)


# ---- helpers -----------------------------------------------------------------------------------------
def cluster_of(store: Store) -> PostgresCluster:
    assert store.cluster is not None
    return store.cluster


def wait_for_copy(primary: PostgresCluster, standby: PostgresCluster) -> None:
    """Until the stand-by has what the primary had at this moment."""
    ((here,),) = primary.execute("SELECT pg_current_wal_lsn()::text")
    for _ in range(300):
        if standby.execute(f"SELECT pg_last_wal_replay_lsn() >= '{here}'") == [(True,)]:
            return
    raise TimeoutError("the stand-by does not follow")


def standby_falls_behind(standby: PostgresCluster) -> None:
    """It receives nothing more, as when the line between the two is overloaded."""
    standby.execute("ALTER SYSTEM SET primary_conninfo = ''")
    standby.execute("SELECT pg_reload_conf()")
