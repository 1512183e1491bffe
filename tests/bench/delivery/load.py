"""How is load made at a given rate, or as much as is taken, with little CPU and an honest clock?

Requests are bytes made beforehand; any connection carries any of them. In the open loop each request has a
moment at which it is due, and its latency counts from then, whether or not the server was ready for it.
"""

from __future__ import annotations

import asyncio
import time
from array import array
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from examsite.rehearsal.tally import quantiles
from examsite.rehearsal.wire import Line, Reply

OnReply = Callable[[int, Reply | None], None]


@dataclass(slots=True)
class Load:
    """What came of it; `latencies` in seconds. `unsent`: places of requests without a good reply."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies: array[float] = field(default_factory=lambda: array("d"))
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def summary(self) -> dict[str, Any]:
        return {
            "n": len(self.latencies),
            "per_second": round(self.per_second, 1),
            "errors": dict(self.errors),
            "ms": quantiles(self.latencies),
            "generator_cpu_seconds": round(self.cpu_seconds, 2),
        }


class Lines:
    """Open connections, those that are free, and what waits for one."""

    def __init__(self, requests: Sequence[bytes], on_reply: OnReply) -> None:
        self.requests, self.on_reply = requests, on_reply
        self.load = Load()
        self.free: deque[Line] = deque()
        self.waiting: deque[tuple[int, float]] = deque()
        self.under_way = 0
        self._address = ("", 0)

    async def connect(self, host: str, port: int, number: int) -> None:
        self._address = (host, port)
        loop = asyncio.get_running_loop()
        for first in range(0, number, 100):
            opened = (loop.create_connection(Line, host, port) for _ in range(min(100, number - first)))
            self.free += [line for _, line in await asyncio.gather(*opened)]

    def submit(self, place: int, due: float) -> None:
        self.under_way += 1
        if self.free:
            self._send(self.free.popleft(), place, due)
        else:
            self.waiting.append((place, due))

    def close(self) -> None:
        for line in self.free:
            line.abort()

    def _send(self, line: Line, place: int, due: float) -> None:
        if line.transport is None:
            # Servers hang up on idle connections; a browser then opens another without a word.
            asyncio.get_running_loop().create_task(self._connect_and_send(place, due))
        else:
            self._send_on(line, place, due)

    async def _connect_and_send(self, place: int, due: float) -> None:
        _, line = await asyncio.get_running_loop().create_connection(Line, *self._address)
        self._send_on(line, place, due)

    def _send_on(self, line: Line, place: int, due: float) -> None:
        line.send(self.requests[place], lambda reply: self._replied(line, place, due, reply))

    def _replied(self, line: Line, place: int, due: float, reply: Reply | None) -> None:
        self.under_way -= 1
        if reply is None:
            self.load.errors["cut"] += 1
        else:
            if reply.status < 300:
                self.load.latencies.append(time.perf_counter() - due)
            else:
                self.load.errors[str(reply.status)] += 1
        self._next(line)
        self.on_reply(place, reply)

    def _next(self, line: Line) -> None:
        if self.waiting:
            self._send(line, *self.waiting.popleft())
        else:
            self.free.append(line)


async def open_loop(
    host: str,
    port: int,
    requests: Sequence[bytes],
    dues: Sequence[float],
    *,
    connections: int,
    on_reply: OnReply = lambda place, reply: None,
) -> Load:
    """Each request at its due moment (seconds from the beginning, ascending)."""
    lines = Lines(requests, on_reply)
    await lines.connect(host, port, connections)
    cpu, begun = time.process_time(), time.perf_counter()
    place = 0
    while place < len(dues):
        now = time.perf_counter() - begun
        while place < len(dues) and dues[place] <= now:
            lines.submit(place, begun + dues[place])
            place += 1
        if place < len(dues):
            await asyncio.sleep(max(0.0, min(dues[place] - now, 0.001)))
    await _all_replied(lines)
    lines.load.seconds, lines.load.cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
    lines.close()
    return lines.load


async def closed_loop(
    host: str,
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float = 3_600.0,
    on_reply: OnReply = lambda place, reply: None,
) -> Load:
    """Each connection sends its next request as soon as it has a reply; until all are sent or time is up."""
    place = 0
    until = 0.0

    def go_on(replied: int, reply: Reply | None) -> None:
        on_reply(replied, reply)
        one_more()

    def one_more() -> None:
        nonlocal place
        if place < len(requests) and time.perf_counter() < until:
            place += 1
            lines.submit(place - 1, time.perf_counter())

    lines = Lines(requests, go_on)
    await lines.connect(host, port, connections)
    cpu, begun = time.process_time(), time.perf_counter()
    until = begun + seconds
    for _ in range(min(connections, len(requests))):
        one_more()
    await _all_replied(lines)
    lines.load.seconds, lines.load.cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
    lines.close()
    return lines.load


async def _all_replied(lines: Lines, seconds: float = 60.0) -> None:
    until = time.perf_counter() + seconds
    while lines.under_way and time.perf_counter() < until:
        await asyncio.sleep(0.002)
    if lines.under_way:
        lines.load.errors["no reply within a minute"] += lines.under_way
