"""Is what a reply acknowledges on the disk before the reply is on its way? kill -9 cannot show that.

A killed process leaves what it wrote to the operating system, which writes it out some day; only a power cut
takes it. So here the order itself is looked at: the system calls of a web process on SQLite, and the position
up to which PostgreSQL has flushed its log.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.exams.intake.phone import run
from tests.faults.conftest import Store, make_room
from tests.faults.phones import WirePhone
from tests.faults.test_kills import cluster_of
from tests.services import ServiceMissing

# Nothing but the test's own work may write to the log while it is looked at.
_NO_OTHER_WRITERS = {
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
}
_PAGE_HEADER = 40
_CALL = re.compile(r"^(?P<thread>\d+)\s+(?P<at>[\d.]+)\s+(?P<call>\w+)\((?P<rest>.*)$")
_RESUMED = re.compile(r"^(?P<thread>\d+)\s+(?P<at>[\d.]+)\s+<\.\.\. (?P<call>\w+) resumed>(?P<rest>.*)$")


def test_sqlite_is_on_the_disk_before_every_reply(sqlite_store: Store) -> None:
    """The log is synchronised, and that has returned, before the reply to the save is written."""
    store = sqlite_store
    trace = store.folder / "calls"
    room = make_room(store, 1)
    server = store.server(before=traced(trace))
    (phone,) = room.phones(server)
    run(save_several(phone))
    server.stop()

    order = "".join(order_of_calls(trace.read_text(errors="replace")))
    # One letter each: W the log was written, S synchronised, A a save was acknowledged.
    saves = re.findall(r"[WS]*A", order)
    assert len(saves) == 6, order
    assert [save for save in saves if not re.search(r"W.*S+A$", save)] == [], order


@pytest.mark.long
def test_postgresql_has_flushed_before_every_reply(postgres_store: Store) -> None:
    """At the moment of the reply the log is flushed beyond the place where the save's commit ended."""
    assert unflushed_replies(postgres_store, "on") == 0


@pytest.mark.long
def test_postgresql_that_flushes_later_is_found_out(postgres_store: Store) -> None:
    """The same look at a server that acknowledges before it flushes: so the look is worth something. Set in
    the running server, behind the back of the intake, which refuses to start on such a one.
    """
    assert unflushed_replies(postgres_store, "off") > 0


async def save_several(phone: WirePhone) -> None:
    await phone.begin()
    for number in range(5):
        await phone.save(phone.respond("ma-102.1", f"{number}"))
    await phone.save(phone.hand_in())


def traced(target: object) -> list[str]:
    program = shutil.which("strace")
    if program is None:
        raise ServiceMissing("no strace: install it to see in which order a server writes and replies")
    calls = "trace=fdatasync,fsync,write,writev,sendto,sendmsg,pwrite64"
    return [program, "-f", "--seccomp-bpf", "-y", "-ttt", "-s", "200", "-e", calls, "-o", str(target)]


def order_of_calls(trace: str) -> Iterator[str]:
    """W, S and A in the order in which they took place: a write and a reply begin, a synchronisation ends."""
    waiting: set[str] = set()
    for line in trace.splitlines():
        if found := _RESUMED.match(line):
            if found["thread"] in waiting and found["call"] in ("fdatasync", "fsync"):
                waiting.discard(found["thread"])
                yield "S"
        elif found := _CALL.match(line):
            rest, is_sync = found["rest"], found["call"] in ("fdatasync", "fsync")
            if is_sync and "-wal>" in rest and "<unfinished" in rest:
                waiting.add(found["thread"])
            elif is_sync and "-wal>" in rest:
                yield "S"
            elif "-wal>" in rest:
                yield "W"
            elif '\\"acked_upto\\"' in rest and '\\"gaps\\"' in rest:
                yield "A"


def unflushed_replies(store: Store, synchronous_commit: str) -> int:
    """Of sixty saves, how many were acknowledged while their commit was not yet flushed."""
    cluster = cluster_of(store)
    cluster.stop()
    cluster.start(**_NO_OTHER_WRITERS)
    room = make_room(store, 1)
    server = store.server()
    (phone,) = room.phones(server)

    async def sit() -> int:
        await phone.begin()
        with psycopg.connect(store.url, autocommit=True) as witness:
            if synchronous_commit == "off":
                flush_later(witness)
            early = 0
            for number in range(60):
                await phone.save(phone.respond("ma-102.1", f"{number}"))
                early += not flushed_up_to_the_last_commit(witness)
            return early

    return run(sit())


def flushed_up_to_the_last_commit(witness: psycopg.Connection) -> bool:
    """Read at once after the reply: the last thing in the log is the commit that was acknowledged.

    Where that ends exactly with a page of the log, the next place to write is behind the next page's header.
    """
    row = witness.execute(
        "SELECT written - flushed, (flushed - '0/0') % 8192 = 0"
        " FROM (SELECT pg_current_wal_flush_lsn() AS flushed, pg_current_wal_insert_lsn() AS written) AS log"
    ).fetchone()
    assert row is not None
    ahead, at_the_end_of_a_page = row
    return bool(ahead <= (_PAGE_HEADER if at_the_end_of_a_page else 0))


def flush_later(witness: psycopg.Connection) -> None:
    witness.execute("ALTER SYSTEM SET synchronous_commit = off")
    witness.execute("ALTER SYSTEM SET wal_writer_delay = '2s'")
    witness.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)
    assert witness.execute("SHOW synchronous_commit").fetchone() == ("off",)
