"""Phones that speak HTTP to real servers, never give up, and remember what they were promised.

`Device` keeps sequence, chain and clocks as the player does. Beyond it, a phone here follows the player's
rules of delivery: what is not acknowledged is sent again; a reply that acknowledges less than an earlier
one, or names another store, makes it send from there.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from typing import Any

from tests.exams.intake.phone import Device, Reply
from tests.faults.proxies import Address

PATIENCE = 60.0
BATCH = 50


async def request(
    address: Address, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> Reply:
    """One request on a connection of its own. Raises OSError when no whole reply comes back."""
    fields = {
        "host": f"{address[0]}:{address[1]}",
        "connection": "close",
        "content-length": str(len(body)),
        "content-type": "application/json",
    } | (headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        whole = await reader.read()
    finally:
        writer.transport.abort()
    return _reply(whole)


def _reply(whole: bytes) -> Reply:
    head, separator, body = whole.partition(b"\r\n\r\n")
    if not separator:
        raise ConnectionResetError("the reply was cut off")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    if len(body) < int(dict(headers).get("content-length", 0)):
        raise ConnectionResetError("the reply was cut off")
    return Reply(int(status.split(" ")[1]), headers, body)


class WirePhone(Device):
    """A pupil's phone. `address` may change: the network, not the phone, knows who serves it."""

    def __init__(self, address: Address, card: str, sitting: str) -> None:
        super().__init__(wall=int(time.time() * 1000))
        self.address = address
        self.card = card
        self.sitting = sitting
        self.cookie = ""
        self.ticket = ""
        self.acked = 0
        self.promised = 0  # the highest mark ever acknowledged: all of it must be on the server in the end
        self.generation = ""
        self.generations: set[str] = set()
        self.refusals: Counter[int] = Counter()
        self.waits: list[int] = []  # what Retry-After asked for
        self.last_reply: dict[str, Any] = {}
        self._began = time.monotonic()
        self._first_wall = self.wall

    def live(self) -> None:
        """Clocks move on as real ones do."""
        passed = int((time.monotonic() - self._began) * 1000)
        self.mono, self.wall = 1_000 + passed, self._first_wall + passed

    # ---- single requests -----------------------------------------------------------------------------
    async def post(self, name: str, body: bytes, **headers: str) -> Reply:
        own = {"cookie": f"proba_pupil={self.cookie}", "authorization": f"Bearer {self.ticket}"} | headers
        reply = await request(self.address, "POST", f"/x/1/{name}", body, own)
        if reply.status != 200:
            self.refusals[reply.status] += 1
        if "retry-after" in reply.headers:
            self.waits.append(int(reply.headers["retry-after"]))
        return reply

    async def sign_in(self) -> Reply:
        reply = await self.post("sign-in", json.dumps({"code": self.card}).encode())
        if reply.status == 200:
            self.cookie = reply.cookies["proba_pupil"].split(";")[0]
        return reply

    async def open(self, **fields: Any) -> Reply:
        body = json.dumps({"sitting": self.sitting, "device": self.device} | fields).encode()
        reply = await self.post("open", body)
        if reply.status == 200:
            self.ticket = reply.json["ticket"]
            self.opened(self.sitting, reply.json["epoch"])
            self._heed(reply.json)
        return reply

    async def start(self) -> Reply:
        self.live()
        reply = await self.post("start", b"{}")
        if reply.status == 200:
            self.epoch = reply.json["epoch"]
            self.ticket = reply.json["ticket"]
        return reply

    async def save(self, *lines: str, **header: Any) -> Reply:
        self.live()
        fields = {"store_generation": self.generation} | header
        body = self.body(*lines, **fields)
        reply = await self.post("save", body, **{"content-type": "application/x-ndjson"})
        if reply.status == 200:
            self._heed(reply.json)
            self.last_reply = reply.json
        return reply

    def respond(self, item: str, value: Any) -> str:
        self.live()
        return self.event("response", item, value)

    def hand_in(self) -> str:
        self.live()
        return self.event("hand_in", value="candidate")

    # ---- never giving up -----------------------------------------------------------------------------
    async def begin(self, patience: float = PATIENCE) -> None:
        """Card, sitting, start: each until it is done."""
        for step in (self.sign_in, self.open, self.start):
            await self._until_done(step, patience)

    async def deliver(self, patience: float = PATIENCE) -> dict[str, Any]:
        """Until everything made so far is acknowledged, and at least one look; the last reply."""
        until = time.monotonic() + patience
        looked = False
        while self.acked < self.seq or not looked:
            owed = self.lines[self.acked : self.acked + BATCH]
            looked = await self._tried(lambda owed=owed: self.save(*owed), until) or looked
        return self.last_reply

    async def _until_done(self, step: Any, patience: float) -> None:
        until = time.monotonic() + patience
        while not await self._tried(step, until):
            pass

    async def _tried(self, step: Any, until: float) -> bool:
        """Was it done? Otherwise waits a little; raises TimeoutError when it has gone on for too long."""
        try:
            reply: Reply = await step()
            if reply.status == 200:
                return True
            if reply.status < 500:
                raise AssertionError(f"refused for good: {reply.status} {reply.body!r}")
        except OSError:
            self.refusals[0] += 1
        if time.monotonic() > until:
            raise TimeoutError(f"{self.card} did not get through: {dict(self.refusals)}")
        await asyncio.sleep(0.1)
        return False

    def _heed(self, reply: dict[str, Any]) -> None:
        self.generation = reply["store_generation"]
        self.generations.add(self.generation)
        self.acked = reply["acked_upto"]
        self.promised = max(self.promised, self.acked)


def values_of(phones: list[WirePhone]) -> dict[str, Any]:
    """What the pupil of these phones gave last for each item: by (epoch, seq), from the phones' own lines."""
    made = [json.loads(line) for phone in phones for line in phone.lines]
    made.sort(key=lambda event: (event["epoch"], event["seq"]))
    return {event["item"]: event["value"] for event in made if event["kind"] == "response"}
