"""Does an open room board hear that a room moved, from any thread, over both layers, and only for staff?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import Person
from exams import live
from exams.consumers import RoomBoardConsumer
from exams.live import ROOMS, RoomNotifier, notify_rooms
from examsite.asgi import application
from tests.factories.accounts import make_member, make_school

SECONDS = 5


class Board:
    """A browser with an open room board, as far as the server can tell."""

    def __init__(self, app: Any, *, user: Any = None, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        scope: dict[str, Any] = {
            "type": "websocket", "path": "/ws/rooms/", "headers": list(headers), "query_string": b"",
        }  # fmt: skip
        self.talk = ApplicationCommunicator(app, scope if user is None else scope | {"user": user})

    async def connect(self) -> dict[str, Any]:
        await self.talk.send_input({"type": "websocket.connect"})
        reply: dict[str, Any] = await self.talk.receive_output(SECONDS)
        return reply

    async def hears(self) -> Any:
        return json.loads((await self.talk.receive_output(SECONDS))["text"])

    async def leave(self) -> None:
        await self.talk.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.talk.wait(SECONDS)


def board_of(user: Any) -> Board:
    return Board(RoomBoardConsumer.as_asgi(), user=user)


async def notices_reach_every_board(moves: Callable[[RoomNotifier], Any]) -> None:
    notifier = RoomNotifier(asyncio.get_running_loop())
    boards = [board_of(Person(pk=1)), board_of(Person(pk=2))]
    for board in boards:
        assert (await board.connect())["type"] == "websocket.accept"
    await asyncio.to_thread(moves, notifier)
    assert [await board.hears() for board in boards] == [{"moved": True}, {"moved": True}]
    for board in boards:
        await board.leave()


async def nobody_listens_any_more() -> None:
    board = board_of(Person(pk=1))
    await board.connect()
    layer: Any = get_channel_layer()
    assert list(layer.groups) == [ROOMS]
    await board.leave()
    assert layer.groups == {}


def test_a_move_noticed_by_the_intake_reaches_every_open_board() -> None:
    asyncio.run(notices_reach_every_board(lambda notifier: notifier.sitting_moved(None)))  # type: ignore[arg-type]


def test_a_grant_in_a_page_thread_reaches_them_too() -> None:
    asyncio.run(notices_reach_every_board(lambda _: notify_rooms()))


def test_over_a_real_redis(redis_url: str, settings: Settings) -> None:
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [redis_url], "prefix": "test-rooms"},
        }
    }
    asyncio.run(over_redis())


async def over_redis() -> None:
    await notices_reach_every_board(lambda _: notify_rooms())
    layer: Any = get_channel_layer()
    await layer.flush()


def test_a_closed_board_leaves_nothing_behind() -> None:
    asyncio.run(nobody_listens_any_more())


def test_strangers_are_turned_away() -> None:
    reply = asyncio.run(board_of(AnonymousUser()).connect())
    assert (reply["type"], reply["code"]) == ("websocket.close", 4401)


def test_a_process_without_sockets_has_nobody_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_loop", None)
    notify_rooms()
    closed = asyncio.new_event_loop()
    closed.close()
    monkeypatch.setattr(live, "_loop", closed)
    notify_rooms()


@pytest.mark.django_db(transaction=True)
def test_the_site_opens_the_socket_for_a_signed_in_session_of_its_own_pages_only(client: Client) -> None:
    client.force_login(make_member(make_school(), Role.INVIGILATOR))
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()

    own, foreign = (b"origin", b"http://localhost"), (b"origin", b"http://elsewhere.example")
    assert asyncio.run(reply_to(own, (b"cookie", cookie))) == "websocket.accept"
    assert asyncio.run(reply_to(own)) == "websocket.close"
    assert asyncio.run(reply_to(foreign, (b"cookie", cookie))) == "websocket.close"


async def reply_to(*headers: tuple[bytes, bytes]) -> str:
    board = Board(application, headers=headers)
    reply = await board.connect()
    await board.leave()
    return str(reply["type"])
