"""How are intake, live views, worker and pages put together into one ASGI application?"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings

from exams.intake.app import Intake, Moved
from exams.intake.connection import connect
from exams.intake.writer import Writer
from exams.live import RoomNotifier
from exams.routing import websocket_urlpatterns
from exams.signals import sitting_handed_in
from examsite.bridge import WsgiApp, WsgiBridge
from examsite.worker import Worker

Scope = dict[str, Any]
AsgiApp = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


class Application:
    """Routes by path and type, and owns what lives as long as the process does.

    Without `pages` it is the exam plane alone: the intake, and nothing that could take its time.
    """

    def __init__(self, pages: WsgiApp | None) -> None:
        self.writer = Writer(lambda: connect(settings.DATABASES["default"]))
        self.intake = Intake(
            self.writer,
            ticket_secret=settings.SECRETS["TICKET_SECRET"],
            card_secret=settings.SECRETS["CARD_SECRET"],
            secure_cookie=settings.BEHIND_TLS,
        )
        self.pages = None if pages is None else WsgiBridge(pages, threads=settings.BRIDGE_THREADS)
        self.sockets: AsgiApp = ProtocolTypeRouter(
            {"websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))}
        )
        embedded = settings.EMBEDDED_WORKER and pages is not None
        self.worker = Worker(self.writer.wait_until_idle) if embedded else None

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket" and self.pages is not None:
            await self.sockets(scope, receive, send)
        elif scope["type"] == "http" and (self.pages is None or scope["path"].startswith("/x/")):
            await self.intake(scope, receive, send)
        elif self.pages is not None:
            await self.pages(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        try:
            await asyncio.to_thread(self.writer.start)
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        rarely_look_for_garbage()
        self.intake.listeners.append(RoomNotifier(asyncio.get_running_loop()).sitting_moved)
        if self.worker is not None:
            self.worker.start()
            self.intake.listeners.append(self._hurry)
            sitting_handed_in.connect(self._handed_in)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self.worker is not None:
            sitting_handed_in.disconnect(self._handed_in)
            await asyncio.to_thread(self.worker.stop)
        await asyncio.to_thread(self.writer.stop)
        await send({"type": "lifespan.shutdown.complete"})

    def _hurry(self, moved: Moved) -> None:
        if self.worker is not None and moved.state != "started":
            self.worker.hurry()

    def _handed_in(self, **notice: Any) -> None:
        """A page or a command of this process closed or sealed a sitting: score it at once."""
        if self.worker is not None:
            self.worker.hurry()


def rarely_look_for_garbage() -> None:
    """Python's search for reference cycles walks over everything that lives. With its ordinary thresholds a
    third of a busy intake's time goes there, and phones wait for a tenth of a second now and then.
    """
    gc.collect()
    # What has been loaded by now stays until the end; it need not be walked over again.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def build_application(pages: WsgiApp | None) -> Application:
    return Application(pages)
