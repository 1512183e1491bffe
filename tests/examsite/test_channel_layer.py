"""Does a notice reach every member in one step each, whoever is slow, leaves or comes from another thread?"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any

import pytest
from channels import layers
from channels.exceptions import ChannelFull
from channels.layers import BaseChannelLayer, InMemoryChannelLayer

from examsite import channel_layer
from examsite.channel_layer import MEMBERSHIP_SECONDS, InProcessChannelLayer

ROOMS = "rooms"
Scenario = Callable[[InProcessChannelLayer], Coroutine[Any, Any, None]]


def notice(number: int) -> dict[str, Any]:
    return {"type": "room.moved", "number": number}


async def members(layer: BaseChannelLayer, number: int) -> list[str]:
    names = [await layer.new_channel() for _ in range(number)]
    for name in names:
        await layer.group_add(ROOMS, name)
    return names


async def heard(layer: BaseChannelLayer, channel: str) -> int:
    message = await asyncio.wait_for(layer.receive(channel), 5)
    return int(message["number"])


class Clock:
    """Stands in for the module's `time`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(channel_layer, "time", made)
    return made


def boxes(layer: InProcessChannelLayer) -> list[str]:
    return list(layer._here().boxes)


# ---- who gets what -----------------------------------------------------------------------------------
def test_every_member_hears_and_nobody_else() -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer()
        names = await members(layer, 200)
        stranger = await layer.new_channel()
        assert len({*names, stranger}) == 201
        waiting = [asyncio.create_task(heard(layer, name)) for name in names]
        alone = asyncio.create_task(layer.receive(stranger))
        await asyncio.sleep(0)
        await layer.group_send(ROOMS, notice(1))
        assert await asyncio.gather(*waiting) == [1] * 200
        assert not alone.done()
        alone.cancel()

    asyncio.run(scenario())


def test_what_one_reader_does_to_a_message_is_nothing_to_the_others() -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer()
        first, second = await members(layer, 2)
        sent = {"type": "x", "seen": [1]}
        await layer.group_send(ROOMS, sent)
        (await layer.receive(first))["seen"].append(2)
        assert (await layer.receive(second))["seen"] == sent["seen"] == [1]

    asyncio.run(scenario())


def test_one_channel_keeps_its_order_and_refuses_what_is_too_much() -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer(capacity=3)
        for number in range(3):
            await layer.send("one", notice(number))
        with pytest.raises(ChannelFull):
            await layer.send("one", notice(3))
        assert [await heard(layer, "one") for _ in range(3)] == [0, 1, 2]

    asyncio.run(scenario())


def test_a_channel_may_have_a_limit_of_its_own() -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer(capacity=3, channel_capacity={"small.*": 1})
        await layer.send("small.one", notice(1))
        with pytest.raises(ChannelFull):
            await layer.send("small.one", notice(2))
        await layer.send("large.one", notice(1))
        await layer.send("large.one", notice(2))

    asyncio.run(scenario())


# ---- slow, old and gone ------------------------------------------------------------------------------
def test_a_slow_reader_loses_the_oldest_and_holds_nobody() -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer(capacity=5)
        slow, quick = await members(layer, 2)
        for number in range(20):
            await layer.group_send(ROOMS, notice(number))
            assert await heard(layer, quick) == number
        assert [await heard(layer, slow) for _ in range(5)] == [15, 16, 17, 18, 19]

    asyncio.run(scenario())


def test_nobody_gets_what_is_too_old(clock: Clock) -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer(expiry=60, capacity=2)
        (name,) = await members(layer, 1)
        await layer.group_send(ROOMS, notice(1))
        clock.now += 61
        await layer.group_send(ROOMS, notice(2))
        assert await heard(layer, name) == 2
        # What is too old makes room, too.
        await layer.send("one", notice(1))
        await layer.send("one", notice(2))
        clock.now += 61
        await layer.send("one", notice(3))
        assert await heard(layer, "one") == 3

    asyncio.run(scenario())


def test_a_member_that_leaves_hears_nothing_and_leaves_nothing() -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer()
        leaving, staying = await members(layer, 2)
        await layer.group_send(ROOMS, notice(1))
        await layer.group_discard(ROOMS, leaving)
        await layer.group_send(ROOMS, notice(2))
        assert boxes(layer) == [staying]
        assert [await heard(layer, staying) for _ in range(2)] == [1, 2]
        await layer.group_discard(ROOMS, staying)
        await layer.group_discard(ROOMS, "never-there")
        assert (layer.groups, boxes(layer)) == ({}, [])

    asyncio.run(scenario())


