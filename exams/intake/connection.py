"""How is the journal's database opened so that an acknowledged response cannot be lost?

The two databases differ in placeholders and in how they hold times and ids; everything else of the
intake's SQL is the same text for both.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import msgspec

# A database server that vanishes without a word is noticed within half a minute, not after two hours.
_NOTICE_DEATH = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
_DJANGO_ONLY = {"assume_role", "isolation_level", "pool", "server_side_binding"}


JournalRow = tuple[int, str, int, int, str, str, str, bytes, int, int | None, str, str]
"""One event as it is appended: sitting, device, seq, epoch, kind, item, body, digest, received and
estimated at (ms), verdict, reason."""

_INSERT = """
INSERT INTO exams_responseevent
  (sitting_id, device, seq, epoch, kind, item_ref, body, digest, received_at, estimated_at, verdict, reason)
VALUES """
_KEEP_FIRST = " ON CONFLICT (sitting_id, device, seq) DO NOTHING"
_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_APPEND = {count: _INSERT + ", ".join([_ROW] * count) + _KEEP_FIRST for count in (128, 16, 4, 1)}
"""Python lets go of its lock for each statement, and may wait for it after each: so many rows go in one."""
_APPEND_ARRAYS = b"""
INSERT INTO exams_responseevent
  (sitting_id, device, seq, epoch, kind, item_ref, body, digest, received_at, estimated_at, verdict, reason)
SELECT s, d, n, e, k, i, b, h, to_timestamp(r / 1000.0), to_timestamp(t / 1000.0), v, w
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::text[], %s::text[], %s::text[], %s::bytea[],
            %s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS u(s, d, n, e, k, i, b, h, r, t, v, w)
