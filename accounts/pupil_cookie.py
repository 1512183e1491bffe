"""Which pupil does the signed cookie name? Pure: shared by the intake and by Django's middleware."""

from __future__ import annotations

from accounts import tokens

COOKIE = "proba_pupil"
LIFETIME_MS = 12 * 3600 * 1000
_KIND = "pupil"


def mint_pupil_cookie(person_public_id: str, *, secret: str, now: int) -> str:
    return tokens.sign(_KIND, {"p": person_public_id}, secret=secret, expires_at=now + LIFETIME_MS)


def read_pupil_cookie(token: str, *, secret: str, now: int) -> str | None:
    """The pupil's public id, or None when there is no valid, unexpired signature of ours."""
    if not token:
        return None
    try:
        return str(tokens.read(_KIND, token, secret=secret, now=now)["p"])
    except tokens.TokenInvalid:
        return None
