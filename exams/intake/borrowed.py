"""How do pages and commands use the intake's own SQL? On the connection and in the transaction they have."""

from __future__ import annotations

from datetime import UTC
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


class _BorrowedSqlite(_Borrowed, SqliteConnection):
    def __init__(self) -> None:
        self.raw = connection.connection

    def time_out(self, value: Any) -> int | None:
        # Django's connection reads times as naive datetimes where the intake's own reads text.
        return None if value is None else round(value.replace(tzinfo=UTC).timestamp() * 1000)


class _BorrowedPostgres(_Borrowed, PostgresConnection):
    def __init__(self) -> None:
        self.raw = connection.connection


def borrowed_store() -> Store:
    """The intake's store over Django's current connection, for use inside `transaction.atomic`."""
    connection.ensure_connection()
    own: Connection = _BorrowedSqlite() if connection.vendor == "sqlite" else _BorrowedPostgres()
    return Store(own)
