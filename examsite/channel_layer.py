"""How do notices reach open sockets when everything runs in one process, without Redis?

Channels' own in-memory layer walks through all channels and members at every receive, so telling n boards
costs n² steps; its authors keep it for tests. Here a notice costs the same for each member, however many.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import defaultdict, deque
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import BaseChannelLayer

Message = dict[str, Any]

MEMBERSHIP_SECONDS = 24 * 3600
"""A member that left without saying so is forgotten after a day; until then it costs one full box."""


@dataclass(slots=True)
class _Box:
    """What waits for one channel, oldest first, each with its last moment; a full one loses the oldest."""

    messages: deque[tuple[float, Message]]
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    readers: int = 0

    def put(self, expires: float, message: Message) -> None:
        self.messages.append((expires, message))
        self.arrived.set()

    def take(self, now: float) -> Message | None:
        self.drop_old(now)
        return self.messages.popleft()[1] if self.messages else None

    def drop_old(self, now: float) -> None:
        while self.messages and self.messages[0][0] < now:
            self.messages.popleft()


@dataclass(slots=True)
class _Here:
    """Everything that lives in one event loop. `groups`: name → member → until when."""

    boxes: dict[str, _Box] = field(default_factory=dict)
    groups: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))


class InProcessChannelLayer(BaseChannelLayer):
    """The channel layer interface with groups. Everything belongs to the event loop that calls; from another
    thread come in with `asyncio.run_coroutine_threadsafe`, as `exams.live` does.

    A reader that does not keep up holds nobody: of what a group was told it loses the oldest, and what is
    older than `expiry` seconds nobody gets. Only `send` to a single full channel raises ChannelFull.
    """

    extensions = ("groups", "flush")

    def __init__(self, **options: Any) -> None:
        limits = self.compile_capacities(options.pop("channel_capacity", {}))
        super().__init__(channel_capacity=limits, **options)
        self._loops: dict[asyncio.AbstractEventLoop, _Here] = {}

    @property
    def groups(self) -> dict[str, dict[str, float]]:
        """The groups of the running loop that have members."""
        return self._here().groups

    async def new_channel(self, prefix: str = "specific.") -> str:
        return f"{prefix}inprocess!{secrets.token_hex(12)}"

    async def send(self, channel: str, message: Message) -> None:
        """Raises ChannelFull when too much waits that nobody has read."""
        self.require_valid_channel_name(channel)
        box = self._box(channel)
        box.drop_old(time.monotonic())
        if len(box.messages) == box.messages.maxlen:
            raise ChannelFull(channel)
        self._put(box, message)

    async def receive(self, channel: str) -> Message:
        """The next message that is not too old."""
        self.require_valid_channel_name(channel)
        box = self._box(channel)
        box.readers += 1
        try:
            while (message := box.take(time.monotonic())) is None:
                box.arrived.clear()
                await box.arrived.wait()
            return message
        finally:
            box.readers -= 1
            if not box.messages:
                self._put_away(channel)

    async def group_add(self, group: str, channel: str) -> None:
        self.require_valid_group_name(group)
        self.require_valid_channel_name(channel)
        self._here().groups[group][channel] = time.monotonic() + MEMBERSHIP_SECONDS

    async def group_discard(self, group: str, channel: str) -> None:
        """Who has left the last group and reads no more leaves nothing behind."""
        self.require_valid_group_name(group)
        self.require_valid_channel_name(channel)
        groups = self._here().groups
        members = groups.get(group, {})
        members.pop(channel, None)
        if not members:
            groups.pop(group, None)
        if not any(channel in others for others in groups.values()):
            self._put_away(channel)

    async def group_send(self, group: str, message: Message) -> None:
        """To every member, without waiting for any of them."""
        self.require_valid_group_name(group)
        now = time.monotonic()
        for channel, until in list(self._here().groups.get(group, {}).items()):
            if until < now:
                await self.group_discard(group, channel)
            else:
                self._put(self._box(channel), message)

    async def flush(self) -> None:
        self._loops.pop(asyncio.get_running_loop(), None)

    async def close(self) -> None:
        """Nothing is held open."""

    def _here(self) -> _Here:
        loop = asyncio.get_running_loop()
        if loop not in self._loops:
            self._loops = {other: here for other, here in self._loops.items() if not other.is_closed()}
            self._loops[loop] = _Here()
        return self._loops[loop]

    def _box(self, channel: str) -> _Box:
        boxes = self._here().boxes
        if channel not in boxes:
            boxes[channel] = _Box(deque(maxlen=self.get_capacity(channel)))
        return boxes[channel]

    def _put(self, box: _Box, message: Message) -> None:
        # A copy for each, as over Redis: what one reader does to it is nothing to the others.
        box.put(time.monotonic() + self.expiry, deepcopy(message))

    def _put_away(self, channel: str) -> None:
        boxes = self._here().boxes
        if channel in boxes and not boxes[channel].readers:
            del boxes[channel]
