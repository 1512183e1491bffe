"""How many rows a second does the database itself append to the journal, with a commit per hundred?"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

GROUP = 100
_COLUMNS = (
    "sitting_id, device, seq, epoch, kind, item_ref, body, digest, received_at, estimated_at, verdict, reason"
)
_COPY = f"COPY exams_responseevent ({_COLUMNS}) FROM STDIN"
_BODY = (
    '{"seq":%d,"epoch":1,"kind":"response","item":"ma-205.1","value":"b","clock":"bench1","mono":123456,'
    '"wall":1790000000000,"prev":"wjZ7TgH5i8vXk3Jt0mYk4e3v1WqZp2n5RrS8sT1uVwX"}'
)


def append_rate(database: str, n_rows: int) -> float:
    """Rows per second of one connection: COPY on PostgreSQL, executemany on SQLite, both durable."""
    return _postgres(database, n_rows) if database.startswith("postgres") else _sqlite(database, n_rows)


def _rows(sittings: list[int], n_rows: int, moment: Any) -> list[tuple[Any, ...]]:
    device = secrets.token_urlsafe(16)
    rows = []
    for place in range(n_rows):
        seq, sitting = divmod(place, len(sittings))
        body = _BODY % (seq + 1)
        digest = hashlib.sha256(body.encode()).digest()
        row = (sittings[sitting], device, seq + 1, 1, "response", "ma-205.1", body, digest)
        rows.append((*row, moment, moment, "counted", ""))
    return rows


def _postgres(database: str, n_rows: int) -> float:
    with psycopg.connect(database, autocommit=True) as connection:
        sittings = [row[0] for row in connection.execute("SELECT id FROM exams_sitting ORDER BY id")]
        rows = _rows(sittings, n_rows, datetime.now(UTC))
        begun = time.perf_counter()
        for first in range(0, n_rows, GROUP):
            with connection.transaction(), connection.cursor().copy(_COPY) as copy:
                for row in rows[first : first + GROUP]:
                    copy.write_row(row)
        return n_rows / (time.perf_counter() - begun)


def _sqlite(database: str, n_rows: int) -> float:
    with closing(sqlite3.connect(Path(database), isolation_level=None, timeout=60)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        sittings = [row[0] for row in connection.execute("SELECT id FROM exams_sitting ORDER BY id")]
        rows = _rows(sittings, n_rows, str(datetime.now(UTC).replace(tzinfo=None)))
        insert = f"INSERT INTO exams_responseevent ({_COLUMNS}) VALUES ({','.join('?' * 12)})"  # noqa: S608
        begun = time.perf_counter()
        for first in range(0, n_rows, GROUP):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, rows[first : first + GROUP])
            connection.execute("COMMIT")
        return n_rows / (time.perf_counter() - begun)
