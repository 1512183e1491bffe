"""How do Django's synchronous pages run inside the ASGI process?

Django's own ASGI handler starts a thread per request and hops between threads in each synchronous
middleware, which costs several times the page itself and a new database connection every time. This
bridge runs the WSGI handler on a fixed pool instead: one hop, and connections live as long as threads.
"""

from __future__ import annotations

import asyncio
import io
import secrets
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

MAX_BODY = 8 * 1024 * 1024
IN_LINE_PER_THREAD = 25
"""Who would wait behind more than this is better told to come back: somebody else may be sitting an exam."""
BUSY = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Proba</title>
<p lang="sr-Cyrl">Сервер је заузет. Покушајте поново за неколико секунди.</p>
<p lang="sr-Latn">Server je zauzet. Pokušajte ponovo za nekoliko sekundi.</p>
<p>The server is busy. Please try again in a few seconds.</p></html>""".encode()


class WsgiBridge:
    """An ASGI application that answers with a WSGI one, on `threads` threads kept for ever.

    The line for them is bounded; past that the answer is 503 with Retry-After.
    """

    def __init__(self, app: WsgiApp, *, threads: int) -> None:
        self.app = app
        self.pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="page")
        self.room = threads * (1 + IN_LINE_PER_THREAD)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _read_body(receive)
        except ClientGone:
            return
        if body is None:
            await _send(send, 413, [(b"content-type", b"text/plain")], b"The request is larger than 8 MB.")
            return
        if self.room == 0:
            retry = str(2 + secrets.randbelow(9)).encode()
            await _send(send, 503, [(b"content-type", b"text/html"), (b"retry-after", retry)], BUSY)
            return
        loop = asyncio.get_running_loop()
        self.room -= 1
        try:
            status, headers, content = await loop.run_in_executor(self.pool, self._respond, scope, body)
        finally:
            self.room += 1
        await _send(send, status, headers, b"" if scope["method"] == "HEAD" else content)

    def _respond(self, scope: Scope, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            started[:] = [int(status.split(" ", 1)[0]), headers]

        chunks = self.app(_environ(scope, body), start_response)
        try:
            content = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in started[1]]
        return started[0], headers, content


class ClientGone(Exception):
    """The request ended before its body did: half a form must not be taken for a whole one."""


async def _read_body(receive: Receive) -> bytes | None:
    """None when it is larger than MAX_BODY. Raises ClientGone."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        # WSGI wants the decoded path's bytes as latin-1 text.
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope.get("headers", []):
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        # X_Forwarded_Proto would become what only the proxy may say with X-Forwarded-Proto.
        if name == "CONTENT_LENGTH" or b"_" in raw_name:
            continue
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        # Several cookies may come as several headers over HTTP/2; elsewhere a comma joins.
        if key in environ:
            separator = "; " if key == "HTTP_COOKIE" else ","
            value = f"{environ[key]}{separator}{value}"
        environ[key] = value
    return environ
