"""What has the server acknowledged, and does it still have it? Kept apart from everything that is judged.

Phones write down each acknowledged value as the reply comes. At the end it is compared with what the server
shows on two roads: the journal, read with SQL and a rule of its own, and the reply to `open`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

Values = Mapping[str, Mapping[str, str]]
"""Sitting → item → value as canonical JSON."""
_JOURNAL = """
SELECT s.public_id, e.device, e.seq, e.epoch, e.kind, e.item_ref, e.body, e.verdict
FROM exams_responseevent e JOIN exams_sitting s ON s.id = e.sitting_id
"""


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Loss:
    """`found` None: the road shows nothing at all."""

    sitting: str
    item: str
    acknowledged: str
    found: str | None
    road: str


@dataclass(slots=True)
class Account:
    """One sitting: what was acknowledged last per item, and what was made after it without a word back."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    pending: dict[str, list[str]] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    """Device → its last acknowledged seq."""
    receipt: str = ""


@dataclass(slots=True)
class Ledger:
    accounts: dict[str, Account] = field(default_factory=dict)
    n_acknowledged: int = 0

    def account(self, sitting: str) -> Account:
        return self.accounts.setdefault(sitting, Account())

    def made(self, sitting: str, item: str, value: Any) -> None:
        self.account(sitting).pending.setdefault(item, []).append(canonical(value))

    def acknowledged(self, sitting: str, item: str) -> None:
        """Responses are acknowledged in the order in which they were made: the oldest that waits."""
        account = self.account(sitting)
        account.acknowledged[item] = account.pending[item].pop(0)
        self.n_acknowledged += 1

    def merge(self, other: Ledger) -> None:
        self.accounts |= other.accounts
        self.n_acknowledged += other.n_acknowledged

    def losses(self, found: Values, road: str) -> Iterator[Loss]:
        """Every acknowledged value that is not there. One that was made later and arrived is no loss."""
        for sitting, account in self.accounts.items():
            there = found.get(sitting, {})
            for item, value in account.acknowledged.items():
                present = there.get(item)
                if present != value and present not in account.pending.get(item, ()):
                    yield Loss(sitting, item, value, present, road)


@dataclass(slots=True)
class Journal:
    """What the table of events holds, by a rule written here once more: the highest (epoch, seq) decides."""

    values: dict[str, dict[str, str]] = field(default_factory=dict)
    lengths: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    """(sitting, device) → (number of rows, highest seq)."""
    n_events: int = 0
    n_quarantined: int = 0

    def missing(self, ledger: Ledger) -> list[str]:
        """Devices of which fewer events are there than were acknowledged."""
        return [
            f"{sitting}/{device}: {rows} of {highest} events"
            for sitting, account in ledger.accounts.items()
            for device, highest in account.highest.items()
            if (rows := self.lengths.get((sitting, device), (0, 0))[0]) < highest
        ]


def read_journal(rows: Iterable[tuple[Any, ...]]) -> Journal:
    journal = Journal()
    ages: dict[tuple[str, str], tuple[int, int]] = {}
    for public_id, device, seq, epoch, kind, item, body, verdict in rows:
        sitting = plain_id(public_id)
        journal.n_events += 1
        number, highest = journal.lengths.get((sitting, device), (0, 0))
        journal.lengths[sitting, device] = (number + 1, max(highest, seq))
        if verdict == "quarantined":
            journal.n_quarantined += 1
        elif kind == "response" and (epoch, seq) > ages.get((sitting, item), (0, 0)):
            ages[sitting, item] = (epoch, seq)
            journal.values.setdefault(sitting, {})[item] = canonical(json.loads(body).get("value"))
    return journal


def plain_id(public_id: Any) -> str:
    """The two databases, and URLs, write a UUID in three ways."""
    return str(public_id).replace("-", "")


@contextmanager
def rows_of(database: str, sql: str) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Rows of a query on a PostgreSQL URL or the path of an SQLite file, without anything of ours between."""
    if database.startswith(("postgres:", "postgresql:")):
        with psycopg.connect(database) as connection, connection.cursor(name="rehearsal") as cursor:
            cursor.itersize = 20_000
            yield iter(cursor.execute(sql))
    else:
        with closing(sqlite3.connect(f"{Path(database).as_uri()}?mode=ro", uri=True, timeout=60)) as db:
            yield iter(db.execute(sql))


def journal_of(database: str) -> Journal:
    with rows_of(database, _JOURNAL) as rows:
        return read_journal(rows)


def states_of(database: str) -> dict[str, int]:
    """How many sittings are in each state."""
    with rows_of(database, "SELECT state, COUNT(*) FROM exams_sitting GROUP BY state") as rows:
        return {state: int(number) for state, number in rows}
