"""How do pages and commands use the intake's own SQL? On the connection and in the transaction they have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from exams.intake.connection import Connection, PostgresConnection, SqliteConnection
from exams.intake.store import Store


class NotYours(RuntimeError):
    """The transaction belongs to Django: `transaction.atomic` begins and ends it."""


class _Borrowed:
    generation = ""

    def begin(self) -> None:
        raise NotYours

    commit = rollback = close = begin

    @staticmethod
    def time_out(value: Any) -> int | None:
        # Django's connection reads times as datetimes, on SQLite naive ones, where it knows them for times.
        if not isinstance(value, datetime):
            return SqliteConnection.time_out(value)
        return round((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp() * 1000)


class _BorrowedSqlite(_Borrowed, SqliteConnection):
    def __init__(self) -> None:
        self.raw = connection.connection


class _BorrowedPostgres(_Borrowed, PostgresConnection):
    def __init__(self) -> None:
        self.raw = connection.connection


def borrowed_store() -> Store:
    """The intake's store over Django's current connection, for use inside `transaction.atomic`."""
    connection.ensure_connection()
    own: Connection = _BorrowedSqlite() if connection.vendor == "sqlite" else _BorrowedPostgres()
    return Store(own)
