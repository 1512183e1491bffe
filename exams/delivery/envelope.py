"""How does a hand-in travel without a network, as a file or as QR codes, and who can open it?

Pure. The phone puts its ticket and the very body of a save into an envelope that only the administration's
private key opens; where a phone cannot encrypt (no secure context), the envelope is clear. Staff carry it in;
`exams/actions/carried.py` then saves it like everything else. The player makes envelopes of the same form;
both sides are held to fixtures/vectors/locking.json.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import json
import re
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exams.delivery.locking import KEY_BYTES, NONCE_BYTES, from_base64, to_base64

RSA_BITS = 3072
MAX_PAYLOAD = 16 * 1024 * 1024
"""An envelope is unpacked up to here: anybody can encrypt to a public key, also a mountain of zeros."""
MAX_CHUNK = 870
"""With its head a frame has at most 900 characters, which old cameras still read from a small screen."""
_FRAME = re.compile(r"PROBA1:([0-9a-f]{8}):([0-9]{1,4})/([0-9]{1,4}):([A-Za-z0-9_-]{1,900})")
_OUTSIDE = ("sitting", "device", "key", "iv", "zip", "data")
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class Fault(StrEnum):
    """What is wrong with what was brought; each is answered with another remedy."""

    HALF = "half"
    DAMAGED = "damaged"
    OTHER_KEY = "other_key"
    NOT_OURS = "not_ours"
    NEWER = "newer"
    MISSING_FRAMES = "missing_frames"
    MIXED_FRAMES = "mixed_frames"
    ELSEWHERE = "elsewhere"
    UNSIGNED = "unsigned"


_REMEDIES = {
    Fault.HALF: "the end is missing; copy the whole file again, or let the phone make it again",
    Fault.DAMAGED: "something in it was changed on the way; let the phone make it again",
    Fault.OTHER_KEY: "it was closed for another administration or another server; take it there",
    Fault.NOT_OURS: "this is no hand-in of this system; take the file whose name begins with 'proba-'",
    Fault.NEWER: "it was made by a newer version; bring this server up to date",
    Fault.MISSING_FRAMES: "not all codes were read; read those that are missing",
    Fault.MIXED_FRAMES: "codes of several hand-ins are among these; read one phone after the other",
    Fault.ELSEWHERE: "it belongs to nobody in this class; bring it to the room of the pupil's own class",
    Fault.UNSIGNED: "its ticket was not given out here for this sitting; let the phone make it again",
}


class EnvelopeError(ValueError):
    """Nothing was read. `missing` names the frames (from 1) that were not among those given."""

    def __init__(self, fault: Fault, missing: Iterable[int] = ()) -> None:
        self.fault = fault
        self.missing = tuple(missing)
        named = f" ({', '.join(map(str, self.missing))})" if self.missing else ""
        super().__init__(f"{_REMEDIES[fault]}{named}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands on the outside: enough to find whose it is. `fields` is the whole of it."""

    sitting: str
    device: str
    clear: bool
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Carried:
    """What was inside: `body` is exactly that of a save, with any number of events."""

    sitting: str
    device: str
    ticket: str
    body: bytes


def new_hand_in_keys() -> tuple[bytes, bytes]:
    """(private PKCS 8, public SubjectPublicKeyInfo), both DER."""
    private = rsa.generate_private_key(public_exponent=65_537, key_size=RSA_BITS)
    return (
        private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    )


# ---- Making ----------------------------------------------------------------------------------------
def envelope_for(*, sitting: str, device: str, ticket: str, body: bytes, public_der: bytes | None) -> str:
    """One line of text. Without `public_der` it is clear, as from a phone that cannot encrypt."""
    outside = {"proba": 1, "sitting": sitting, "device": device}
    if public_der is None:
        return _json(outside | {"plain": f"{ticket}\n{body.decode('utf-8')}"})
    key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
    public = serialization.load_der_public_key(public_der)
    if not isinstance(public, rsa.RSAPublicKey):
        raise TypeError("hand-ins are encrypted to an RSA key")
    payload = gzip.compress(ticket.encode("ascii") + b"\n" + body, mtime=0)
    return _json(
        outside
        | {
            "key": to_base64(public.encrypt(key, _OAEP)),
            "iv": to_base64(nonce),
            "zip": "gzip",
            "data": to_base64(AESGCM(key).encrypt(nonce, payload, None)),
        }
    )


def frames_of(envelope: str, chunk: int = MAX_CHUNK) -> list[str]:
    """The texts of the QR codes that together carry this envelope."""
    raw = envelope.encode("utf-8")
    name = hashlib.sha256(raw).hexdigest()[:8]
    text = base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
    parts = [text[first : first + chunk] for first in range(0, len(text), chunk)]
    return [f"PROBA1:{name}:{n}/{len(parts)}:{part}" for n, part in enumerate(parts, start=1)]


