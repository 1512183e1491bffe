"""A class that works while something breaks: phones keep making responses until they are told to stop."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.faults.phones import WirePhone

ITEMS = ("ma-102.1", "ma-106.1", "ma-112.1", "ma-116.1")


class Traffic:
    """`saves` counts replies that acknowledged something, so that a test can wait for the next ones."""

    def __init__(self, phones: Sequence[WirePhone]) -> None:
        self.phones = phones
        self.saves = 0
        self.over = asyncio.Event()

    async def _work(self, phone: WirePhone, seed: int) -> None:
        rng = random.Random(seed)
        number = 0
        while not self.over.is_set():
            for _ in range(rng.randint(1, 3)):
                number += 1
                phone.respond(rng.choice(ITEMS), f"{seed}.{number}")
            await phone.deliver()
            self.saves += 1
            await asyncio.sleep(rng.uniform(0.0, 0.1))

    async def saved(self, number: int, seconds: float = 60.0) -> float:
        """Waits until so many more saves were acknowledged; how long that took."""
        loop = asyncio.get_running_loop()
        began, wanted = loop.time(), self.saves + number
        while self.saves < wanted:
            if loop.time() - began > seconds:
                raise TimeoutError(f"only {number - wanted + self.saves} of {number} saves in {seconds} s")
            await asyncio.sleep(0.02)
        return loop.time() - began


@asynccontextmanager
async def working(phones: Sequence[WirePhone]) -> AsyncIterator[Traffic]:
    """All sign in, open and start; then they work for as long as the block lasts, and deliver the rest."""
    await asyncio.gather(*(phone.begin() for phone in phones))
    traffic = Traffic(phones)
    tasks = [asyncio.ensure_future(traffic._work(phone, seed)) for seed, phone in enumerate(phones)]
    try:
        await traffic.saved(len(phones))
        yield traffic
        traffic.over.set()
        await asyncio.gather(*tasks)
        await asyncio.gather(*(phone.deliver() for phone in phones))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def hand_in_all(phones: Sequence[WirePhone]) -> None:
    for phone in phones:
        phone.hand_in()
    await asyncio.gather(*(phone.deliver() for phone in phones))
