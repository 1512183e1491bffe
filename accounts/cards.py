"""What is a card code, and how is it compared without being stored?

Twelve characters of Crockford's base 32: 60 random bits, more than anybody can guess over the network.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_from_bytes(raw: bytes) -> str:
    """The code that 8 or more pseudo-random bytes stand for (their first 60 bits)."""
    number = int.from_bytes(raw[:8], "big") >> 4
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def normalise(typed: str) -> str | None:
    """The code without dashes and blanks, common misreadings mended; None when it cannot be one."""
    code = "".join(typed.upper().split()).replace("-", "").replace("–", "").translate(_MISREAD)
    return code if len(code) == LENGTH and all(char in ALPHABET for char in code) else None


def pretty(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def digest(code: str, *, secret: str) -> str:
    """Keyed, so that a stolen database does not allow trying codes offline."""
    return hmac.new(secret.encode(), b"card:" + code.encode("ascii"), hashlib.sha256).hexdigest()
