"""How does a virtual phone get something from the server, however often that goes wrong?

Each call tries until the server has replied, with the player's back-off, and writes down latency, bytes and
errors. A refusal that trying again cannot mend ends the journey.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import time
from collections.abc import Mapping
from typing import Any

import brotli
import msgspec

from exams.delivery.locking import unlock
from examsite.rehearsal.tally import Tally
from examsite.rehearsal.wire import Caller, Reply, complete, request_head

TIMEOUT = 20.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0
_JSON = b"Content-Type: application/json"
_NDJSON = b"Content-Type: application/x-ndjson"


class GaveUp(Exception):
    """Refused for good, or not served until the end of the rehearsal."""


class Papers:
    """Papers of this process by name: every phone fetches its own, but only the first is opened and read."""

    def __init__(self) -> None:
        self.opened: dict[str, Any] = {}

    def read(self, sha256: str, body: bytes, content_key: bytes | None) -> Any:
        if sha256 not in self.opened:
            if hashlib.sha256(body).hexdigest() != sha256:
                raise GaveUp(f"a paper that is not what its name says: {sha256}")
            self.opened[sha256] = msgspec.json.decode(unlock(body, content_key) if content_key else body)
        return self.opened[sha256]


class Contact:
    """One phone's requests; `end` (monotonic) is when it stops trying."""

    def __init__(self, host: str, port: int, end: float, tally: Tally, papers: Papers) -> None:
        self.host = f"{host}:{port}"
        self.caller = Caller(host, port)
        self.end, self.tally, self.papers = end, tally, papers
        self.rng = random.Random()  # noqa: S311  spreads retries
        self.cookie = b""
        self.bearer = b""
        self.locked: dict[str, tuple[str, bytes]] = {}
        self._save_head = b""

    def hang_up(self) -> None:
        self.caller.hang_up()

    # ---- what a phone asks for -------------------------------------------------------------------------
    async def sign_in(self, code: str, due: float) -> None:
        reply = await self._insist("sign-in", "sign-in", {"code": code}, due)
        for line in reply.head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"set-cookie" and value.strip().startswith(b"proba_pupil="):
                self.cookie = b"Cookie: " + value.strip().split(b";")[0]

    async def sitting_ahead(self) -> str:
        ahead = (await self._insist("ahead", "ahead", {})).json["sittings"]
        sittings = [one for one in ahead if one["purpose"] == "trial"]
        if not sittings:
            raise GaveUp("finding a sitting: none lies ahead of this card")
        return str(sittings[0]["id"])

    async def open(
        self, sitting: str, device: str, reading: Mapping[str, Any], kind: str, due: float | None
    ) -> dict[str, Any]:
        message = {"sitting": sitting, "device": device, **reading}
        opened: dict[str, Any] = (await self._insist(kind, "open", message, due)).json
        self.bearer = b"Authorization: Bearer " + opened["ticket"].encode()
        self._save_head = request_head("POST", "/x/1/save", self.host, _NDJSON, self.bearer, self.cookie)
        return opened

    async def fetch_locked(self, locked: Mapping[str, Mapping[str, Any]]) -> None:
        for language, named in locked.items():
            name = str(named["sha256"])
            head = request_head("GET", f"/x/1/locked/{name}", self.host)
            self.locked[language] = (name, (await self._retry("locked paper", head, b"")).body)

    async def start(self, due: float) -> dict[str, Any]:
        started: dict[str, Any] = (await self._insist("start", "start", {}, due)).json
        return started

    async def paper(self, opened: Mapping[str, Any], started: Mapping[str, Any]) -> Any:
        """From the phone itself where it was locked there before, else fetched now."""
        if self.locked and started.get("content_key"):
            name, body = self.locked["sr"]
            return self.papers.read(name, body, base64.b64decode(started["content_key"]))
        name = opened["papers"]["sr"]["sha256"]
        head = request_head("GET", f"/x/1/papers/{name}", self.host, self.bearer, self.cookie)
        reply = await self._retry("paper", head, b"")
        packed = reply.header(b"content-encoding") == b"br"
        return self.papers.read(name, brotli.decompress(reply.body) if packed else reply.body, None)

    async def save(self, body: bytes, kind: str, due: float, fate: str) -> dict[str, Any] | None:
        """One try. None when there was no reply, or when its `fate` was to be cut or lost; then it waited."""
        if fate == "cut":
            try:
                await self.caller.send_half(complete(self._save_head, body))
            except OSError as error:
                self._failed(kind, type(error).__name__)
        else:
            reply = await self._try(kind, self._save_head, body, due, heard=not fate)
            if reply is not None and not fate:
                saved: dict[str, Any] = reply.json
                return saved
            if fate:
                self.hang_up()
        if time.monotonic() > self.end:
            raise GaveUp(kind)
        return None

    # ---- trying ------------------------------------------------------------------------------------
    async def _insist(self, kind: str, name: str, message: dict[str, Any], due: float | None = None) -> Reply:
        head = request_head(
            "POST", f"/x/1/{name}", self.host, _JSON, *filter(None, (self.bearer, self.cookie))
        )
        return await self._retry(kind, head, msgspec.json.encode(message), due)

    async def _retry(self, kind: str, head: bytes, body: bytes, due: float | None = None) -> Reply:
        while True:
            reply = await self._try(kind, head, body, time.monotonic() if due is None else due, heard=True)
            if reply is not None:
                return reply
            due = None
            if time.monotonic() > self.end:
                raise GaveUp(kind)

    async def _try(self, kind: str, head: bytes, body: bytes, due: float, *, heard: bool) -> Reply | None:
        """None after a failure and the wait that follows it; latency counts only what is `heard`."""
        request = complete(head, body)
        try:
            reply = await self.caller.ask(request, TIMEOUT)
        except (OSError, TimeoutError) as error:
            self._failed(kind, type(error).__name__)
            await self._back_off()
            return None
        up_head = len(request) - len(body)
        self.tally.carried(kind, up_head, len(body), len(reply.head), len(reply.body))
        if reply.status < 300:
            self._failures = 0
            if heard:
                self.tally.replied(kind, time.monotonic() - due)
            return reply
        self._failed(kind, str(reply.status))
        if reply.status not in (401, 408, 413, 429) and reply.status < 500:
            raise GaveUp(f"{kind}: {reply.status} {reply.body[:200]!r}")
        await self._back_off(float(reply.header(b"retry-after") or 0))
        return None

    _failures = 0

    def _failed(self, kind: str, why: str) -> None:
        self.tally.errors[f"{kind}: {why}"] += 1

    async def _back_off(self, at_least: float = 0.0) -> None:
        """Full jitter, as the player's."""
        top = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._failures + 1, 8))
        self._failures += 1
        asked = at_least * self.rng.uniform(1, 1.25)
        await asyncio.sleep(max(asked, self.rng.uniform(FIRST_WAIT / 2, top)))
