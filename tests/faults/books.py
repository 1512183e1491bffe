"""What does the database hold, read with nothing of the product in between? And was anything lost?

The judge is independent: the phones' own lines against the journal's rows, byte by byte, and the last value
a pupil gave for each item against the value of the newest counted row.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.faults.phones import WirePhone, values_of


@dataclass(frozen=True, slots=True)
class Row:
    sitting: str
    device: str
    seq: int
    body: str
    verdict: str
    reason: str

    @property
    def made(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Books:
    """Reads the database at `url`; every look is a connection of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        if self.url.startswith("sqlite"):
            path = self.url.removeprefix("sqlite:///").partition("?")[0]
            with closing(sqlite3.connect(path, timeout=20)) as db:
                return db.execute(query.replace("%s", "?"), values).fetchall()
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def journal(self, *sittings: str) -> list[Row]:
        """In the order of arrival; of all sittings when none is named."""
        found = self.read(
            "SELECT s.public_id, e.device, e.seq, e.body, e.verdict, e.reason FROM exams_responseevent e"
            " JOIN exams_sitting s ON s.id = e.sitting_id ORDER BY e.id"
        )
        rows = [Row(_plain(public_id), *rest) for public_id, *rest in found]
        wanted = {_plain(sitting) for sitting in sittings}
        return [row for row in rows if not wanted or row.sitting in wanted]

    def conflicts(self) -> list[str]:
        return [body for (body,) in self.read("SELECT body FROM exams_conflictingevent ORDER BY id")]

    def happened(self, sitting: str) -> list[str]:
        """What happened to the sitting as a whole, in order."""
        found = self.read(
            "SELECT s.public_id, e.kind FROM exams_sittingevent e JOIN exams_sitting s ON s.id = e.sitting_id"
            " ORDER BY e.at, e.id"
        )
        return [kind for public_id, kind in found if _plain(public_id) == _plain(sitting)]

    def state(self, sitting: str) -> str:
        found = dict(self.read("SELECT public_id, state FROM exams_sitting"))
        states: dict[str, str] = {_plain(public_id): state for public_id, state in found.items()}
        return states[_plain(sitting)]

    def current(self, sitting: str) -> dict[str, Any]:
        """The newest counted value of each item."""
        counted = [row.made for row in self.journal(sitting) if row.verdict != "quarantined"]
        counted.sort(key=lambda event: (event["epoch"], event["seq"]))
        return {event["item"]: event["value"] for event in counted if event["kind"] == "response"}

    def missing(self, phones: Iterable[WirePhone]) -> list[str]:
        """Every line that was acknowledged at any time and is not, letter by letter, in the journal."""
        held = {(row.sitting, row.device, row.seq): row.body for row in self.journal()}
        return [
            line
            for phone in phones
            for seq, line in enumerate(phone.lines[: phone.promised], start=1)
            if held.get((_plain(phone.sitting), phone.device, seq)) != line
        ]

    def check(self, *phones: WirePhone) -> None:
        """Nothing acknowledged is missing, everything made has arrived and counts, with its last values."""
        assert self.missing(phones) == []
        for sitting in {phone.sitting for phone in phones}:
            own = [phone for phone in phones if phone.sitting == sitting]
            rows = self.journal(sitting)
            assert len(rows) == len({(row.device, row.seq) for row in rows})
            assert {row.device: 0 for row in rows if row.verdict == "quarantined"} == {}
            assert self.current(sitting) == values_of(own)


def _plain(public_id: Any) -> str:
    """As SQLite keeps it."""
    return str(public_id).replace("-", "")
