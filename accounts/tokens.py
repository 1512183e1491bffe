"""How does the server recognise something it signed itself, without a session?

A token is `<payload>.<mac>`: base64url JSON and HMAC-SHA256 over kind and payload. The kind keeps a
sign-in cookie from ever passing as a sitting ticket.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any


class TokenInvalid(Exception):
    """Not signed by us, signed for something else, or damaged."""


class TokenExpired(TokenInvalid):
    """Ours, but past its time."""


def sign(kind: str, payload: dict[str, Any], *, secret: str, expires_at: int) -> str:
    """`expires_at` is in ms since the epoch and travels inside the payload as `exp`."""
    body = _encode(json.dumps(payload | {"exp": expires_at}, separators=(",", ":")).encode())
    return f"{body}.{_mac(kind, body, secret)}"


def read(kind: str, token: str, *, secret: str, now: int) -> dict[str, Any]:
    """The payload. Raises TokenInvalid, or TokenExpired when `now` (ms) is past its end."""
    body, _, mac = token.partition(".")
    if not hmac.compare_digest(mac.encode("utf-8", "replace"), _mac(kind, body, secret).encode("ascii")):
        raise TokenInvalid("signature does not match")
    try:
        payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, ValueError) as error:
        raise TokenInvalid("payload is not readable") from error
    if payload["exp"] <= now:
        raise TokenExpired("token has expired")
    return payload


def _mac(kind: str, body: str, secret: str) -> str:
    message = f"{kind}.{body}".encode("utf-8", "replace")
    return _encode(hmac.new(secret.encode(), message, hashlib.sha256).digest())


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
