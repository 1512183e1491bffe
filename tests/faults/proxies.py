"""What may happen between a phone and a server, or a server and its database? Small proxies that do it.

Each runs in a thread with an event loop of its own, so that tests may wait and block as they like.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from types import TracebackType

Address = tuple[str, int]


class Proxy:
    """Passes bytes on to `target`, which may be changed; used as a context manager."""

    def __init__(self, target: Address) -> None:
        self.target = target
        self.address: Address = ("127.0.0.1", 0)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stopped = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def cut(self) -> None:
        """Every connection there is breaks off."""
        done = threading.Event()

        def cancel() -> None:
            for task in self._tasks:
                task.cancel()
            done.set()

        self._loop.call_soon_threadsafe(cancel)
        done.wait()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.address = server.sockets[0].getsockname()[:2]
        self._ready.set()
        await self._stopped.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._guarded(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with suppress(asyncio.CancelledError):
            await task

    async def _guarded(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self.handle(reader, writer)
        finally:
            writer.transport.abort()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(*self.target)
        try:
            ways = [_pass_on(reader, server_writer), _pass_on(server_reader, writer)]
            tasks = [asyncio.ensure_future(way) for way in ways]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            server_writer.transport.abort()


class LosingProxy(Proxy):
    """The server has done it and replied, but the phone never hears: while `losing`, replies are cut off."""

    losing = True
    lost = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reply = await _exchange(self.target, await _whole_request(reader))
        if self.losing:
            self.lost += 1
            # Half of it still arrives, as when a lift's doors close.
            writer.write(reply[: len(reply) // 2])
            await writer.drain()
            writer.close()
            return
        writer.write(reply)
        await writer.drain()


class RepeatingProxy(Proxy):
    """Sends every request `times` times at once; the phone gets the reply that comes last."""

    def __init__(self, target: Address, times: int) -> None:
        super().__init__(target)
        self.times = times
        self.statuses: list[int] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _whole_request(reader)
        last = b""
        for done in asyncio.as_completed([_exchange(self.target, request) for _ in range(self.times)]):
            last = await done
            self.statuses.append(int(last.split(b" ", 2)[1]))
        writer.write(last)
        await writer.drain()
        writer.close()


class Balancer(Proxy):
    """One address for several servers: each connection goes to the next one that takes it."""

    def __init__(self, targets: list[Address]) -> None:
        super().__init__(targets[0])
        self.targets = targets
        self._next = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _whole_request(reader)
        for _ in self.targets:
            self._next += 1
            target = self.targets[self._next % len(self.targets)]
            try:
                connection = await asyncio.open_connection(*target)
            except OSError:
                continue
            writer.write(await _exchange_over(*connection, request))
            await writer.drain()
            writer.close()
            return


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


async def _whole_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    lengths = [int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")]
    return head + (await reader.readexactly(lengths[0]) if lengths else b"")


async def _exchange(target: Address, request: bytes) -> bytes:
    return await _exchange_over(*await asyncio.open_connection(*target), request)


async def _exchange_over(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    try:
        writer.write(request)
        return await reader.read()
    finally:
        writer.transport.abort()
