"""Does the application begin and end what lives as long as the process?"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pytest_django import Settings

from exams.models import Sitting
from exams.signals import sitting_handed_in
from examsite.composition import build_application


@pytest.mark.parametrize("embedded", [True, False])
def test_a_hand_in_hurries_the_workers_of_this_process_only(
    transactional_db: None, settings: Settings, embedded: bool
) -> None:
    settings.EMBEDDED_WORKER = embedded
    application = build_application(lambda environ, start_response: [])
    inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    seen: list[tuple[str, bool]] = []

    async def send(message: dict[str, Any]) -> None:
        seen.append((message["type"], sitting_handed_in.has_listeners(Sitting)))
        if message["type"] == "lifespan.startup.complete":
            await inbox.put({"type": "lifespan.shutdown"})

    async def live() -> None:
        await inbox.put({"type": "lifespan.startup"})
        await application({"type": "lifespan"}, inbox.get, send)

    asyncio.run(live())
    assert seen == [("lifespan.startup.complete", embedded), ("lifespan.shutdown.complete", False)]


def test_exam_plane_alone_serves_phones_and_nothing_else(transactional_db: None, settings: Settings) -> None:
    settings.EMBEDDED_WORKER = True
    application = build_application(None)
    assert application.worker is None
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    for path in ("/", "/staff/login/", "/x/1/nowhere"):
        scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        asyncio.run(application(scope, receive, send))
    bodies = [message["body"] for message in sent if message["type"] == "http.response.body"]
    assert bodies == [b'{"error":"no_such_address","detail":""}'] * 3