ON CONFLICT (sitting_id, device, seq) DO NOTHING
"""


_rows = msgspec.json.Decoder(list[tuple[Any, ...]])


class UnsafeDatabase(RuntimeError):
    """The database may forget what it has acknowledged; the intake refuses to start on it."""


class NotCommitted(RuntimeError):
    """COMMIT came back without an error, but nothing was kept."""


class Connection(Protocol):
    """One connection, used by the writer's thread only.

    `query_at_once` is for many rows, none of whose columns is binary: what would be SELECT `columns` `rest`.
    `append` returns how many of the rows were new: what is in the journal already stays as it is.
    """

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...
    def query_at_once(self, columns: str, rest: str, values: Sequence[Any]) -> list[tuple[Any, ...]]: ...
    def change(self, sql: str, values: Sequence[Any] = ()) -> int: ...
    def change_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None: ...
    def begin(self) -> None: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def close(self) -> None: ...
    @staticmethod
    def time_in(ms: int | None) -> Any: ...
    @staticmethod
    def time_out(value: Any) -> int | None: ...  # of a time as `query` gives it
    def id_in(self, public_id: str) -> Any: ...
    def id_out(self, value: Any) -> str: ...
    def among(self, column: str) -> str: ...  # a condition with one placeholder for `list_in`
    def list_in(self, keys: Sequence[int]) -> Any: ...
    def append(self, rows: Sequence[JournalRow]) -> int: ...
    @property
    def chains(self) -> str: ...  # a table (s, d, k) of a sitting, device and seq, made of one JSON text
    @property
    def generation(self) -> str: ...  # changes when the store may have lost what it acknowledged
    @property
    def row_lock(
        self,
    ) -> str: ...  # put behind a query of exams_sitting s, it keeps others from changing the row


def connect(settings: dict[str, Any]) -> Connection:
    """Open what Django's DATABASES entry `settings` names, check its durability, read its generation.

    Raises UnsafeDatabase with the setting at fault and how to mend it.
    """
    if settings["ENGINE"].endswith("sqlite3"):
        return SqliteConnection(Path(str(settings["NAME"])))
    return PostgresConnection(settings)


class SqliteConnection:
    chains = (
        "(SELECT json_extract(value, '$.s') AS s, json_extract(value, '$.d') AS d,"
        " json_extract(value, '$.k') AS k FROM json_each(%s))"
    )
    row_lock = ""  # the whole database is locked from BEGIN IMMEDIATE on

    def __init__(self, path: Path) -> None:
        self.raw = sqlite3.connect(path, isolation_level=None, timeout=20)
        self.raw.execute("PRAGMA journal_mode=WAL")
        self.raw.execute("PRAGMA synchronous=FULL")
        self.raw.execute("PRAGMA foreign_keys=ON")
        mode = self.raw.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = self.raw.execute("PRAGMA synchronous").fetchone()[0]
        if mode != "wal" or synchronous != 2:
            self.raw.close()
            raise UnsafeDatabase(
                f"{path}: journal_mode={mode}, synchronous={synchronous}; needed are wal and 2 (FULL). "
                "Put the database on a local disk that supports write-ahead logging."
            )
        self.path = path
        self.generation = _sqlite_generation(path, self._journal_height())

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.raw.execute(sql.replace("%s", "?"), values).fetchall()

    def query_at_once(self, columns: str, rest: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        # Python lets go of its lock for each row, and may wait for it after each: so they come as one.
        sql = f"SELECT json_group_array(json_array({columns})) {rest}"
        rows: list[tuple[Any, ...]] = _rows.decode(self.query(sql, values)[0][0])
        return rows

    def change(self, sql: str, values: Sequence[Any] = ()) -> int:
        return self.raw.execute(sql.replace("%s", "?"), values).rowcount

    def change_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self.raw.executemany(sql.replace("%s", "?"), rows)

    def begin(self) -> None:
        self.raw.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.raw.execute("COMMIT")

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")

    def close(self) -> None:
        try:
            _sqlite_generation(self.path, self._journal_height())
        finally:
            self.raw.close()

    def _journal_height(self) -> int:
        return int(self.raw.execute("SELECT COALESCE(MAX(id), 0) FROM exams_responseevent").fetchone()[0])

    @staticmethod
    def time_in(ms: int | None) -> Any:
        """As Django writes it: without a fraction on the full second."""
        if ms is None:
            return None
        seconds, rest = divmod(ms, 1000)
        return f"{_text_of_second(seconds)}.{rest:03}000" if rest else _text_of_second(seconds)

    @staticmethod
    def time_out(value: Any) -> int | None:
        return None if value is None else _ms_of_text(value)

    def id_in(self, public_id: str) -> Any:
        return uuid.UUID(public_id).hex

    def id_out(self, value: Any) -> str:
        return str(uuid.UUID(value))

    def among(self, column: str) -> str:
        return f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608  a name from our own code

    def list_in(self, keys: Sequence[int]) -> Any:
        return json.dumps(list(keys))

    def _flat(self, rows: Sequence[JournalRow]) -> list[Any]:
        moment = self.time_in
        return [value for row in rows for value in (*row[:8], moment(row[8]), moment(row[9]), *row[10:])]

    def append(self, rows: Sequence[JournalRow]) -> int:
        before = self.raw.total_changes
        done = 0
        for count, statement in _APPEND.items():
            while len(rows) - done >= count:
                self.raw.execute(statement, self._flat(rows[done : done + count]))
                done += count
        return self.raw.total_changes - before


class PostgresConnection:
    chains = "(SELECT * FROM json_to_recordset(%s) AS (s bigint, d text, k int))"
    row_lock = " FOR UPDATE OF s"

    def __init__(self, settings: dict[str, Any]) -> None:
        import psycopg  # noqa: PLC0415  only where PostgreSQL is used
        import psycopg.types.string  # noqa: PLC0415  only where PostgreSQL is used

        self.raw = psycopg.connect(
            dbname=settings["NAME"],
            user=settings.get("USER") or None,
            password=settings.get("PASSWORD") or None,
            host=settings.get("HOST") or None,
            port=settings.get("PORT") or None,
            autocommit=True,
            **(_NOTICE_DEATH | _libpq_options(settings)),
        )
        # The same few moments are read again and again: as text they need not be made anew each time.
        self.raw.adapters.register_loader("timestamptz", psycopg.types.string.TextLoader)
        try:
            self._check()
            for way in ("seqscan", "hashjoin", "mergejoin"):
                # Each statement here looks for a few rows by their index. A plan made while the tables were
                # small, before nine o'clock, would read them whole for the rest of the day.
                self.change(f"SET enable_{way} = off")
        except BaseException:
            self.raw.close()
            raise

    def _check(self) -> None:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            value = self.query(f"SHOW {name}")[0][0]
            if value == "off":
                raise UnsafeDatabase(
                    f"PostgreSQL runs with {name}=off; turn it on: the journal must survive a crash"
                )
        system = self.query(
            # The timeline being written now: after a fail-over the control file still names the old one.
            "SELECT system_identifier::text, left(pg_walfile_name(pg_current_wal_lsn()), 8)"
            " FROM pg_control_system()"
        )
        self.generation = "-".join(system[0])

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.raw.execute(sql.encode(), values).fetchall()

    def query_at_once(self, columns: str, rest: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self.query(f"SELECT {columns} {rest}", values)

    def change(self, sql: str, values: Sequence[Any] = ()) -> int:
        return self.raw.execute(sql.encode(), values).rowcount

    def change_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with self.raw.cursor() as cursor:
            cursor.executemany(sql.encode(), rows)

    def begin(self) -> None:
        self.raw.execute(b"BEGIN")

    def commit(self) -> None:
        # PostgreSQL replies to COMMIT of a transaction that failed on the way with a friendly ROLLBACK.
        done = self.raw.execute(b"COMMIT").statusmessage
        if done != "COMMIT":
            raise NotCommitted(f"the database replied {done} to COMMIT")

    def rollback(self) -> None:
        if not self.raw.closed:
            self.raw.execute(b"ROLLBACK")

    def close(self) -> None:
        self.raw.close()

    @staticmethod
    def time_in(ms: int | None) -> Any:
        return None if ms is None else _datetime(ms)

    @staticmethod
    def time_out(value: Any) -> int | None:
        return None if value is None else _ms_of_text(value)

    def id_in(self, public_id: str) -> Any:
        return uuid.UUID(public_id)

    def id_out(self, value: Any) -> str:
        return str(value)

    def among(self, column: str) -> str:
        return f"{column} = ANY(%s)"

    def list_in(self, keys: Sequence[int]) -> Any:
        return list(keys)

    def append(self, rows: Sequence[JournalRow]) -> int:
        # Columns travel as arrays: one statement and one round trip, however many rows. Written out by us,
        # they cost a fifth of what psycopg takes to write lists.
        columns = [write(column) for write, column in zip(_WRITTEN, zip(*rows, strict=True), strict=True)]
        return self.raw.execute(_APPEND_ARRAYS, columns).rowcount


def _sqlite_generation(path: Path, journal_height: int) -> str:
    """A token file beside the database, holding a name for this store and how far the journal had come.

    When the database has fewer rows than the file remembers, an older copy was put back: a new name makes
    every phone send again what it still holds. (A roll-back that the file does not notice shows itself in
    falling acknowledgements, which phones answer in the same way.)
    """
    file = path.with_name(path.name + ".generation")
    found = file.read_text(encoding="ascii", errors="replace").split() if file.exists() else []
    known = len(found) == 2 and found[1].isdigit() and journal_height >= int(found[1])
    token = found[0] if known else secrets.token_urlsafe(9)
    # Written beside and moved into place: a power cut leaves the old file or the new one, never half of one.
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    beside.write_text(f"{token} {journal_height}", encoding="ascii")
    beside.replace(file)
    return token


def _libpq_options(settings: dict[str, Any]) -> dict[str, Any]:
    """What the address adds (sslmode and the like), without what only Django understands."""
    options = settings.get("OPTIONS") or {}
    return {name: value for name, value in options.items() if name not in _DJANGO_ONLY}


def _datetime(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, tz=UTC)


@lru_cache(maxsize=5_000)
def _text_of_second(seconds: int) -> str:
    return str(_datetime(seconds * 1000).replace(tzinfo=None))


@lru_cache(maxsize=50_000)
def _ms_of_text(value: str) -> int:
    """The same few moments of a sitting are read with each of its saves."""
    moment = datetime.fromisoformat(value)
    # SQLite's are in UTC and do not say so.
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _numbers(column: Sequence[int | None]) -> str:
    """As PostgreSQL writes an array."""
    return "{" + ",".join(["NULL" if number is None else str(number) for number in column]) + "}"


def _texts(column: Sequence[str]) -> str:
    quoted = [text.replace("\\", "\\\\").replace('"', '\\"') for text in column]
    return '{"' + '","'.join(quoted) + '"}'


def _bytes(column: Sequence[bytes]) -> str:
    return '{"\\\\x' + '","\\\\x'.join([value.hex() for value in column]) + '"}'


_WRITTEN: tuple[Callable[[Any], str], ...] = (
    _numbers,
    _texts,
    _numbers,
    _numbers,
    _texts,
    _texts,
    _texts,
    _bytes,
    _numbers,
    _numbers,
    _texts,
    _texts,
)
"""How each column of a JournalRow is written."""
