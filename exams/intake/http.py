"""The little HTTP that the intake needs: one request read whole, one response sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from exams.intake.protocol import MAX_BODY, WireError

Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Request(NamedTuple):
    method: str
    path: str
    headers: dict[bytes, bytes]
    body: bytes

    def header(self, name: str) -> str:
        return self.headers.get(name.encode(), b"").decode("latin-1")

    def bearer(self) -> str:
        return self.header("authorization").removeprefix("Bearer ").strip()

    def cookie(self, name: str) -> str:
        """The cookie's value or "". Other people's cookies in the same header may be as odd as they like."""
        for part in self.header("cookie").split(";"):
            found, _, value = part.strip().partition("=")
            if found == name:
                return value
        return ""

    def best_encoding(self) -> str:
        """ "br", "gzip" or "" (as it is)."""
        parts = [part.replace(" ", "").split(";") for part in self.header("accept-encoding").split(",")]
        accepted = {name for name, *weight in parts if weight not in (["q=0"], ["q=0.0"], ["q=0.000"])}
        return next((name for name in ("br", "gzip") if name in accepted), "")

    def require_same_origin(self) -> None:
        """Other sites' pages may not speak for a signed-in pupil. Raises WireError 403."""
        origin = self.header("origin")
        if origin and origin.partition("://")[2] != self.header("host"):
            raise WireError(403, "other_origin", "requests come from this site's own pages only")
        if self.body and not self.header("content-type").startswith(
            ("application/json", "application/x-ndjson")
        ):
            raise WireError(415, "json_only", "send application/json or application/x-ndjson")


@dataclass(slots=True)
class Response:
    status: int
    headers: Headers
    body: bytes = field(default=b"")

    async def send(self, send: Send) -> None:
        headers = [*self.headers, (b"content-length", str(len(self.body)).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def json_response(message: dict[str, Any], status: int = 200) -> Response:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    return Response(status, headers, msgspec.json.encode(message))


def cookie_header(name: str, value: str, age: int, *, secure: bool) -> tuple[bytes, bytes]:
    flags = "; Secure" if secure else ""
    return b"set-cookie", f"{name}={value}; Max-Age={age}; Path=/; HttpOnly; SameSite=Lax{flags}".encode()


async def read_request(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]]) -> Request:
    """Raises WireError 413 past MAX_BODY, so that no phone or attacker can fill the memory."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise WireError(400, "bad_request", "the request ended early")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            raise WireError(
                413, "too_large", f"a request may have {MAX_BODY} bytes; send fewer events at once"
            )
        if not message.get("more_body"):
            return Request(scope["method"], scope["path"], _by_name(scope["headers"]), b"".join(parts))


def _by_name(headers: Headers) -> dict[bytes, bytes]:
    """The last of each name counts; only cookies may come as several headers."""
    cookies = [value for name, value in headers if name == b"cookie"]
    return dict(headers) | ({b"cookie": b"; ".join(cookies)} if cookies else {})
