"""Which sitting, on which device, may this request speak for? Pure: a signed ticket says it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from accounts import tokens

LIFETIME_MS = 7 * 24 * 3600 * 1000
"""Longer than any cut-off, so that a phone found days later can still deliver what it kept."""
_KIND = "sitting"


@dataclass(frozen=True, slots=True)
class Ticket:
    """`sitting` is the public id, `key` the row's primary key, so that no save has to look it up."""

    key: int
    sitting: str
    device: str
    epoch: int


def mint_ticket(ticket: Ticket, *, secret: str, now: int) -> str:
    payload = {"k": ticket.key, "s": ticket.sitting, "d": ticket.device, "e": ticket.epoch}
    return tokens.sign(_KIND, payload, secret=secret, expires_at=now + LIFETIME_MS)


def read_ticket(token: str, *, secret: str, now: int) -> Ticket:
    """Raises tokens.TokenInvalid or tokens.TokenExpired."""
    ticket, expires_at = _verified(token, secret)
    if expires_at <= now:
        raise tokens.TokenExpired("token has expired")
    return ticket


@lru_cache(maxsize=100_000)
def _verified(token: str, secret: str) -> tuple[Ticket, int]:
    """Signed by us, whenever it ends: a phone shows the same ticket hundreds of times."""
    payload = tokens.read(_KIND, token, secret=secret, now=0)
    ticket = Ticket(key=payload["k"], sitting=payload["s"], device=payload["d"], epoch=payload["e"])
    return ticket, payload["exp"]
