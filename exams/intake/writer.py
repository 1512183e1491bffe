"""How do many pupils' saves become few transactions, and nobody is told "saved" before the disk is?

One thread owns the connection. It takes whatever has gathered, does it all in one transaction, and
resolves the futures after COMMIT. The queue is bounded: when it is full the caller answers 503, because
a phone that keeps its responses and comes back later is better off than one that waits in line.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from exams.intake.connection import Connection
from exams.intake.protocol import WireError
from exams.intake.saving import Heads, Overtaken, Save, save_group
from exams.intake.store import SaveResult, Store

log = logging.getLogger(__name__)
T = TypeVar("T")
MAX_WAITING = 4_000
MAX_GROUP = 500
GATHER_SECONDS = 0.003
MOST_GATHER_SECONDS = 0.012
A_FEW = 4
"""A group of so many means that more are on their way."""


class Overloaded(Exception):
    """The queue is full, or the writer is closing; answer 503 with Retry-After."""


class Unreachable(Overloaded):
    """The database does not answer. Phones keep their responses and come back."""


class Job:
    """One piece of work and the future of its caller, who waits in an event loop of another thread."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Callable[[Store], Any] | Save, loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _settle_all(jobs: list[Job]) -> None:
    for job in jobs:
        job.settle()


def _tell(jobs: list[Job]) -> None:
    """Wakes each event loop once, however many of its callers are in the group."""
    loops: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        loops.setdefault(job.loop, []).append(job)
    for loop, own in loops.items():
        # A caller whose event loop is closed is gone; the others in its group are not.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle_all, own)


class Writer:
    """`connect` is called on the writer's own thread; its failure is raised by `start`."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._jobs: deque[Job] = deque()
        self._wake = threading.Event()
        self._asleep = False
        self._thread = threading.Thread(target=self._run, name="intake-writer", daemon=True)
        self._opened = threading.Event()
        # Nothing may be queued once the writer is closing: it would wait for ever.
        self._door = threading.Lock()
        self._closed = False
        self._failure: BaseException | None = None
        self._heads = Heads()
        self._idle = threading.Event()
        self._busy = False
        self.generation = ""

    def start(self) -> None:
        """Blocks until the connection is open and checked. Raises what opening it raised."""
        self._thread.start()
        self._opened.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Finishes what is queued, then closes the connection."""
        with self._door:
            self._closed = True
        self._wake.set()
        self._thread.join()

    def wait_until_idle(self) -> None:
        """Blocks while saves are waiting or being written, half a second at most.

        For whoever shares a database with one writer: it would make a hundred phones wait behind it.
        """
        self._idle.wait(0.5)

    async def do(self, work: Callable[[Store], T]) -> T:
        """The result of `work`, after COMMIT. Raises Overloaded at once when the queue is full, Unreachable
        when there is no database, and what `work` raises; then nothing of it was kept.
        """
        result: T = await self._queued(Job(work, asyncio.get_running_loop()))
        return result

    async def save(self, save: Save) -> SaveResult:
        """Like `do`, together with all other saves that have gathered."""
        result: SaveResult = await self._queued(Job(save, asyncio.get_running_loop()))
        return result

    async def _queued(self, job: Job) -> Any:
        with self._door:
            if self._closed or len(self._jobs) >= MAX_WAITING:
                raise Overloaded
            self._jobs.append(job)
        if self._asleep:
            self._wake.set()
        return await job.future

    def _run(self) -> None:
        try:
            connection = self._connect()
        except BaseException as error:
            self._failure = error
            self._opened.set()
            return
        self.generation = connection.generation
        self._opened.set()
        store = Store(connection)
        try:
            while group := self._gather():
                store = self._commit(store, group)
        finally:
            # Of a connection that is lost already nothing is left to close.
            with suppress(Exception):
                store.db.close()

    def _gather(self) -> list[Job]:
        """Everything that waits, at most MAX_GROUP; an empty list once told to stop.

        When many are coming, it pays to wait while they do: one transaction serves them all, and the two
        threads get less in each other's way.
        """
        jobs = self._jobs
        if not jobs:
            self._sleep()
        if self._busy:
            until, seen = time.monotonic() + MOST_GATHER_SECONDS, 0
            while seen < len(jobs) < MAX_GROUP and time.monotonic() < until:
                seen = len(jobs)
                time.sleep(GATHER_SECONDS)
        group = [jobs.popleft() for _ in range(min(len(jobs), MAX_GROUP))]
        self._busy = len(group) >= A_FEW
        return group

    def _sleep(self) -> None:
        """Until something waits, or the writer is told to stop."""
        self._idle.set()
        self._asleep = True
        while not self._jobs and not self._closed:
            self._wake.wait()
            self._wake.clear()
        self._asleep = False
        self._idle.clear()

    def _commit(self, store: Store, group: list[Job]) -> Store:
        """All of `group` in one transaction; when that fails, each alone, so one cannot sink the rest."""
        try:
            self._transact(store, group)
        except Overtaken as overtaken:
            log.info("%s; trying each by itself", overtaken)
            store = self._each_alone(store, group)
        except Exception:
            log.exception("a group of %s saves failed; trying each by itself", len(group))
            store = self._each_alone(store, group)
        _tell(group)
        return store

    def _each_alone(self, store: Store, group: list[Job]) -> Store:
        self._heads.forget()
        renewed = self._renewed(store)
        for job in group:
            job.error = Unreachable("the database does not answer") if renewed is None else None
            if renewed is None:
                continue
            store = renewed
            try:
                self._transact(store, [job])
            except Exception as error:
                log.exception("a save failed")
                job.error = error
                self._heads.forget()
                renewed = self._renewed(store)
        return renewed or store

    def _transact(self, store: Store, group: list[Job]) -> None:
        """Saves go together, after everything else that has gathered."""
        saving: list[Job] = []
        saves: list[Save] = []
        store.db.begin()
        for job in group:
            if isinstance(job.work, Save):
                saving.append(job)
                saves.append(job.work)
                continue
            try:
                job.result = job.work(store)
            except WireError as refused:
                # Refusals are decided before anything is written, so the transaction stays whole.
                job.error = refused
        for job, result in zip(saving, save_group(store, self._heads, saves) if saves else (), strict=True):
            if isinstance(result, WireError):
                job.error = result
            else:
                job.result = result
        store.db.commit()
        self._heads.committed()

    def _renewed(self, store: Store) -> Store | None:
        """The same connection rolled back, or a new one when it is broken (the database was restarted); None
        when that cannot be had now.
        """
        try:
            store.db.rollback()
            store.db.query("SELECT 1")
            return store
        except Exception:
            log.warning("the journal's connection is lost; opening another")
        with suppress(Exception):
            store.db.close()
        try:
            connection = self._connect()
        except Exception:
            log.exception("the database does not answer; phones keep their responses and try again")
            return None
        self.generation = connection.generation
        return Store(connection)
