"""How does a paper lie on a phone before the day without anybody being able to read it, and what opens it?

Pure. One content key per administration locks its papers (AES-256-GCM). A phone gets that key with its start;
where there is no network, from the key wrapped for its room, which the code that is read out unwraps.
The player opens what is locked here; both are held to fixtures/vectors/locking.json.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import hmac
import secrets
import zlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from accounts.cards import ALPHABET

KEY_BYTES = 32
NONCE_BYTES = 12
CODE_LENGTH = 11
_SALT_BYTES = 16
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", "–": ""})


class NotUnlocked(Exception):
    """These bytes were locked with another content key, or are no longer what was locked."""


class WrongCode(Exception):
    """Not the code of this room: mistyped, or another room's."""


def new_content_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


# ---- Papers --------------------------------------------------------------------------------------
def lock(document: bytes, content_key: bytes) -> bytes:
    """Nonce and ciphertext of the gzipped document; different bytes, and so another name, every time."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(content_key).encrypt(nonce, gzip.compress(document, mtime=0), None)


def unlock(body: bytes, content_key: bytes) -> bytes:
    """The document. Raises NotUnlocked."""
    try:
        return gzip.decompress(AESGCM(content_key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], None))
    except (InvalidTag, ValueError, OSError, EOFError, zlib.error) as error:
        raise NotUnlocked("another content key, or a damaged paper: fetch it again") from error


# ---- Codes ---------------------------------------------------------------------------------------
def unlock_code(content_key: bytes, room: str) -> str:
    """What is read out in one room, as it is shown; `room` is the public id of its class.

    It follows from the content key, so it is stored nowhere. 55 bits: with the slow derivation in `wrap`
    nobody tries them out between the evening before and the start.
    """
    mac = hmac.new(content_key, f"unlock:{room}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(mac[:7], "big") >> 1
    code = "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (CODE_LENGTH - 1), -1, -5))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def normalise_code(typed: str) -> str:
    """The code without blanks and dashes, common misreadings mended; whether it is one shows in `unwrap`."""
    return "".join(typed.upper().split()).translate(_MISREAD)


def wrap(content_key: bytes, code: str, iterations: int) -> dict[str, Any]:
    """The content key as phones of one room keep it, to be opened with the room's code."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    wrapped = AESGCM(_derived(code, salt, iterations)).encrypt(nonce, content_key, None)
    return {
        "salt": to_base64(salt),
        "iterations": iterations,
        "iv": to_base64(nonce),
        "wrapped": to_base64(wrapped),
    }


def unwrap(wrapped: Mapping[str, Any], code: str) -> bytes:
    """The content key. Raises WrongCode, and NotUnlocked when `wrapped` is no wrapped key at all."""
    try:
        salt, nonce, body = (from_base64(wrapped[name]) for name in ("salt", "iv", "wrapped"))
        iterations = int(wrapped["iterations"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotUnlocked("this is not a wrapped content key") from error
    try:
        return AESGCM(_derived(code, salt, iterations)).decrypt(nonce, body, None)
    except InvalidTag as error:
        raise WrongCode("this code does not open this room's papers") from error


def _derived(code: str, salt: bytes, iterations: int) -> bytes:
    typed = normalise_code(code).encode("utf-8")
    return hashlib.pbkdf2_hmac("sha256", typed, salt, iterations, KEY_BYTES)


# ---- Base 64, as everything binary travels in JSON ------------------------------------------------
def to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def from_base64(text: str) -> bytes:
    """Raises ValueError for what is not standard base 64 with its padding."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError) as error:
        raise ValueError("not base 64") from error
