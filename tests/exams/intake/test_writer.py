"""Nobody is told "saved" before the disk is, and nobody's failure is another's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import environ
import psycopg
import pytest
from django.db import connection

from exams.intake.connection import Connection, UnsafeDatabase, connect
from exams.intake.protocol import WireError, parse_save
from exams.intake.saving import Save
from exams.intake.store import SaveResult, Store
from exams.intake.ticket import Ticket
from exams.intake.writer import MAX_WAITING, Overloaded, Unreachable, Writer
from exams.models import Sitting
from tests.exams.intake.desk import MINUTE, NINE, Desk, moment
from tests.exams.intake.phone import Device, run
from tests.factories.accounts import make_class, make_pupil
from tests.factories.exams import make_administration

NOBODY = 999_999_999
Work = Callable[[Store], Any]


@pytest.fixture
def witness(both_databases: None) -> Iterator[Connection]:
    """A second connection, which sees only what is committed."""
    witness = connect(connection.settings_dict)
    yield witness
    witness.close()


def noted(witness: Connection) -> list[str]:
    return [kind for (kind,) in witness.query("SELECT kind FROM exams_sittingevent ORDER BY id")]


def note(key: int, kind: str) -> Work:
    """Writes a row; a sitting that does not exist is found out only at COMMIT, on either database."""

    def work(store: Store) -> str:
        store.db.change(
            "INSERT INTO exams_sittingevent (sitting_id, kind, at, detail) VALUES (%s, %s, %s, '{}')",
            (key, kind, store.db.time_in(1_790_000_000_000)),
        )
        return kind

    return work


def fail(store: Store) -> None:
    store.db.query("SELECT nothing FROM nowhere")


def refuse(store: Store) -> None:
    raise WireError(409, "voided")


class Gate:
    """Keeps the writer busy, so that what is asked for meanwhile becomes one group."""

    def __init__(self, writer: Writer) -> None:
        self._open = threading.Event()
        self._busy = threading.Event()
        self._task = asyncio.ensure_future(writer.do(self._wait))

    def _wait(self, store: Store) -> None:
        self._busy.set()
        self._open.wait()

    async def closed(self) -> None:
        await asyncio.to_thread(self._busy.wait)

    async def open(self) -> None:
        self._open.set()
        await self._task


async def in_one_group(writer: Writer, *works: Work) -> list[Any]:
    gate = Gate(writer)
    await gate.closed()
    tasks = [asyncio.ensure_future(writer.do(work)) for work in works]
    await asyncio.sleep(0)
    await gate.open()
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_the_row_is_there_when_the_reply_is(writer: Writer, trial: Sitting, witness: Connection) -> None:
    async def look() -> list[list[str]]:
        seen = []
        for kind in ("one", "two", "three"):
            await writer.do(note(trial.pk, kind))
            seen.append(noted(witness))
        return seen

    assert run(look()) == [["one"], ["one", "two"], ["one", "two", "three"]]


def test_nothing_is_acknowledged_while_the_transaction_is_open(
    writer: Writer, trial: Sitting, witness: Connection
) -> None:
    async def look() -> tuple[bool, list[str], str]:
        written, go_on = threading.Event(), threading.Event()

        def work(store: Store) -> str:
            kind: str = note(trial.pk, "one")(store)
            written.set()
            go_on.wait()
            return kind

        task = asyncio.ensure_future(writer.do(work))
        await asyncio.to_thread(written.wait)
        before = (task.done(), noted(witness))
        go_on.set()
        return *before, await task

    assert run(look()) == (False, [], "one")


def test_failed_commit_is_no_acknowledgement(writer: Writer, trial: Sitting, witness: Connection) -> None:
    good, bad, other = run(
        in_one_group(writer, note(trial.pk, "good"), note(NOBODY, "bad"), note(trial.pk, "other"))
    )
    assert (good, other) == ("good", "other")
    assert type(bad).__name__ in ("IntegrityError", "ForeignKeyViolation")
    assert noted(witness) == ["good", "other"]


def test_failing_job_does_not_sink_its_group(writer: Writer, trial: Sitting, witness: Connection) -> None:
    replies = run(
        in_one_group(
            writer, note(trial.pk, "one"), fail, refuse, note(trial.pk, "two"), fail, note(trial.pk, "three")
        )
    )
    assert [reply for reply in replies if isinstance(reply, str)] == ["one", "two", "three"]
    assert isinstance(replies[2], WireError) and replies[2].code == "voided"
    assert [type(replies[index]).__name__ in ("OperationalError", "UndefinedTable") for index in (1, 4)] == [
        True,
        True,
    ]
    assert noted(witness) == ["one", "two", "three"]


def test_full_queue_is_told_at_once_and_empties_again(writer: Writer) -> None:
    async def fill() -> tuple[str, int]:
        gate = Gate(writer)
        await gate.closed()
        tasks = [asyncio.ensure_future(writer.do(lambda store: 1)) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        try:
            await writer.do(lambda store: 1)
            told = "accepted"
        except Overloaded:
            told = "overloaded"
        await gate.open()
        return told, sum(await asyncio.gather(*tasks)) + await writer.do(lambda store: 1)

    assert run(fill()) == ("overloaded", MAX_WAITING + 1)


def test_lost_connection_is_opened_anew(writer: Writer, trial: Sitting, witness: Connection) -> None:
    generation = writer.generation

    async def lose() -> list[Any]:
        with pytest.raises(Exception, match="closed"):
            await writer.do(lambda store: store.db.raw.close())  # type: ignore[attr-defined]
        return await in_one_group(writer, note(trial.pk, "one"), note(trial.pk, "two"))

    assert run(lose()) == ["one", "two"]
    assert noted(witness) == ["one", "two"]
    assert writer.generation == generation


def test_restarted_postgresql_is_found_again(postgres_database: str) -> None:
    address = environ.Env.db_url_config(postgres_database)
    writer = Writer(lambda: connect(address))
    writer.start()

    async def backend() -> int:
        (row,) = await writer.do(lambda store: store.db.query("SELECT pg_backend_pid()"))
        return int(row[0])

    async def lose() -> tuple[int, int, list[Any]]:
        first = await backend()
        with psycopg.connect(postgres_database) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))
        replies = await in_one_group(writer, *[lambda store, n=n: n for n in range(3)])
        return first, await backend(), replies

    first, second, replies = run(lose())
    assert first != second
    assert replies == [0, 1, 2]
    writer.stop()


def test_database_that_is_away_is_said_and_comes_back(both_databases: None, trial: Sitting) -> None:
    address = connection.settings_dict
    away = threading.Event()

    def connect_unless_away() -> Connection:
        if away.is_set():
            raise ConnectionRefusedError
        return connect(address)

    writer = Writer(connect_unless_away)
    writer.start()

    async def go_away() -> tuple[list[str], list[str], str]:
        away.set()
        with pytest.raises(Unreachable):
            await writer.do(lambda store: store.db.raw.close())  # type: ignore[attr-defined]
        names = []
        for _ in range(2):
            replies = await in_one_group_while_away(writer)
            names.append([type(reply).__name__ for reply in replies])
        away.clear()
        return names[0], names[1], await writer.do(note(trial.pk, "back"))

    assert run(go_away()) == (["Unreachable"] * 3, ["Unreachable"] * 3, "back")
    writer.stop()


async def in_one_group_while_away(writer: Writer) -> list[Any]:
    return await asyncio.gather(*(writer.do(lambda store: 1) for _ in range(3)), return_exceptions=True)


def test_unsafe_database_refuses_the_start() -> None:
    writer = Writer(lambda: connect({"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}))
    with pytest.raises(UnsafeDatabase, match="journal_mode=memory"):
        writer.start()


def test_stopping_finishes_what_is_queued_and_takes_no_more(both_databases: None, trial: Sitting) -> None:
    address = connection.settings_dict
    writer = Writer(lambda: connect(address))
    writer.start()

    async def stop() -> list[Any]:
        gate = Gate(writer)
        await gate.closed()
        queued = [asyncio.ensure_future(writer.do(note(trial.pk, kind))) for kind in ("one", "two")]
        await asyncio.sleep(0)
        stopping = asyncio.ensure_future(asyncio.to_thread(writer.stop))
        await gate.open()
        await stopping
        with pytest.raises(Overloaded):
            await writer.do(note(trial.pk, "three"))
        return await asyncio.gather(*queued)

    assert run(stop()) == ["one", "two"]
    assert list(trial.events.values_list("kind", flat=True)) == ["one", "two"]


def test_caller_who_is_gone_holds_nobody_up(writer: Writer, trial: Sitting, witness: Connection) -> None:
    go_on = threading.Event()

    async def leave() -> None:
        waiting = writer.do(lambda store: go_on.wait()), writer.do(note(trial.pk, "left behind"))
        await asyncio.wait([asyncio.ensure_future(one) for one in waiting], timeout=0.01)

    run(leave())  # the event loop is closed while both still wait
    go_on.set()
    assert run(writer.do(note(trial.pk, "next"))) == "next"
    assert noted(witness) == ["left behind", "next"]


def test_whoever_shares_the_database_waits_until_the_writer_is_idle(writer: Writer) -> None:
    async def look() -> tuple[bool, bool]:
        gate = Gate(writer)
        await gate.closed()
        waiting = asyncio.ensure_future(asyncio.to_thread(writer.wait_until_idle))
        await asyncio.sleep(0.05)
        before = waiting.done()
        await gate.open()
        await waiting
        return before, writer._idle.is_set()

    assert run(look()) == (False, True)


def test_hand_in_counts_though_another_process_was_quicker_with_its_neighbour(
    writer: Writer, desk: Desk
) -> None:
    """The group is undone and each tried alone; what it had written may not pass for a repeated hand-in."""
    group = make_class()
    make_pupil(group)
    make_pupil(group)
    one, other = Sitting.objects.filter(administration=make_administration([group], now=moment(NINE)))
    phones = [desk.open(sitting) for sitting in (one, other)]
    for sitting in (one, other):
        desk.start(sitting)

    def save(sitting: Sitting, phone: Device, *lines: str) -> Awaitable[SaveResult]:
        ticket = Ticket(sitting.pk, str(sitting.public_id), phone.device, phone.epoch)
        return writer.save(Save(ticket, parse_save(phone.body(*lines)), NINE + MINUTE))

    async def look() -> list[SaveResult]:
        await save(one, phones[0], phones[0].event("seen", "ma-102.1"))
        line = phones[0].event("response", "ma-102.1", "a")
        desk.save(one, phones[0], line, at=NINE + MINUTE)
        hand_in = phones[1].event("hand_in", value="candidate")
        gate = Gate(writer)
        await gate.closed()
        tasks = [
            asyncio.ensure_future(save(one, phones[0], line)),
            asyncio.ensure_future(save(other, phones[1], hand_in)),
        ]
        await asyncio.sleep(0)
        await gate.open()
        return await asyncio.gather(*tasks)

    repeated, ended = run(look())
    assert (repeated.acked_upto, repeated.facts.state) == (2, "started")
    assert (ended.acked_upto, ended.facts.state, ended.moved) == (1, "handed_in", True)
    other.refresh_from_db()
    assert other.state == "handed_in"
