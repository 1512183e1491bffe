"""Who closes overdue sittings, seals complete ones and scores them? A loop over the tables.

The tables are the queue: what is due is found by looking, so a lost hurry-up loses nothing, and any
number of workers may run. `make run` runs one inside the web process, production as `worker:`. When nothing
of the day is left, everything is scored under new rules and under accepted parameters, beside those in
force; calibrations that people asked for are computed by a process of their own.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections, connections
from django.utils import timezone

from exams.actions.sealing import seal_due
from examsite.calibrator import Calibrator
from scoring.actions.practice import lay_missing_pockets
from scoring.actions.rescore import rescore_accepted, rescore_under_new_rules
from scoring.actions.score import score_sittings

log = logging.getLogger(__name__)
IDLE_SECONDS = 5.0
HELPING = 50


def work_once(now: datetime, give_way: Callable[[], None] = lambda: None) -> int:
    """One round; how many sittings it moved or scored."""
    moved = seal_due(now=now, give_way=give_way)
    # A country that hands in is sealed first; scores come in small helpings in between.
    moved += score_sittings(now=now, give_way=give_way, at_most=HELPING)
    moved = moved or lay_missing_pockets(now=now)
    if not moved:
        moved = rescore_under_new_rules(now=now, give_way=give_way, at_most=HELPING)
    return moved or rescore_accepted(now=now, give_way=give_way, at_most=HELPING)


class Worker:
    """`give_way` is called before each transaction: in one process with the intake phones go first."""

    def __init__(self, give_way: Callable[[], None] = lambda: None) -> None:
        self._give_way = give_way
        self._calibrator = Calibrator()
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def hurry(self) -> None:
        """There is something to do now; never blocks."""
        self._wake.set()

    def stop(self) -> None:
        """Finishes the round under way."""
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def run_forever(self) -> None:
        """Works until the process is told to end (SIGTERM, SIGINT). To be called in the main thread."""
        signals = {signal.SIGTERM, signal.SIGINT}
        # Blocked before the thread starts, which inherits that: they are waited for here and nowhere else.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        try:
            self.start()
            signal.sigwait(signals)
            self.stop()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            moved = 0
            try:
                close_old_connections()
                moved = work_once(timezone.now(), self._give_way)
                self._calibrator.look(now=timezone.now())
            except Exception:
                log.exception("a round of work failed; the next one looks again")
            if not self._stopping and not moved:
                self._wake.wait(IDLE_SECONDS)
        self._calibrator.stop()
        connections.close_all()