# ---- Reading ---------------------------------------------------------------------------------------
def join_frames(texts: Iterable[str]) -> str:
    """The envelope from its QR codes, in any order and with repetitions. Raises EnvelopeError."""
    parts: dict[int, str] = {}
    heads: set[tuple[str, int]] = set()
    for text in filter(None, (text.strip() for text in texts)):
        found = _FRAME.fullmatch(text)
        if found is None:
            raise EnvelopeError(Fault.DAMAGED if text.startswith("PROBA1:") else Fault.NOT_OURS)
        name, n, of, part = found[1], int(found[2]), int(found[3]), found[4]
        heads.add((name, of))
        if len(heads) > 1:
            raise EnvelopeError(Fault.MIXED_FRAMES)
        if not 1 <= n <= of or parts.setdefault(n, part) != part:
            raise EnvelopeError(Fault.DAMAGED)
    if not heads:
        raise EnvelopeError(Fault.NOT_OURS)
    ((name, of),) = heads
    if missing := [n for n in range(1, of + 1) if n not in parts]:
        raise EnvelopeError(Fault.MISSING_FRAMES, missing)
    text = "".join(parts[n] for n in range(1, of + 1))
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        envelope = raw.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise EnvelopeError(Fault.DAMAGED) from None
    if hashlib.sha256(raw).hexdigest()[:8] != name:
        raise EnvelopeError(Fault.DAMAGED)
    return envelope


def envelopes_in(text: str) -> list[str]:
    """The envelopes in what was uploaded, pasted or scanned: lines of files, or the QR texts of one.

    Raises EnvelopeError for QR texts that make no whole.
    """
    text = text.removeprefix("\ufeff").strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if text.startswith("PROBA1:"):
        return [join_frames(text.split())]
    return lines if lines and all(line.startswith('{"proba"') for line in lines) else [text]


def read_envelope(text: str) -> Envelope:
    """What stands on the outside, before there is a key to open it. Raises EnvelopeError."""
    text = text.removeprefix("\ufeff").strip()
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        begun = text.startswith('{"proba"')
        raise EnvelopeError(_fault_of_broken(text) if begun else Fault.NOT_OURS) from None
    if not isinstance(fields, dict) or not isinstance(fields.get("proba"), int):
        raise EnvelopeError(Fault.NOT_OURS)
    if fields["proba"] > 1:
        raise EnvelopeError(Fault.NEWER)
    wanted = ("sitting", "device", "plain") if "plain" in fields else _OUTSIDE
    if not all(isinstance(fields.get(name), str) for name in wanted):
        raise EnvelopeError(Fault.DAMAGED)
    return Envelope(fields["sitting"], fields["device"], "plain" in fields, fields)


def open_envelope(text: str, private_der: bytes | None) -> Carried:
    """What is inside. Raises EnvelopeError. A clear envelope needs no key."""
    envelope = read_envelope(text)
    payload = (
        envelope.fields["plain"].encode("utf-8", "replace")
        if envelope.clear
        else _unpacked(_decrypted(envelope.fields, private_der), envelope.fields["zip"])
    )
    ticket, line_end, body = payload.partition(b"\n")
    if not line_end or not body:
        raise EnvelopeError(Fault.DAMAGED)
    return Carried(envelope.sitting, envelope.device, ticket.decode("utf-8", "replace"), body)


def _fault_of_broken(text: str) -> Fault:
    return Fault.DAMAGED if text.endswith("}") else Fault.HALF


def _decrypted(fields: dict[str, Any], private_der: bytes | None) -> bytes:
    if private_der is None:
        raise EnvelopeError(Fault.OTHER_KEY)
    private = serialization.load_der_private_key(private_der, password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("hand-ins are opened with an RSA key")
    try:
        key, nonce, data = (from_base64(fields[name]) for name in ("key", "iv", "data"))
    except ValueError:
        raise EnvelopeError(Fault.DAMAGED) from None
    try:
        inner = private.decrypt(key, _OAEP)
    except ValueError:
        raise EnvelopeError(Fault.OTHER_KEY) from None
    try:
        return AESGCM(inner).decrypt(nonce, data, None)
    except (InvalidTag, ValueError):
        raise EnvelopeError(Fault.DAMAGED) from None


def _unpacked(payload: bytes, packing: str) -> bytes:
    if packing == "":
        return payload
    if packing != "gzip":
        raise EnvelopeError(Fault.NEWER)
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(payload, MAX_PAYLOAD)
    except zlib.error:
        raise EnvelopeError(Fault.DAMAGED) from None
    if not unpacker.eof:
        raise EnvelopeError(Fault.DAMAGED)
    return unpacked


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
