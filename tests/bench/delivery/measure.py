"""How is one database measured, from its first sign-in to the last sealed sitting?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from examsite.rehearsal.ledger import journal_of, states_of
from examsite.rehearsal.run import World
from examsite.rehearsal.server import Server, cpu_of
from tests.bench.delivery.crowd import CrowdProcess
from tests.bench.delivery.load import Load
from tests.bench.delivery.raw import append_rate

Say = Callable[[str], None]
BASELINES = ("own_handler", "through_bridge")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything; `start_window` in seconds, such that starts come at the goal's rate."""

    pupils: int = 10_000
    start_window: float = 60.0
    rate: float = 3_250.0
    open_loop_seconds: float = 20.0
    saturation_seconds: float = 8.0
    saturation_at_most: int = 110_000
    baseline_seconds: float = 5.0
    raw_rows: int = 40_000
    connections: int = 256
    open_loop_connections: int = 1_000


QUICK = Sizes(
    pupils=2_000,
    start_window=12.0,
    open_loop_seconds=6.0,
    saturation_seconds=4.0,
    saturation_at_most=60_000,
    baseline_seconds=2.0,
    raw_rows=10_000,
)


class Serving:
    """What serves the pupils: on SQLite one process for everything, as `make run` starts it; on PostgreSQL
    the Procfile's processes that an exam needs, the intake as often as this machine has cores.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.n_processes = 1 if world.on_sqlite else (os.cpu_count() or 1)
        self.server = world.server
        self._worker: subprocess.Popen[bytes] | None = None
        if not world.on_sqlite:
            app = "examsite.asgi_intake:application"
            self.server = Server(world.folder, world.environment, app=app, workers=self.n_processes)

    def start(self) -> None:
        self.server.start()
        if not self.world.on_sqlite:
            self._worker = subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=settings.BASE_DIR,
                env=os.environ | self.world.environment,
                stdout=subprocess.DEVNULL,
            )

    def cpu_seconds(self) -> float:
        """Of all of it so far, the database included."""
        worker = cpu_of([self._worker.pid]) if self._worker else 0.0
        return self.server.cpu_seconds() + worker + (self.world.database_cpu() or 0.0)

    def stop(self) -> None:
        self.server.stop()
        if self._worker is not None:
            self._worker.terminate()
            self._worker.wait()
            self._worker = None

    def kill(self) -> None:
        self.server.kill()
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()


class Meter:
    """CPU of all that serves around a load, per reply."""

    def __init__(self, serving: Serving, say: Say) -> None:
        self.serving, self.say = serving, say

    def around(self, name: str, work: Callable[[], Load]) -> dict[str, Any]:
        before = self.serving.cpu_seconds()
        load = work()
        cpu_ms = round(1000 * (self.serving.cpu_seconds() - before) / max(1, len(load.latencies)), 4)
        row = load.summary() | {"cpu_ms": cpu_ms}
        self.say(
            f"{name}: {row['per_second']}/s, {row['ms']} ms, {cpu_ms} ms of CPU each, "
            f"errors {row['errors'] or 'none'}, generator {row['generator_cpu_seconds']} s of CPU"
        )
        return row


def measure(folder: Path, url: str, sizes: Sizes, say: Say) -> dict[str, Any]:
    """Every figure of one database, by name. `url`: "" for SQLite."""
    world = World(folder, url)
    say(f"making {sizes.pupils:,} pupils …")
    pupils = world.pupils(sizes.pupils)
    serving = Serving(world)
    serving.start()
    crowd = CrowdProcess(serving.server.host, serving.server.port, pupils)
    try:
        figures = _surges(Meter(serving, say), crowd, sizes)
        say("limits and baselines …")
        figures["hello"] = _hello(serving, crowd, sizes)
        for name in BASELINES:
            figures[name] = _baseline(world, crowd, sizes, name)
        figures |= _ending(serving, crowd, sizes, say)
        serving.stop()
        figures["raw"] = {"per_second": append_rate(world.database, sizes.raw_rows)}
    finally:
        crowd.stop()
        serving.kill()
    return figures


def _surges(meter: Meter, crowd: CrowdProcess, sizes: Sizes) -> dict[str, Any]:
    """From the card to saving as fast as the server takes it."""
    many = sizes.open_loop_connections
    figures = {
        "sign_in": meter.around("sign_in", lambda: crowd.call("sign_in", connections=32)),
        "open": meter.around("open", lambda: crowd.call("open", connections=32)),
        "start": meter.around(
            "start", lambda: crowd.call("start", seconds=sizes.start_window, connections=many)
        ),
        "open_loop": meter.around(
            "open_loop",
            lambda: crowd.call(
                "saves_at", rate=sizes.rate, seconds=sizes.open_loop_seconds, connections=many
            ),
        ),
        "saturation": meter.around(
            "saturation",
            lambda: crowd.call(
                "saves",
                at_most=sizes.saturation_at_most,
                seconds=sizes.saturation_seconds,
                connections=sizes.connections,
            ),
        ),
    }
    figures["start"]["window"] = sizes.start_window
    figures["open_loop"]["rate"] = sizes.rate
    return figures | {"one_response": crowd.call("one_response_bytes")}


def _ending(serving: Serving, crowd: CrowdProcess, sizes: Sizes, say: Say) -> dict[str, Any]:
    """The hand-in surge, sealing by the worker, and whether all that was acknowledged is in the journal."""
    world, begun = serving.world, time.monotonic()
    many = sizes.open_loop_connections
    load = Meter(serving, say).around(
        "hand_in", lambda: crowd.call("hand_in", seconds=10.0, connections=many)
    )
    sealed_after = _sealed_after(world, sizes.pupils, begun)
    say(f"sealed after {sealed_after} s")
    lengths = journal_of(world.database).lengths
    acknowledged: dict[tuple[str, str], int] = crowd.call("acknowledged")
    lost = sum(max(0, upto - lengths.get(device, (0, 0))[0]) for device, upto in acknowledged.items())
    return {"hand_in": load, "sealed_after": sealed_after, "lost": lost}


def _sealed_after(world: World, n_pupils: int, begun: float) -> float | None:
    """Seconds from `begun` until all are; None if that takes more than three minutes."""
    while time.monotonic() - begun < 180:
        if states_of(world.database).get("sealed", 0) >= n_pupils:
            return round(time.monotonic() - begun, 1)
        time.sleep(0.25)
    return None


def _hello(serving: Serving, crowd: CrowdProcess, sizes: Sizes) -> dict[str, Any]:
    world, app = serving.world, "tests.bench.delivery.baselines:hello"
    server = Server(world.folder, world.environment, app=app, workers=serving.n_processes)
    what = {"path": "/", "at_most": 1_000_000, "seconds": sizes.baseline_seconds, "connections": 64}
    return _elsewhere(server, crowd, "get", what)


def _baseline(world: World, crowd: CrowdProcess, sizes: Sizes, name: str) -> dict[str, Any]:
    """The site's own server stands by without work meanwhile."""
    environment = world.environment | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.delivery.settings",
        "BASELINE": name,
    }
    server = Server(world.folder, environment, app=f"tests.bench.delivery.baselines:{name}")
    at_most = int(3_000 * sizes.baseline_seconds)
    what = {"at_most": at_most, "seconds": sizes.baseline_seconds, "connections": 64}
    return _elsewhere(server, crowd, "saves_elsewhere", {"path": "/orm/save", **what})


def _elsewhere(server: Server, crowd: CrowdProcess, what: str, settings: dict[str, Any]) -> dict[str, Any]:
    with _running(server):
        before = server.cpu_seconds()
        load: Load = crowd.call(what, port=server.port, **settings)
        used = server.cpu_seconds() - before
    return load.summary() | {"cpu_ms": round(1000 * used / max(1, len(load.latencies)), 4)}


@contextmanager
def _running(server: Server) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.kill()
