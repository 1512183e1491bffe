"""Does the bare HTTP of virtual phones read every reply whole, and notice when there is none?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from examsite.rehearsal.wire import Caller, Cut, complete, request_head

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
BODY = '{"a":"цц"}'.encode()
REPLY = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 12\r\n\r\n" + BODY
HEAD = request_head("POST", "/x/1/save", "proba.test", b"Authorization: Bearer t")


def talk(serve: Serve, ask: Callable[[Caller], Awaitable[Any]]) -> Any:
    """`ask` with a caller of a server whose every connection is served so."""

    async def serve_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve(reader, writer)
        await reader.read()
        writer.close()
        ended.set()

    ended = asyncio.Event()

    async def main() -> Any:
        server = await asyncio.start_server(serve_and_close, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        caller = Caller(host, port)
        try:
            return await ask(caller)
        finally:
            caller.hang_up()
            await asyncio.wait_for(ended.wait(), 5)
            server.close()

    return asyncio.run(main())


async def request_of(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    return head + await reader.readexactly(length)


@pytest.mark.parametrize("piece", [1, 7, 70, 1_000])
def test_reply_in_pieces(piece: int) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        for first in range(0, len(REPLY), piece):
            writer.write(REPLY[first : first + piece])
            await writer.drain()
            await asyncio.sleep(0)

    reply = talk(serve, lambda caller: caller.ask(complete(HEAD, b"{}"), 5))
    assert (reply.status, reply.json) == (200, {"a": "цц"})
    assert reply.header(b"content-type") == b"application/json"
    assert reply.header(b"retry-after") == b""


def test_request_is_what_was_made_and_the_connection_is_kept() -> None:
    seen: list[bytes] = []
    connections: list[object] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        for _ in range(2):
            seen.append(await request_of(reader))
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    async def ask(caller: Caller) -> list[int]:
        return [(await caller.ask(complete(HEAD, body), 5)).status for body in (b"one", b"")]

    assert talk(serve, ask) == [204, 204]
    assert len(connections) == 1
    assert [request.partition(b"\r\n\r\n")[2] for request in seen] == [b"one", b""]
    assert seen[0].startswith(b"POST /x/1/save HTTP/1.1\r\nHost: proba.test\r\nOrigin: http://proba.test\r\n")
    assert b"\r\nAuthorization: Bearer t\r\n" in seen[0]


def test_server_that_hangs_up_is_a_cut_and_the_next_request_connects_anew() -> None:
    connections: list[object] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        await request_of(reader)
        if len(connections) == 1:
            writer.write(REPLY[:40])
            writer.close()
        else:
            writer.write(REPLY)

    async def ask(caller: Caller) -> int:
        with pytest.raises(Cut):
            await caller.ask(complete(HEAD), 5)
        return (await caller.ask(complete(HEAD), 5)).status

    assert talk(serve, ask) == 200
    assert len(connections) == 2


def test_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def ask(caller: Caller) -> None:
        with pytest.raises(TimeoutError):
            await caller.ask(complete(HEAD), 0.05)

    talk(serve, ask)


def test_half_a_request_is_no_request() -> None:
    arrived: list[bytes] = []
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.append(await reader.read())
        closed.set()

    async def ask(caller: Caller) -> None:
        await caller.send_half(complete(HEAD, b"x" * 1_000))
        await asyncio.wait_for(closed.wait(), 5)

    talk(serve, ask)
    assert len(arrived[0]) < len(complete(HEAD, b"x" * 1_000))
