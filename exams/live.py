"""How do staff see a room change without asking again and again?

A notice says only that something in a room moved; whoever listens fetches the page's own fragment, so
access is checked in one place and a lost notice costs nothing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from channels.layers import get_channel_layer

if TYPE_CHECKING:
    from exams.intake.app import Moved

ROOMS = "rooms"
_loop: asyncio.AbstractEventLoop | None = None


class RoomNotifier:
    """Bound to the event loop that the sockets live in; usable from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        global _loop
        _loop = loop

    def sitting_moved(self, moved: Moved) -> None:
        notify_rooms()


def notify_rooms() -> None:
    """Tell every open room board to look again; does nothing in a process that serves no sockets."""
    if _loop is not None and not _loop.is_closed():
        asyncio.run_coroutine_threadsafe(_notify(), _loop)


async def _notify() -> None:
    layer = get_channel_layer()
    if layer is not None:
        await layer.group_send(ROOMS, {"type": "room.moved"})
