"""The same intake on two databases: moments and ids survive, and an unsafe or older store is noticed."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import environ
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from exams.intake.connection import (
    Connection,
    JournalRow,
    NotCommitted,
    PostgresConnection,
    SqliteConnection,
    UnsafeDatabase,
    connect,
)
from exams.models import ResponseEvent, Sitting
from tests.exams.intake.desk import NINE, Desk, moment

FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999  # years 1 and 9999


@pytest.fixture
def second(both_databases: None) -> Iterator[Connection]:
    second = connect(connection.settings_dict)
    yield second
    second.close()


@pytest.mark.parametrize("ms", [0, 1, 999, NINE, NINE + 1, NINE + 500, NINE + 999, NINE + 123])
def test_moments_are_what_the_models_read_and_write(desk: Desk, trial: Sitting, ms: int) -> None:
    desk.do(
        lambda store: store.db.change(
            "UPDATE exams_sitting SET started_at = %s WHERE id = %s", (store.db.time_in(ms), trial.pk)
        )
    )
    trial.refresh_from_db()
    assert trial.started_at == moment(ms)
    trial.save()
    assert desk.store.facts(trial.pk).started_at == ms
    assert Sitting.objects.filter(started_at__gte=moment(ms), started_at__lt=moment(ms + 1)).exists()


@given(st.integers(FIRST, LAST))
def test_every_moment_survives_sqlites_text(ms: int) -> None:
    assert SqliteConnection.time_out(SqliteConnection.time_in(ms)) == ms


HARD_TEXTS = ('{"a":"\\"\\\\"}', "", "NULL", "{,}", "\\x41", "ж\u2028\n'$1%s%%")


def test_what_is_hard_to_quote_is_kept_as_it_is(desk: Desk, trial: Sitting) -> None:
    rows: list[JournalRow] = [
        (trial.pk, "d" * 22, seq, 1, "seen", "", text, bytes([seq] * 32), NINE, None, "counted", "")
        for seq, text in enumerate(HARD_TEXTS, start=1)
    ]
    assert desk.do(lambda store: store.db.append(rows)) == len(HARD_TEXTS)
    kept = ResponseEvent.objects.filter(sitting=trial).order_by("seq")
    assert tuple(event.body for event in kept) == HARD_TEXTS
    assert [bytes(event.digest)[0] for event in kept] == list(range(1, len(HARD_TEXTS) + 1))
    assert {event.estimated_at for event in kept} == {None}


def test_nothing_stays_nothing(desk: Desk) -> None:
    assert (desk.db.time_in(None), desk.db.time_out(None)) == (None, None)


def test_ids_are_those_of_the_models(desk: Desk, trial: Sitting) -> None:
    given_id = desk.db.id_in(str(trial.public_id))
    rows = desk.db.query("SELECT id, public_id FROM exams_sitting WHERE public_id = %s", (given_id,))
    assert [(key, desk.db.id_out(found)) for key, found in rows] == [(trial.pk, str(trial.public_id))]
    with pytest.raises(ValueError, match="badly formed"):
        desk.db.id_in("nonsense")


def test_rolled_back_is_gone_and_committed_is_seen(desk: Desk, trial: Sitting, second: Connection) -> None:
    rename = "UPDATE exams_sitting SET handed_in_cause = %s WHERE id = %s"
    look = "SELECT handed_in_cause FROM exams_sitting"
    desk.db.begin()
    assert desk.db.change(rename, ("candidate", trial.pk)) == 1
    assert second.query(look) == [("",)]
    desk.db.rollback()
    desk.db.rollback()  # harmless
    desk.db.begin()
    desk.db.change(rename, ("time", trial.pk))
    desk.db.commit()
    assert second.query(look) == [("time",)]


# ---- SQLite ------------------------------------------------------------------------------------------
@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    path = tmp_path / "proba.sqlite3"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE exams_responseevent (id INTEGER PRIMARY KEY)")
    raw.commit()
    raw.close()
    return path


def generation(path: Path, *, new_rows: int = 0) -> str:
    """Opens as at a start, writes some rows, closes as at a stop."""
    opened = SqliteConnection(path)
    opened.begin()
    opened.change_many("INSERT INTO exams_responseevent DEFAULT VALUES", [()] * new_rows)
    opened.commit()
    opened.close()
    return opened.generation


def test_sqlite_runs_with_a_log_and_full_synchronisation(store_file: Path) -> None:
    opened = SqliteConnection(store_file)
    assert opened.query("PRAGMA journal_mode") == [("wal",)]
    assert opened.query("PRAGMA synchronous") == [(2,)]
    assert opened.query("PRAGMA foreign_keys") == [(1,)]
    opened.close()


def test_sqlite_without_a_log_is_refused() -> None:
    with pytest.raises(UnsafeDatabase, match="journal_mode=memory, synchronous=2"):
        SqliteConnection(Path(":memory:"))


def test_store_keeps_its_name_while_it_grows(store_file: Path) -> None:
    names = {generation(store_file, new_rows=3) for _ in range(3)}
    assert len(names) == 1
    assert re.fullmatch(r"[\w-]{12}", names.pop())


def test_older_copy_gets_a_new_name(store_file: Path, tmp_path: Path) -> None:
    before = generation(store_file, new_rows=3)
    shutil.copy(store_file, tmp_path / "backup")
    assert generation(store_file, new_rows=1) == before
    shutil.copy(tmp_path / "backup", store_file)
    after = generation(store_file)
    assert after != before
    assert generation(store_file) == after


@pytest.mark.parametrize("damage", ["", "only-a-name", "name number", "a b c", "\udcff 7"])
def test_damaged_name_file_gives_a_new_name_and_no_failure(store_file: Path, damage: str) -> None:
    before = generation(store_file, new_rows=1)
    file = store_file.with_name("proba.sqlite3.generation")
    file.write_bytes(damage.encode("utf-8", "surrogateescape"))
    after = generation(store_file)
    assert after != before
    assert file.read_text() == f"{after} 1"
    assert sorted(path.name for path in store_file.parent.iterdir()) == [
        "proba.sqlite3",
        "proba.sqlite3.generation",
    ]


# ---- PostgreSQL --------------------------------------------------------------------------------------
@pytest.fixture
def on_postgres(postgres_database: str) -> Iterator[Callable[..., PostgresConnection]]:
    opened: list[PostgresConnection] = []

    def open_one(**options: str) -> PostgresConnection:
        address = environ.Env.db_url_config(postgres_database) | {"OPTIONS": options}
        found = connect(address)
        assert isinstance(found, PostgresConnection)
        opened.append(found)
        return found

    yield open_one
    for one in opened:
        one.close()


def test_postgresql_is_named_by_system_and_timeline(on_postgres: Callable[..., PostgresConnection]) -> None:
    first, second = on_postgres(), on_postgres()
    assert re.fullmatch(r"\d{15,20}-00000001", first.generation)
    assert second.generation == first.generation


def test_postgresql_that_forgets_is_refused(on_postgres: Callable[..., PostgresConnection]) -> None:
    with pytest.raises(UnsafeDatabase, match="synchronous_commit=off"):
        on_postgres(options="-c synchronous_commit=off")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Belgrade", "America/St_Johns"])
def test_postgres_says_moments_in_any_zone(on_postgres: Callable[..., PostgresConnection], zone: str) -> None:
    second = on_postgres()
    second.change(f"SET TIME ZONE '{zone}'")
    for ms in (NINE, NINE + 1, NINE + 500, NINE + 120):
        ((text,),) = second.query("SELECT %s::timestamptz", (second.time_in(ms),))
        assert second.time_out(text) == ms


def test_options_of_the_address_are_used(on_postgres: Callable[..., PostgresConnection]) -> None:
    named = on_postgres(application_name="proba intake", isolation_level="1", pool="")
    assert named.query("SHOW application_name") == [("proba intake",)]


def test_commit_of_a_failed_transaction_is_no_commit(on_postgres: Callable[..., PostgresConnection]) -> None:
    opened = on_postgres()
    opened.begin()
    with pytest.raises(Exception, match="nowhere"):
        opened.query("SELECT nothing FROM nowhere")
    with pytest.raises(NotCommitted, match="ROLLBACK to COMMIT"):
        opened.commit()
    opened.begin()
    opened.commit()
