"""A phone for tests: keeps sequence, hash chain and clocks as the player does, and speaks wire version 1."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from exams.intake.app import Intake
from exams.intake.protocol import chain_text, genesis

HOST = "proba.test"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

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
    received = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], received, sent[1]["body"])


@dataclass
class Phone:
    app: Intake
    device: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    cookie: str = ""
    ticket: str = ""
    sitting: str = ""
    epoch: int = 0
    seq: int = 0
    prev: str = ""
    mono: int = 1_000
    wall: int = 1_790_000_000_000
    clock: str = "load1"
    lines: list[str] = field(default_factory=list)

    async def post(self, name: str, message: dict[str, Any], **headers: str) -> Reply:
        own = {"cookie": f"proba_pupil={self.cookie}", "authorization": f"Bearer {self.ticket}"} | headers
        return await call(self.app, "POST", f"/x/1/{name}", json.dumps(message).encode(), own)

    async def sign_in(self, code: str) -> Reply:
        reply = await self.post("sign-in", {"code": code})
        if reply.status == 200:
            # Two cookies are set; a dict keeps the last header, so the value is read from the body of both.
            self.cookie = reply.headers["set-cookie"].split(";")[0].split("=", 1)[1] or self.cookie
        return reply

    async def open(self, sitting: str) -> Reply:
        reply = await self.post("open", {"sitting": sitting, "device": self.device})
        if reply.status == 200:
            self.sitting, self.ticket, self.epoch = sitting, reply.json["ticket"], reply.json["epoch"]
            if not self.prev:
                self.prev = chain_text(genesis(sitting, self.device))
        return reply

    async def start(self) -> Reply:
        return await self.post("start", {})

    def pass_time(self, seconds: float) -> None:
        self.mono += int(seconds * 1000)
        self.wall += int(seconds * 1000)

    def event(self, kind: str, item: str = "", value: Any = None, **overrides: Any) -> str:
        """Make the next event and keep its exact line."""
        self.seq += 1
        fields: dict[str, Any] = {
            "seq": self.seq,
            "epoch": self.epoch,
            "kind": kind,
            "item": item,
            "value": value,
            "clock": self.clock,
            "mono": self.mono,
            "wall": self.wall,
            "prev": self.prev,
        } | overrides
        line = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        self.prev = chain_text(hashlib.sha256(line.encode()).digest())
        self.lines.append(line)
        return line

    async def save(self, *lines: str, **header: Any) -> Reply:
        fields = {
            "v": 1,
            "device": self.device,
            "clock": self.clock,
            "mono": self.mono,
            "wall": self.wall,
            "last": self.seq,
        } | header
        body = "\n".join([json.dumps(fields), *lines]).encode()
        headers = {"content-type": "application/x-ndjson", "authorization": f"Bearer {self.ticket}"}
        return await call(self.app, "POST", "/x/1/save", body, headers)
