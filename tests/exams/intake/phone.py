"""A phone for tests: keeps sequence, hash chain and clocks as the player does, and speaks wire version 1."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from exams.intake.app import Intake
from exams.intake.protocol import chain_text, genesis
from exams.models import Sitting

HOST = "proba.test"


@dataclass
class Reply:
    status: int
    raw_headers: list[tuple[str, str]]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.raw_headers)

    @property
    def cookies(self) -> dict[str, str]:
        """Every cookie that was set: name → value and flags."""
        set_cookies = [value for name, value in self.raw_headers if name == "set-cookie"]
        return dict(cookie.split("=", 1) for cookie in set_cookies)

    @property
    def json(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.body)
        return message


async def call(
    app: Intake, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> Reply:
    """One request through the ASGI interface."""
    sent: list[dict[str, Any]] = []
    all_headers = {"host": HOST, "content-type": "application/json"} | (headers or {})
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in all_headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    received = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    return Reply(sent[0]["status"], received, sent[1]["body"])


@dataclass
class Device:
    """What a phone keeps for one sitting. `wall` is its own clock, which may be wrong."""

    device: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    sitting: str = ""
    epoch: int = 0
    seq: int = 0
    prev: str = ""
    mono: int = 1_000
    wall: int = 1_790_000_000_000
    clock: str = "load1"
    lines: list[str] = field(default_factory=list)

    def opened(self, sitting: str, epoch: int) -> None:
        self.sitting, self.epoch = sitting, epoch
        if not self.prev:
            self.prev = chain_text(genesis(sitting, self.device))

    def pass_time(self, seconds: float) -> None:
        self.mono += int(seconds * 1000)
        self.wall += int(seconds * 1000)

    def reload(self) -> None:
        """The page is loaded again: a new clock session, counting from nothing."""
        self.clock, self.mono = f"{self.clock}+", 50

    def event(self, kind: str, item: str = "", value: Any = None, **overrides: Any) -> str:
        """Make the next event and keep its exact line."""
        fields: dict[str, Any] = {
            "seq": self.seq + 1,
            "epoch": self.epoch,
            "kind": kind,
            "item": item,
            "value": value,
            "clock": self.clock,
            "mono": self.mono,
            "wall": self.wall,
            "prev": self.prev,
        } | overrides
        return self.keep(json.dumps(fields, ensure_ascii=False, separators=(",", ":")))

    def raw_value(self, item: str, value: str) -> str:
        """A response whose value is this JSON text, letter by letter."""
        line = self.event("response", item, "VALUE")
        self.lines.pop()
        self.seq -= 1
        return self.keep(line.replace('"VALUE"', value))

    def keep(self, line: str) -> str:
        self.seq += 1
        self.prev = chain_text(hashlib.sha256(line.encode()).digest())
        self.lines.append(line)
        return line

    def body(self, *lines: str, **header: Any) -> bytes:
        fields = {
            "v": 1,
            "device": self.device,
            "clock": self.clock,
            "mono": self.mono,
            "wall": self.wall,
            "last": self.seq,
        } | header
        return "\n".join([json.dumps(fields), *lines]).encode()


class Phone(Device):
    """A device with a network."""

    def __init__(self, app: Intake, *, cookie: str = "") -> None:
        super().__init__()
        self.app = app
        self.cookie = cookie
        self.ticket = ""

    async def post(self, name: str, message: dict[str, Any], **headers: str) -> Reply:
        own = {"cookie": f"proba_pupil={self.cookie}", "authorization": f"Bearer {self.ticket}"} | headers
        return await call(self.app, "POST", f"/x/1/{name}", json.dumps(message).encode(), own)

    async def sign_in(self, code: str) -> Reply:
        reply = await self.post("sign-in", {"code": code})
        if reply.status == 200:
            self.cookie = reply.cookies["proba_pupil"].split(";")[0]
        return reply

    async def open(self, sitting: str) -> Reply:
        reply = await self.post("open", {"sitting": sitting, "device": self.device})
        if reply.status == 200:
            self.ticket = reply.json["ticket"]
            self.opened(sitting, reply.json["epoch"])
        return reply

    async def start(self) -> Reply:
        return await self.post("start", {})

    async def get(self, path: str, **headers: str) -> Reply:
        own = {"authorization": f"Bearer {self.ticket}"} | headers
        return await call(self.app, "GET", f"/x/1/{path}", headers=own)

    async def save(self, *lines: str, **header: Any) -> Reply:
        headers = {"content-type": "application/x-ndjson", "authorization": f"Bearer {self.ticket}"}
        return await call(self.app, "POST", "/x/1/save", self.body(*lines, **header), headers)


def run(work: Awaitable[Any]) -> Any:
    async def main() -> Any:
        return await work

    return asyncio.run(main())


async def begin(phone: Phone, sitting: Sitting) -> None:
    await phone.open(str(sitting.public_id))
    await phone.start()


def error(reply: Any) -> tuple[int, str]:
    return reply.status, reply.json["error"]
