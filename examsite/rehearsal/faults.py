"""What goes wrong during a rehearsal, when, and how is it done? `name[:key=value,key=value]`.

kill-app[:every=S | at=S]             kill -9 of the server, started again at once
freeze-app[:every=S | at=S][,for=S]   the server stands still (SIGSTOP): slow replies
restore[:at=S][,back=S]               an older copy of the database is put back (SQLite): phones refill it
drop[:share=0.1]                      that share of saves lose their reply after COMMIT
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from examsite.rehearsal.server import Server

SETTINGS = {
    "kill-app": {"every", "at"},
    "freeze-app": {"every", "at", "for"},
    "restore": {"at", "back"},
    "drop": {"share"},
}


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    settings: dict[str, float]

    def moments(self, seconds: float) -> Iterator[float]:
        """When it happens in a run of so many seconds: at a third of it unless something else is said."""
        if every := self.settings.get("every"):
            moment = every
            while moment < seconds:
                yield moment
                moment += every
        else:
            yield self.settings.get("at", seconds / 3)

    def __str__(self) -> str:
        said = ",".join(f"{name}={value:g}" for name, value in self.settings.items())
        return f"{self.name}:{said}" if said else self.name


def parse_fault(text: str) -> Fault:
    """Raises ValueError saying what is wrong."""
    name, _, rest = text.partition(":")
    if name not in SETTINGS:
        raise ValueError(f"there is no fault {name!r}; there are {', '.join(SETTINGS)}")
    settings = {}
    for part in filter(None, rest.split(",")):
        key, _, value = part.partition("=")
        if key not in SETTINGS[name]:
            raise ValueError(f"{name} knows {', '.join(sorted(SETTINGS[name]))}, not {key!r}")
        settings[key] = float(value)
        if not settings[key] > 0:
            raise ValueError(f"{name}: {key} is more than 0")
    return Fault(name, settings)


def random_faults(rng: random.Random, seconds: float, *, sqlite: bool) -> list[Fault]:
    """For one round of a soak: one to three of a kind that this database allows."""
    choices = [
        Fault("kill-app", {"every": round(rng.uniform(0.2, 0.5) * seconds, 1)}),
        Fault("freeze-app", {"at": round(rng.uniform(0.1, 0.9) * seconds, 1), "for": rng.randint(1, 5)}),
        Fault("drop", {"share": round(rng.uniform(0.02, 0.2), 2)}),
    ]
    if sqlite:
        at = rng.uniform(0.3, 0.8) * seconds
        choices.append(Fault("restore", {"at": round(at, 1), "back": round(rng.uniform(0.1, 0.5) * at, 1)}))
    return rng.sample(choices, rng.randint(1, 3))


class Gremlin:
    """Does the faults in a thread of its own, one after another. `done` says what was done, with seconds."""

    def __init__(self, server: Server, database: str, faults: list[Fault], seconds: float) -> None:
        self.server, self.database = server, database
        self.done: list[str] = []
        self.error: BaseException | None = None
        self._stopping = threading.Event()
        due: list[tuple[float, Callable[[], None], str]] = []
        for fault in faults:
            for moment in fault.moments(seconds) if fault.name != "drop" else ():
                due += self._jobs(fault, moment)
        self._due = sorted(due, key=lambda one: one[0])
        self._thread = threading.Thread(target=self._run, name="gremlin", daemon=True)

    def start(self) -> None:
        self._begun = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Waits until the fault under way is over. Raises what a fault raised."""
        self._stopping.set()
        self._thread.join()
        if self.error is not None:
            raise self.error

    def _jobs(self, fault: Fault, moment: float) -> list[tuple[float, Callable[[], None], str]]:
        if fault.name == "kill-app":
            return [(moment, self._kill, "kill -9 of the server")]
        if fault.name == "freeze-app":
            seconds = fault.settings.get("for", 3.0)
            return [(moment, lambda: self._freeze(seconds), f"the server stands still for {seconds:g} s")]
        back = min(fault.settings.get("back", moment / 2), moment)
        return [
            (moment - back, self._copy, "a copy of the database is taken"),
            (moment, self._restore, f"the copy from {back:g} s ago is put back"),
        ]

    def _run(self) -> None:
        try:
            for moment, job, words in self._due:
                if self._stopping.wait(max(0.0, self._begun + moment - time.monotonic())):
                    return
                self.done.append(f"{time.monotonic() - self._begun:.1f} s: {words}")
                job()
        except BaseException as error:
            self.error = error

    def _kill(self) -> None:
        self.server.kill()
        self.server.restart()

    def _freeze(self, seconds: float) -> None:
        self.server.freeze()
        self._stopping.wait(seconds)
        self.server.thaw()

    @property
    def _copy_path(self) -> Path:
        return Path(self.database).with_name("copy.sqlite3")

    def _copy(self) -> None:
        self._copy_path.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(self.database, timeout=60)) as source,
            closing(sqlite3.connect(self._copy_path)) as target,
        ):
            source.backup(target)

    def _restore(self) -> None:
        """As an operator does it: the server is stopped, the files of the newer database are gone."""
        self.server.stop()
        for beside in ("-wal", "-shm"):
            Path(self.database + beside).unlink(missing_ok=True)
        self._copy_path.replace(self.database)
        self.server.restart()
