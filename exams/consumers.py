"""What does an invigilator's open room board hear? Only that it should look again."""

from __future__ import annotations

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from exams.live import ROOMS


class RoomBoardConsumer(AsyncJsonWebsocketConsumer):
    """For signed-in staff. It carries no data, so it needs no further access rule."""

    async def connect(self) -> None:
        if not self.scope["user"].is_authenticated:
            await self.close(code=4401)
            return
        await self.channel_layer.group_add(ROOMS, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(ROOMS, self.channel_name)

    async def room_moved(self, event: dict[str, Any]) -> None:
        await self.send_json({"moved": True})
