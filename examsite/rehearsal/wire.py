"""How does a virtual phone speak HTTP at next to no cost? Bytes made beforehand, one keep-alive connection.

No library: a load tool that needs as much of the machine as the server measures itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

# About what a phone's browser sends with every request of a page: a server has to read it, so it is sent.
BROWSER = (
    b"Connection: keep-alive\r\n"
    b"User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    b"Chrome/131.0.0.0 Mobile Safari/537.36\r\n"
    b"Accept: */*\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
    b"Accept-Encoding: gzip, deflate, br\r\nAccept-Language: sr-RS,sr;q=0.9\r\n"
)


class Cut(ConnectionError):
    """The connection ended before the reply did."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`head` with the status line, as received."""

    status: int
    head: bytes
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    def header(self, name: bytes) -> bytes:
        """The value of the first header of this (lower-case) name, or b""."""
        for line in self.head.split(b"\r\n")[1:]:
            found, _, value = line.partition(b":")
            if found.strip().lower() == name:
                return value.strip()
        return b""


def request_head(method: str, path: str, host: str, *headers: bytes) -> bytes:
    """Everything of a request up to its length; `complete` adds the rest."""
    own = b"".join(header + b"\r\n" for header in headers)
    origin = f"Origin: http://{host}\r\n" if method == "POST" else ""
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{origin}".encode() + BROWSER + own


def complete(head: bytes, body: bytes = b"") -> bytes:
    return b"%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body)


class Line(asyncio.Protocol):
    """One connection, one request at a time. `on_reply` is called with the reply, or with None when cut."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.on_reply: Callable[[Reply | None], None] | None = None
        self._received = b""
        self._head_end = -1
        self._whole = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        received = self._received = self._received + data if self._received else data
        if self._head_end < 0:
            end = received.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head_end = end + 4
            self._whole = self._head_end + _length(received, end)
        if len(received) >= self._whole:
            reply = Reply(int(received[9:12]), received[: self._head_end], received[self._head_end :])
            self._received, self._head_end = b"", -1
            self._tell(reply)

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        self._received, self._head_end = b"", -1
        self._tell(None)

    def send(self, request: bytes, on_reply: Callable[[Reply | None], None]) -> None:
        self.on_reply = on_reply
        if self.transport is None:
            self._tell(None)
        else:
            self.transport.write(request)

    def abort(self) -> None:
        """As when the network goes: nothing is said, nothing more is heard."""
        self.on_reply = None
        if self.transport is not None:
            self.transport.abort()
            self.transport = None

    def _tell(self, reply: Reply | None) -> None:
        told, self.on_reply = self.on_reply, None
        if told is not None:
            told(reply)


class Caller:
    """Requests of one phone: opens a connection when there is none, waits for the reply, counts bytes."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._line: Line | None = None

    async def ask(self, request: bytes, seconds: float) -> Reply:
        """Raises Cut, ConnectionError or TimeoutError; whether the server has done it is then unknown."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(seconds):
            try:
                line = await self._connected()
                waiting: asyncio.Future[Reply | None] = loop.create_future()
                line.send(request, lambda reply: _settle(waiting, reply))
                reply = await waiting
            except BaseException:
                self.hang_up()
                raise
        if reply is None:
            self._line = None
            raise Cut
        if reply.header(b"connection").lower() == b"close":
            self.hang_up()
        return reply

    async def send_half(self, request: bytes) -> None:
        """The connection breaks while the request is on its way."""
        line = await self._connected()
        line.transport.write(request[: len(request) // 2])
        await asyncio.sleep(0)
        self.hang_up()

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.abort()
            self._line = None

    async def _connected(self) -> Line:
        if self._line is None or self._line.transport is None:
            loop = asyncio.get_running_loop()
            _, self._line = await loop.create_connection(Line, self.host, self.port)
        return self._line


def _settle(waiting: asyncio.Future[Reply | None], reply: Reply | None) -> None:
    if not waiting.done():
        waiting.set_result(reply)


def _length(received: bytes, end: int) -> int:
    """Content-Length of the reply whose head ends at `end`; 0 when there is none (204)."""
    head = received[:end].lower()
    place = head.find(b"\r\ncontent-length:")
    if place < 0:
        return 0
    stop = head.find(b"\r\n", place + 2)
    return int(head[place + 17 : stop if stop > 0 else end])
