"""How does a test get a whole site? `manage.py demo --serve`, as `make run` does it, in a folder of its own.

Tests know the site as its visitors do, and beyond that only look into its database file: what the server has
is read there, with nothing of the site's own code in between.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD_SECONDS = 240.0
KEPT_BACK = 6
# What the process that runs the tests has set for itself must not reach the site.
_OURS = ("DJANGO_SETTINGS_MODULE", "EMBEDDED_WORKER", "DATABASE_URL", "REDIS_URL", "CI")

Account = dict[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item:
    """`content` is the Serbian one; what has no words in it is the same in English."""

    ref: str
    interaction: str
    key: dict[str, Any]
    content: dict[str, Any]


class Site:
    """A server on a free port with its own data; may be killed and started again on the same data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._cards: list[Account] = []
        self._given: set[str] = set()
        self._of_the_invigilator: list[Account] = []
        self.accounts: dict[str, Any] = {}

    # ---- The process -------------------------------------------------------------------------------

    def start(self) -> None:
        """Returns once the site answers; the first start builds the demo world."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--serve"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        until = time.monotonic() + BUILD_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"the site did not start:\n{self.log_tail()}")
            time.sleep(0.1)

    def kill(self) -> None:
        """kill -9: nothing gets to finish what it was doing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def log_tail(self, lines: int = 60) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as reply:  # noqa: S310  our own
                return bool(reply.status == 200)
        except OSError:
            return False

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _OURS}
        return kept | {"PROBA_DATA_DIR": str(self.folder), "HOST": "127.0.0.1", "PORT": str(self.port)}

    def call(self, module: str, function: str) -> Any:
        """What a function of the tests' own says when it is called beside the site, on its data."""
        command = f"import json; from {module} import {function}; print(json.dumps({function}()))"
        printed = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", command],
            cwd=ROOT,
            env=self._environment(),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return json.loads(printed.stdout)

    # ---- Who may come in ---------------------------------------------------------------------------

    def read_accounts(self) -> None:
        printed = subprocess.run(
            [sys.executable, "manage.py", "demo", "--json"],
            cwd=ROOT,
            env=self._environment(),
            check=True,
            capture_output=True,
            text=True,
        )
        self.accounts = json.loads(printed.stdout)
        self._cards = [card for card in self.accounts["pupils"] if card["code"] not in self._given]
        if not self._given:
            # The first ones are in the invigilator's own school; later there may be others.
            self._of_the_invigilator, self._cards = self._cards[:KEPT_BACK], self._cards[KEPT_BACK:]
            self._given = {card["code"] for card in self._of_the_invigilator}

    def pupil_of_the_invigilator(self) -> Account:
        """A fresh pupil whose room the invigilator may open."""
        return self._of_the_invigilator.pop(0)

    def fresh_pupil(self) -> Account:
        """Somebody whose form A is still to be sat, and whom no other test has had."""
        if not self._cards:
            self.read_accounts()  # it shows a dozen at a time; those who have begun make room for others
        found = self._cards.pop(0)
        self._given.add(found["code"])
        return found

    def pupil_who_sat(self, number: int) -> Account:
        found: Account = self.accounts["pupils_sat"][number]
        return found

    def staff(self, role: str) -> Account:
        found: Account = next(one for one in self.accounts["staff"] if one["role"] == role)
        return found

    # ---- What the server has -----------------------------------------------------------------------

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(f"file:{self.folder / 'proba.sqlite3'}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(query, values).fetchall()

    def value(self, query: str, *values: Any) -> Any:
        """The single value of the single row."""
        ((found,),) = self.rows(query, *values)
        return found

    def items(self, sitting: str) -> list[Item]:
        """The items of a sitting's form, in order."""
        found = self.rows(
            "SELECT v.ref, v.interaction, v.key, t.content FROM exams_sitting s"
            " JOIN exams_formitem i ON i.form_id = s.form_id JOIN exams_itemversion v ON v.id = i.version_id"
            " JOIN exams_itemtext t ON t.version_id = v.id AND t.language = 'sr'"
            " WHERE s.public_id = ? ORDER BY i.position",
            _id(sitting),
        )
        return [
            Item(row["ref"], row["interaction"], json.loads(row["key"]), json.loads(row["content"]))
            for row in found
        ]

    def current_responses(self, sitting: str) -> dict[str, Any]:
        """Value by item ref as the worker has projected them; None: seen and left."""
        found = self.rows(
            "SELECT v.ref, c.value FROM exams_currentresponse c"
            " JOIN exams_itemversion v ON v.id = c.version_id JOIN exams_sitting s ON s.id = c.sitting_id"
            " WHERE s.public_id = ?",
            _id(sitting),
        )
        return {row["ref"]: None if row["value"] is None else json.loads(row["value"]) for row in found}

    def journal(self, sitting: str) -> list[dict[str, Any]]:
        """Every event of a sitting as the device made it, in the order of arrival, with its `verdict`."""
        found = self.rows(
            "SELECT e.body, e.verdict FROM exams_responseevent e JOIN exams_sitting s ON s.id = e.sitting_id"
            " WHERE s.public_id = ? ORDER BY e.id",
            _id(sitting),
        )
        return [json.loads(row["body"]) | {"verdict": row["verdict"], "body": row["body"]} for row in found]

    def state(self, sitting: str) -> str:
        return str(self.value("SELECT state FROM exams_sitting WHERE public_id = ?", _id(sitting)))

    def sitting_events(self, sitting: str) -> list[str]:
        """What happened to the sitting as a whole, in order."""
        found = self.rows(
            "SELECT e.kind FROM exams_sittingevent e JOIN exams_sitting s ON s.id = e.sitting_id"
            " WHERE s.public_id = ? ORDER BY e.at, e.id",
            _id(sitting),
        )
        return [row["kind"] for row in found]

    def half_points(self, sitting: str) -> int | None:
        """The stored score of a sealed sitting; None while it is not scored."""
        found = self.rows(
            "SELECT p.half_points FROM scoring_sittingscore p JOIN exams_sitting s ON s.id = p.sitting_id"
            " WHERE s.public_id = ? AND p.final",
            _id(sitting),
        )
        return found[0][0] if found else None


def room_of(site: Site, sitting: str) -> UUID:
    """Public id of the class whose pupil's sitting this is."""
    found = site.value(
        "SELECT g.public_id FROM exams_sitting s JOIN accounts_enrollment e ON e.person_id = s.candidate_id"
        " JOIN accounts_classgroup g ON g.id = e.class_group_id WHERE s.public_id = ? AND e.role = 'pupil'",
        _id(sitting),
    )
    return UUID(found)


def administration_of(site: Site, sitting: str) -> UUID:
    found = site.value(
        "SELECT a.public_id FROM exams_sitting s JOIN exams_administration a ON a.id = s.administration_id"
        " WHERE s.public_id = ?",
        _id(sitting),
    )
    return UUID(found)


def _id(public_id: str) -> str:
    """As SQLite keeps it."""
    return public_id.replace("-", "")


def eventually(read: Callable[[], T], accept: Callable[[T], bool], *, seconds: float = 20.0) -> T:
    """Reads until it is acceptable; what was read last when the time is over."""
    until = time.monotonic() + seconds
    while not accept(found := read()) and time.monotonic() < until:
        time.sleep(0.1)
    return found
