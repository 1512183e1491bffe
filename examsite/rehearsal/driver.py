"""How do many virtual phones live in one process, apart from the server and from whoever judges?"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from examsite.rehearsal.contact import Contact, Papers
from examsite.rehearsal.ledger import Ledger, plain_id
from examsite.rehearsal.phone import Phone, Plan, Pupil
from examsite.rehearsal.tally import Tally

TELL_EVERY = 1.0


@dataclass(slots=True)
class Outcome:
    """What one process, or all together, has seen. `shown`: what `open` said at last, per sitting."""

    ledger: Ledger = field(default_factory=Ledger)
    tally: Tally = field(default_factory=Tally)
    shown: dict[str, dict[str, str]] = field(default_factory=dict)

    def merge(self, other: Outcome) -> None:
        self.ledger.merge(other.ledger)
        self.tally.merge(other.tally)
        self.shown |= other.shown


@dataclass(frozen=True, slots=True)
class Progress:
    counts: dict[str, int]
    n_acknowledged: int
    n_errors: int


class Drivers:
    """Processes that share the pupils. `progress` is what they said last, `outcome` all of it at the end."""

    def __init__(self, host: str, port: int, pupils: Sequence[Pupil], plan: Plan, processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        self._latest: dict[int, Progress] = {}
        self.outcome = Outcome()
        for number in range(processes):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(
                target=_drive, args=(host, port, pupils[number::processes], plan, theirs), daemon=True
            )
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def poll(self, seconds: float) -> bool:
        """Listens for so long; False once all have finished. Raises RuntimeError when one has died."""
        ready = wait(self._pipes, seconds)
        for pipe in [pipe for pipe in self._pipes if pipe in ready]:
            try:
                said = pipe.recv()
            except EOFError:
                raise RuntimeError("a driver process died; its own words are above") from None
            if isinstance(said, Progress):
                self._latest[id(pipe)] = said
            else:
                self.outcome.merge(said)
                self._processes.pop(self._pipes.index(pipe)).join()
                self._pipes.remove(pipe)
        return bool(self._pipes)

    def progress(self) -> Progress:
        counts: dict[str, int] = {}
        for one in self._latest.values():
            for name, number in one.counts.items():
                counts[name] = counts.get(name, 0) + number
        said = self._latest.values()
        return Progress(counts, sum(one.n_acknowledged for one in said), sum(one.n_errors for one in said))

    def stop(self) -> None:
        for process in self._processes:
            process.kill()
            process.join()


def _drive(host: str, port: int, pupils: Sequence[Pupil], plan: Plan, pipe: Connection) -> None:
    raise_file_limit()
    run_fast(_all(host, port, pupils, plan, pipe))


def run_fast(work: Any) -> Any:
    """asyncio.run on uvloop, where there is one."""
    try:
        import uvloop  # noqa: PLC0415  not made for every system
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


def raise_file_limit() -> None:
    """A connection is an open file, and each phone has one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _all(host: str, port: int, pupils: Sequence[Pupil], plan: Plan, pipe: Connection) -> None:
    outcome, papers = Outcome(), Papers()
    phones = [
        Phone(
            pupil, plan, Contact(host, port, plan.end, outcome.tally, papers), outcome.ledger, outcome.tally
        )
        for pupil in pupils
    ]
    lives = asyncio.gather(*(phone.live() for phone in phones))
    while not lives.done():
        await asyncio.wait([lives], timeout=TELL_EVERY)
        errors = sum(outcome.tally.errors.values())
        pipe.send(Progress(dict(outcome.tally.counts), outcome.ledger.n_acknowledged, errors))
    lives.result()
    outcome.shown = {plain_id(phone.sitting): phone.shown for phone in phones if phone.shown}
    outcome.tally.cpu_seconds = time.process_time()
    pipe.send(outcome)
    pipe.close()
