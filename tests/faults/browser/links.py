"""What can a network do to a browser that an emulation inside the browser cannot? A wire that may be cut.

Every connection of a phone, its service worker's too, goes through one `Link`: slow, lossy, silent, gone, or
torn at a chosen place of a save. Bytes are otherwise passed on as they come.
"""

from __future__ import annotations

import asyncio
import random
import re
from contextlib import suppress
from enum import Enum

from tests.faults.proxies import Address, Proxy

SAVE = b"POST /x/1/save "
PAPER = re.compile(rb"^GET (/x/1/(?:locked|papers)/\w+) ", re.MULTILINE)
PACKET = 1_400  # bytes
RESENT = 1.0  # seconds until what was lost is sent again, on top of a round trip


class Cut(Enum):
    """Where the next save is torn."""

    BEFORE = "before the request"
    IN_REQUEST = "in the middle of the request"
    IN_REPLY = "in the middle of the reply"
    BEFORE_REPLY = "after the commit, before the reply"
    SILENT = "no answer, and no end of the connection"


class Link(Proxy):
    """`down`: nothing gets through. `delay` s each way, `rate` bytes/s each way, `loss` share of packets."""

    def __init__(self, target: Address, *, seed: int = 7) -> None:
        super().__init__(target)
        self.down = False
        self.delay = 0.0
        self.rate = 0.0
        self.loss = 0.0
        self.tear: Cut | None = None
        self.replace: tuple[bytes, bytes] | None = None
        self.torn: list[Cut] = []
        self.fetched: list[str] = []  # papers, locked or not
        self._random = random.Random(seed)

    def __enter__(self) -> Link:
        super().__enter__()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.address[1]}"

    def go_down(self) -> None:
        self.down = True
        self.cut()

    def come_up(self) -> None:
        self.down = False

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.down:
            return
        server_reader, server_writer = await asyncio.open_connection(*self.target)
        wire = _Wire(self)
        ways = [
            wire.pass_on(reader, server_writer, wire.of_request),
            wire.pass_on(server_reader, writer, wire.of_reply),
        ]
        tasks = [asyncio.ensure_future(way) for way in ways]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                with suppress(OSError, asyncio.CancelledError):
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            server_writer.transport.abort()

    def late_by(self) -> float:
        """How long one packet takes, lost and sent again or not."""
        again = 0.0
        while self._random.random() < self.loss:
            again += RESENT + 2 * self.delay
        return self.delay + again


class _Torn(OSError):
    pass


class _Wire:
    """One connection, both ways of it."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.tearing: Cut | None = None

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, edit: object) -> None:
        queue: asyncio.Queue[tuple[float, bytes, bool]] = asyncio.Queue()
        delivery = asyncio.ensure_future(self._deliver(queue, writer))
        loop = asyncio.get_running_loop()
        arrives = 0.0
        try:
            while data := await reader.read(PACKET if self.link.rate or self.link.delay else 65_536):
                if self.link.rate:
                    await asyncio.sleep(len(data) / self.link.rate)
                passed, ends = edit(data)  # type: ignore[operator]
                arrives = max(arrives, loop.time() + self.link.late_by())
                queue.put_nowait((arrives, passed, ends))
            if self.tearing is Cut.SILENT:
                await asyncio.Event().wait()  # not even that the server hung up gets through
            queue.put_nowait((arrives, b"", True))
            await delivery
        finally:
            delivery.cancel()

    async def _deliver(
        self, queue: asyncio.Queue[tuple[float, bytes, bool]], writer: asyncio.StreamWriter
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            arrives, data, ends = await queue.get()
            await asyncio.sleep(max(0.0, arrives - loop.time()))
            if data:
                writer.write(data)
                await writer.drain()
            if ends:
                raise _Torn

    def of_request(self, data: bytes) -> tuple[bytes, bool]:
        """What of these bytes goes on to the server, and whether the connection ends after them."""
        if self.link.replace is not None:
            data = data.replace(
                b"Accept-Encoding:", b"Accept-Nothing-:"
            )  # what is replaced has to be readable
        self.link.fetched += [path.decode() for path in PAPER.findall(data)]
        if self.link.tear is None or SAVE not in data:
            return data, False
        self.tearing, self.link.tear = self.link.tear, None
        self.link.torn.append(self.tearing)
        if self.tearing is Cut.BEFORE:
            return b"", True
        if self.tearing is Cut.IN_REQUEST:
            return data[: len(data) // 2], True
        return data, False

    def of_reply(self, data: bytes) -> tuple[bytes, bool]:
        if self.tearing is Cut.IN_REPLY:
            return data[: len(data) // 2], True
        if self.tearing is Cut.BEFORE_REPLY:
            return b"", True
        if self.tearing is Cut.SILENT:
            return b"", False
        if self.link.replace is not None:
            data = data.replace(*self.link.replace)
        return data, False
