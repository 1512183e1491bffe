"""Django's pages inside ASGI: the same request in, the same response out, half requests not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from examsite.bridge import MAX_BODY, WsgiBridge


class Page:
    """A WSGI application that remembers what it was asked and replies as told."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.closed = 0
        self.headers = [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        start_response("404 Not Found", self.headers)
        page = self

        class Chunks:
            def __iter__(self) -> Iterator[bytes]:
                return iter([b"no", b"thing"])

            def close(self) -> None:
                page.closed += 1

        return Chunks()


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def bridge(page: Page) -> Iterator[WsgiBridge]:
    bridge = WsgiBridge(page, threads=2)
    yield bridge
    bridge.pool.shutdown()


def ask(bridge: WsgiBridge, *messages: dict[str, Any], **scope: Any) -> list[dict[str, Any]]:
    waiting = list(messages) or [{"type": "http.request"}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    base = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    asyncio.run(bridge(base | scope, receive, send))
    return sent


def test_response_comes_through_unchanged(bridge: WsgiBridge, page: Page) -> None:
    assert ask(bridge) == [
        {
            "type": "http.response.start",
            "status": 404,
            "headers": [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")],
        },
        {"type": "http.response.body", "body": b"nothing"},
    ]
    assert page.closed == 1


def test_head_has_headers_and_no_body(bridge: WsgiBridge, page: Page) -> None:
    start, body = ask(bridge, method="HEAD")
    assert (start["status"], body["body"]) == (404, b"")
    assert page.asked[0]["REQUEST_METHOD"] == "HEAD"


def test_request_as_wsgi_wants_it(bridge: WsgiBridge, page: Page) -> None:
    ask(
        bridge,
        {"type": "http.request", "body": b"a=", "more_body": True},
        {"type": "http.request", "body": b"1"},
        method="POST",
        scheme="https",
        path="/sit/ч/",
        query_string=b"q=%D1%87&raw=\xd1",
        server=("proba.test", 443),
        client=("192.0.2.7", 5000),
        headers=[
            (b"host", b"proba.test"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", b"999"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"accept", b"text/html"),
            (b"accept", b"*/*"),
            (b"x-forwarded-proto", b"http"),
            (b"x_forwarded_proto", b"https"),
        ],
    )
    (environ,) = page.asked
    assert page.bodies == [b"a=1"]
    wanted = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/sit/ч/".encode().decode("latin-1"),
        "QUERY_STRING": "q=%D1%87&raw=\xd1",
        "SERVER_NAME": "proba.test",
        "SERVER_PORT": "443",
        "REMOTE_ADDR": "192.0.2.7",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": "3",
        "HTTP_HOST": "proba.test",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_ACCEPT": "text/html,*/*",
        "HTTP_X_FORWARDED_PROTO": "http",
        "wsgi.url_scheme": "https",
    }
    assert {name: environ[name] for name in wanted} == wanted
    assert "HTTP_CONTENT_LENGTH" not in environ


def test_half_a_request_reaches_no_page(bridge: WsgiBridge, page: Page) -> None:
    half = {"type": "http.request", "body": b"amount=1", "more_body": True}
    assert ask(bridge, half, {"type": "http.disconnect"}, method="POST") == []
    assert page.asked == []


def test_body_is_bounded_to_the_byte(bridge: WsgiBridge, page: Page) -> None:
    whole = {"type": "http.request", "body": b"x" * MAX_BODY, "more_body": True}
    assert ask(bridge, whole, {"type": "http.request"}, method="POST")[0]["status"] == 404
    refused = ask(bridge, whole, {"type": "http.request", "body": b"x"}, method="POST")
    assert refused[0]["status"] == 413
    assert [len(body) for body in page.bodies] == [MAX_BODY]


def test_failure_of_a_page_is_the_servers_to_show(bridge: WsgiBridge, page: Page) -> None:
    page.headers = [("X", "ч")]  # not a header at all
    with pytest.raises(UnicodeEncodeError):
        ask(bridge)
    assert page.closed == 1


def test_pages_run_on_threads_that_stay(bridge: WsgiBridge) -> None:
    names: set[str] = set()

    def page(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        names.add(threading.current_thread().name)
        start_response("200 OK", [])
        return [b""]

    bridge.app = page
    for _ in range(5):
        ask(bridge)
    assert names <= {"page_0", "page_1"}


@pytest.mark.django_db(transaction=True)
def test_django_itself_behind_the_bridge() -> None:
    bridge = WsgiBridge(get_wsgi_application(), threads=1)
    try:
        sent = ask(bridge, path="/no-such-page/", headers=[(b"host", b"localhost")])
    finally:
        bridge.pool.submit(_close_connections).result()
        bridge.pool.shutdown()
    assert sent[0]["status"] == 404
    assert b"<html" in sent[1]["body"]


def _close_connections() -> None:
    from django.db import connections  # noqa: PLC0415  the thread's own

    connections.close_all()


def test_line_for_pages_is_bounded(bridge: WsgiBridge, page: Page) -> None:
    held = threading.Event()
    plain = bridge.app

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        held.wait(20)
        return plain(environ, start_response)

    bridge.app = slow
    room = bridge.room
    statuses: list[int] = []

    async def visit() -> None:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await bridge({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send)
        statuses.append(sent[0]["status"])
        if sent[0]["status"] == 503:
            assert 2 <= int(dict(sent[0]["headers"])[b"retry-after"]) <= 10
            held.set()

    async def rush() -> None:
        await asyncio.gather(*[visit() for _ in range(room + 3)])

    asyncio.run(rush())
    assert (statuses.count(503), statuses.count(404)) == (3, room)
    assert bridge.room == room
