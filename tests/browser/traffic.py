"""How many bytes come down, for the page and for its service worker, and what are they for?

Chromium's own count of what came over the wire: headers and bodies as they were sent, compressed; nothing for
what a cache had. A service worker is a target of its own: the page's session attaches to it and hears it by
messages within messages.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

HEARTBEAT = "heartbeats"
KINDS = ("pages", "scripts and styles", "papers", "intake", HEARTBEAT)


@dataclass(slots=True)
class Request:
    url: str
    body: str
    headers: int = 0
    total: int = 0
    from_worker: bool = False

    @property
    def kind(self) -> str:
        path = urlsplit(self.url).path
        if path == "/x/1/save":
            # The header line alone: nothing to tell but "I am here".
            return HEARTBEAT if self.body.count("\n") == 0 else "intake"
        if path.startswith(("/x/1/papers/", "/x/1/locked/")):
            return "papers"
        if path.startswith("/x/"):
            return "intake"
        return "scripts and styles" if path.startswith("/static/") or path == "/sw.js" else "pages"


@dataclass(slots=True)
class Figures:
    """Bytes down, by kind; `requests` counts what came from the server."""

    bodies: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    headers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    requests: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def body_bytes(self) -> int:
        return sum(size for kind, size in self.bodies.items() if kind != HEARTBEAT)

    def lines(self, title: str) -> list[str]:
        rows = [
            f"  {kind:<20}{self.requests[kind]:>4} replies{self.bodies[kind]:>9,} B"
            f"{self.headers[kind]:>9,} B headers"
            for kind in KINDS
            if self.requests[kind]
        ]
        return [title, *rows]


class Meter:
    """Counts from now on, until `stop`."""

    def __init__(self, page: Page) -> None:
        self._requests: dict[tuple[str, str], Request] = {}
        self._page = page.context.new_cdp_session(page)
        for event in ("requestWillBeSent", "responseReceived", "loadingFinished"):
            self._page.on(f"Network.{event}", self._listener("page", event))
        self._page.send("Network.enable")
        self._page.on("Target.attachedToTarget", self._attached)
        self._page.on("Target.receivedMessageFromTarget", self._message)
        # Told to wait until we listen: a worker's first act is to fetch the whole shell.
        self._page.send(
            "Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": False}
        )

    def stop(self) -> Figures:
        self._page.detach()
        figures = Figures()
        for request in self._requests.values():
            if request.total and not request.from_worker:
                figures.requests[request.kind] += 1
                figures.headers[request.kind] += request.headers
                figures.bodies[request.kind] += max(0, request.total - request.headers)
        return figures

    def _attached(self, event: dict[str, Any]) -> None:
        session = event["sessionId"]
        for number, method in enumerate(("Network.enable", "Runtime.runIfWaitingForDebugger"), 1):
            message = json.dumps({"id": number, "method": method})
            self._page.send("Target.sendMessageToTarget", {"sessionId": session, "message": message})

    def _message(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        domain, _, name = message.get("method", "").partition(".")
        if domain == "Network":
            self._heard(event["sessionId"], name, message["params"])

    def _listener(self, session: str, name: str) -> Any:
        return lambda params: self._heard(session, name, params)

    def _heard(self, session: str, name: str, params: dict[str, Any]) -> None:
        identity = (session, params.get("requestId", ""))
        if name == "requestWillBeSent":
            request = params["request"]
            self._requests[identity] = Request(request["url"], request.get("postData", ""))
        elif identity in self._requests and name == "responseReceived":
            response = params["response"]
            self._requests[identity].headers = int(response["encodedDataLength"])
            self._requests[identity].from_worker = bool(response.get("fromServiceWorker"))
        elif identity in self._requests and name == "loadingFinished":
            self._requests[identity].total = int(params["encodedDataLength"])
