"""How does one rehearsal go from an empty folder to a report?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from examsite.rehearsal.cards_file import read_cards
from examsite.rehearsal.driver import Drivers, Outcome
from examsite.rehearsal.faults import Fault, Gremlin
from examsite.rehearsal.ledger import Journal, journal_of, states_of
from examsite.rehearsal.phone import Plan, Pupil
from examsite.rehearsal.report import REAL_EXAM_SECONDS, Measured, build_report, judge
from examsite.rehearsal.server import Server, cpu_of, with_children

Say = Callable[[str], None]
SAY_EVERY = 3.0
AT_MOST = {"sign_in": 300.0, "start": 60.0, "hand_in": 10.0}
START_DRIVERS = 1.5


@dataclass(slots=True)
class Options:
    n_pupils: int
    minutes: float
    processes: int
    faults: list[Fault] = field(default_factory=list)
    folder: Path = Path()


class World:
    """A folder, a database and a server of our own; `database` is an SQLite path or a PostgreSQL URL."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.environment = {"PROBA_DATA_DIR": str(folder), "EMBEDDED_WORKER": "true", "LOG_LEVEL": "WARNING"}
        self.environment |= {"DATABASE_URL": url} if url else {}
        self.database = url or str(folder / "proba.sqlite3")
        self.server = Server(folder, self.environment)

    @property
    def on_sqlite(self) -> bool:
        return not self.database.startswith(("postgres:", "postgresql:"))

    def pupils(self, number: int) -> list[Pupil]:
        """New ones, made by another process: what is asked of the server knows nothing of its database."""
        file = self.folder / "cards.txt"
        command = [sys.executable, "manage.py", "rehearse", "--pupils", str(number), "--world", str(file)]
        done = subprocess.run(  # noqa: S603  our own program
            command, cwd=settings.BASE_DIR, env=os.environ | self.environment, stdout=subprocess.DEVNULL
        )
        if done.returncode:
            raise RuntimeError("the rehearsal's pupils could not be made; the lines above say why")
        return read_cards(file)

    def database_cpu(self) -> float | None:
        """CPU seconds of a PostgreSQL on this machine; None of any other."""
        if self.on_sqlite:
            return None
        with psycopg.connect(self.database) as connection:
            backend = connection.info.backend_pid
            try:
                status = Path(f"/proc/{backend}/stat").read_text(encoding="utf-8")
            except OSError:
                return None
            if "postgres" not in status.partition(")")[0]:
                return None
            return cpu_of(with_children(int(status.rpartition(")")[2].split()[1])))


def plan_of(options: Options) -> Plan:
    """The given minutes are the working time; what comes before and after is in proportion, within bounds."""
    work = options.minutes * 60
    return Plan(
        sign_in_at=time.monotonic() + START_DRIVERS,
        sign_in=min(AT_MOST["sign_in"], max(1.0, work / 4)),
        start=min(AT_MOST["start"], max(1.0, work / 4)),
        work=work,
        hand_in=min(AT_MOST["hand_in"], max(1.0, work / 12)),
        speed_up=REAL_EXAM_SECONDS / work,
        give_up=max(60.0, work / 2),
        lost_share=max((fault.settings.get("share", 0.1) for fault in options.faults if fault.name == "drop"),
                       default=0.0),
    )  # fmt: skip


def rehearse(options: Options, world: World, pupils: list[Pupil], say: Say) -> tuple[dict[str, Any], Outcome]:
    """One exam on a server that runs. The outcome holds the ledger, for whoever looks again later."""
    plan = plan_of(options)
    length = plan.hand_in_at + plan.hand_in - plan.sign_in_at
    before = world.server.cpu_seconds(), world.database_cpu()
    gremlin = Gremlin(world.server, world.database, options.faults, length)
    restarts, sealed_before = world.server.restarts, states_of(world.database).get("sealed", 0)
    with _drivers(world.server.host, world.server.port, pupils, plan, options.processes) as drivers:
        gremlin.start()
        sealed = _watch(drivers, plan, say, world.database, sealed_before + len(pupils))
        gremlin.stop()
    measured = Measured(
        seconds=time.monotonic() - plan.sign_in_at,
        server_cpu=world.server.cpu_seconds() - before[0],
        database_cpu=None if before[1] is None else (world.database_cpu() or 0.0) - before[1],
        server_memory_mb=round(world.server.memory_mb(), 1),
        sealed_after_seconds=sealed,
        faults=gremlin.done,
        restarts=world.server.restarts - restarts,
    )
    say("reading the journal …")
    return _report(options, plan, drivers.outcome, own_part(world.database, drivers.outcome), measured)


def rehearse_elsewhere(
    options: Options, host: str, port: int, pupils: list[Pupil], say: Say
) -> tuple[dict[str, Any], Outcome]:
    """One exam on somebody's server: judged by its replies to `open`."""
    plan = plan_of(options)
    with _drivers(host, port, pupils, plan, options.processes) as drivers:
        _watch(drivers, plan, say, "", 0)
    measured = Measured(seconds=time.monotonic() - plan.sign_in_at)
    return _report(options, plan, drivers.outcome, None, measured)


def own_part(database: str, outcome: Outcome) -> Journal:
    """The journal of the sittings that this ledger knows; others may be in the same database."""
    journal = journal_of(database)
    for key in [key for key in journal.lengths if key[0] not in outcome.ledger.accounts]:
        del journal.lengths[key]
    journal.values = {key: row for key, row in journal.values.items() if key in outcome.ledger.accounts}
    return journal


def _report(
    options: Options, plan: Plan, outcome: Outcome, journal: Journal | None, measured: Measured
) -> tuple[dict[str, Any], Outcome]:
    verdict = judge(outcome, journal)
    report = build_report(options.n_pupils, plan, options.processes, outcome, verdict, measured)
    return report, outcome


@contextmanager
def _drivers(host: str, port: int, pupils: list[Pupil], plan: Plan, processes: int) -> Iterator[Drivers]:
    drivers = Drivers(host, port, pupils, plan, processes)
    try:
        yield drivers
    finally:
        drivers.stop()


def _watch(drivers: Drivers, plan: Plan, say: Say, database: str, n_sealed: int) -> float | None:
    """Until all phones are done; seconds from the end of the hand-in surge until the last was sealed."""
    sealed: float | None = None
    spoken = 0.0
    while drivers.poll(0.2):
        now = time.monotonic()
        past = now - plan.hand_in_at - plan.hand_in
        if now - spoken >= SAY_EVERY:
            spoken = now
            said = drivers.progress()
            counts = ", ".join(f"{said.counts[name]} {name}" for name in _SAID if name in said.counts)
            told = f"{said.n_acknowledged} acknowledged, {said.n_errors} errors"
            say(f"{now - plan.sign_in_at:6.0f} s  {told}; {counts}")
        if database and sealed is None and past > 0 and states_of(database).get("sealed", 0) >= n_sealed:
            sealed = round(past, 1)
    return sealed


_SAID = ("started", "handed in", "sealed", "receipts compared")