def test_who_leaves_one_group_while_reading_goes_on_reading() -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer()
        (name,) = await members(layer, 1)
        reading = asyncio.create_task(heard(layer, name))
        await asyncio.sleep(0)
        await layer.group_discard(ROOMS, name)
        await layer.send(name, notice(7))
        assert await reading == 7
        assert boxes(layer) == []

    asyncio.run(scenario())


def test_a_reader_that_is_cancelled_takes_nothing_with_it() -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer()
        (name,) = await members(layer, 1)
        for _ in range(3):
            reading = asyncio.create_task(layer.receive(name))
            await asyncio.sleep(0)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            assert boxes(layer) == []
        reading = asyncio.create_task(layer.receive(name))
        await asyncio.sleep(0)
        await layer.group_send(ROOMS, notice(1))
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        assert await heard(layer, name) == 1

    asyncio.run(scenario())


def test_who_went_without_a_word_is_forgotten_after_a_day(clock: Clock) -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer()
        gone, later = await members(layer, 2)
        clock.now += MEMBERSHIP_SECONDS - 1
        await layer.group_add(ROOMS, later)
        await layer.group_send(ROOMS, notice(1))
        assert boxes(layer) == [gone, later]
        clock.now += 2
        await layer.group_send(ROOMS, notice(2))
        assert (list(layer.groups[ROOMS]), boxes(layer)) == ([later], [later])

    asyncio.run(scenario())


@pytest.mark.parametrize("name", ["", "ü", "a b", "x" * 101])
def test_names_are_checked(name: str) -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer()
        for call in (layer.group_send(name, notice(1)), layer.send(name, notice(1)), layer.receive(name)):
            with pytest.raises(TypeError):
                await call

    asyncio.run(scenario())


# ---- loops and threads -------------------------------------------------------------------------------
def test_each_loop_has_its_own_and_a_closed_one_is_dropped() -> None:
    layer = InProcessChannelLayer()

    async def join() -> None:
        assert layer.groups == {}
        await members(layer, 1)

    asyncio.run(join())
    asyncio.run(join())
    assert len(layer._loops) == 1

    async def leave() -> None:
        await members(layer, 1)
        await layer.flush()
        assert (layer.groups, boxes(layer)) == ({}, [])
        await layer.close()

    asyncio.run(leave())


def test_notices_from_other_threads_arrive() -> None:
    async def scenario() -> None:
        layer = InProcessChannelLayer()
        (name,) = await members(layer, 1)
        loop = asyncio.get_running_loop()

        def tell() -> None:
            for number in range(10):
                asyncio.run_coroutine_threadsafe(layer.group_send(ROOMS, notice(number)), loop)

        thread = threading.Thread(target=tell)
        thread.start()
        assert [await heard(layer, name) for _ in range(10)] == list(range(10))
        thread.join()

    asyncio.run(scenario())


# ---- cost --------------------------------------------------------------------------------------------
def steps(kind: type[BaseChannelLayer], number: int) -> int:
    """Lines of the layer's own code that run while `number` waiting members are told once and wait again."""
    own = {channel_layer.__file__, layers.__file__}
    counted = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal counted
        if frame.f_code.co_filename not in own:
            return None
        counted += event == "line"
        return trace

    async def scenario() -> None:
        layer = kind()
        names = await members(layer, number)

        async def listen(name: str) -> None:
            await layer.receive(name)
            await layer.receive(name)

        listening = [asyncio.create_task(listen(name)) for name in names]
        await asyncio.sleep(0)
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            await layer.group_send(ROOMS, notice(1))
            for _ in range(5):
                await asyncio.sleep(0)
        finally:
            sys.settrace(before)
        for task in listening:
            assert not task.done()
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)

    asyncio.run(scenario())
    return counted


def test_twice_the_members_cost_twice_the_steps() -> None:
    small, large = (steps(InProcessChannelLayer, number) for number in (50, 400))
    assert large / small == pytest.approx(8, rel=0.05)
    # The same count sees what is wrong with the layer that comes with Channels.
    theirs, their_large = (steps(InMemoryChannelLayer, number) for number in (50, 400))
    assert their_large / theirs > 30
