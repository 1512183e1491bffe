"""Does a hand-in that travels as a file or as QR codes arrive whole, or say what became of it?"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exams.delivery.envelope import (
    MAX_PAYLOAD,
    Carried,
    EnvelopeError,
    Fault,
    envelope_for,
    frames_of,
    join_frames,
    new_hand_in_keys,
    open_envelope,
    read_envelope,
)
from exams.delivery.locking import from_base64, to_base64
from tests.exams.delivery.test_locking import VECTORS

PRIVATE, PUBLIC = (from_base64(VECTORS[name]) for name in ("hand_in_private", "hand_in_public"))
INSIDE = Carried(VECTORS["sitting"], VECTORS["device"], VECTORS["ticket"], VECTORS["body"].encode())
ENVELOPE: str = VECTORS["envelope"]


def fault_of(text: str, private: bytes | None = PRIVATE) -> Fault:
    with pytest.raises(EnvelopeError) as refused:
        open_envelope(text, private)
    return refused.value.fault


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(ENVELOPE) | fields)


def made(body: bytes = INSIDE.body, public: bytes | None = PUBLIC) -> str:
    return envelope_for(
        sitting=INSIDE.sitting, device=INSIDE.device, ticket=INSIDE.ticket, body=body, public_der=public
    )


def test_the_vectors_open_to_what_was_saved() -> None:
    assert open_envelope(ENVELOPE, PRIVATE) == INSIDE
    assert open_envelope(VECTORS["clear_envelope"], None) == INSIDE
    assert join_frames(VECTORS["frames"]) == VECTORS["clear_envelope"]
    assert frames_of(VECTORS["clear_envelope"], 300) == VECTORS["frames"]


def test_the_outside_tells_whose_it_is_and_nothing_else() -> None:
    outside = read_envelope(ENVELOPE)
    assert (outside.sitting, outside.device, outside.clear) == (INSIDE.sitting, INSIDE.device, False)
    assert read_envelope(VECTORS["clear_envelope"]).clear
    assert INSIDE.ticket not in ENVELOPE and "ma-102" not in ENVELOPE


def test_what_python_makes_opens_and_is_one_line() -> None:
    envelope = made()
    assert "\n" not in envelope and envelope != made()
    assert open_envelope(envelope, PRIVATE) == INSIDE
    assert made(public=None) == VECTORS["clear_envelope"]


def test_the_way_through_mail_programs_does_no_harm() -> None:
    assert open_envelope(f"\ufeff{ENVELOPE}\r\n", PRIVATE) == INSIDE


def test_a_payload_that_was_not_packed_is_read_too() -> None:
    # A phone without CompressionStream says so with an empty "zip".
    key, nonce = bytes(range(32)), bytes(range(12))
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
    public = serialization.load_der_public_key(PUBLIC)
    assert isinstance(public, rsa.RSAPublicKey)
    data = AESGCM(key).encrypt(nonce, INSIDE.ticket.encode() + b"\n" + INSIDE.body, None)
    packed = {"key": to_base64(public.encrypt(key, oaep)), "iv": to_base64(nonce), "data": to_base64(data)}
    assert open_envelope(changed(**packed, zip=""), PRIVATE) == INSIDE
    assert fault_of(changed(**packed)) is Fault.DAMAGED


@pytest.mark.parametrize("share", [0.05, 0.5, 0.99])
def test_half_a_file_is_called_half(share: float) -> None:
    assert fault_of(ENVELOPE[: int(len(ENVELOPE) * share)]) is Fault.HALF
    with pytest.raises(EnvelopeError, match="copy the whole file again"):
        read_envelope(ENVELOPE[: len(ENVELOPE) // 2])


@pytest.mark.parametrize(
    "text", ["", "Hello", "[1]", '{"events": []}', '{"proba": "1"}', "null", "[" * 100_000]
)
def test_another_file_is_none_of_ours(text: str) -> None:
    assert fault_of(text) is Fault.NOT_OURS


def test_changes_on_the_way_are_seen() -> None:
    data = json.loads(ENVELOPE)["data"]
    swapped = ("A" if data[100] != "A" else "B").join((data[:100], data[101:]))
    assert fault_of(changed(data=swapped)) is Fault.DAMAGED
    assert fault_of(changed(data=data[:-8])) is Fault.DAMAGED
    assert fault_of(changed(data="%%%")) is Fault.DAMAGED
    assert fault_of(changed(iv="")) is Fault.DAMAGED
    assert fault_of(changed(sitting=7)) is Fault.DAMAGED
    assert fault_of(ENVELOPE.replace('"iv":', '"iv"', 1)) is Fault.DAMAGED
    assert fault_of(made(body=b"", public=None)) is Fault.DAMAGED


def test_the_key_of_another_administration_opens_nothing() -> None:
    private, public = new_hand_in_keys()
    assert fault_of(ENVELOPE, private) is Fault.OTHER_KEY
    assert fault_of(ENVELOPE, None) is Fault.OTHER_KEY
    assert open_envelope(made(public=public), private) == INSIDE


def test_what_only_a_newer_version_understands_is_not_called_broken() -> None:
    assert fault_of(changed(proba=2)) is Fault.NEWER
    assert fault_of(changed(zip="zstd")) is Fault.NEWER


def test_nobody_fills_the_server_with_zeros() -> None:
    assert fault_of(made(body=bytes(MAX_PAYLOAD + 1))) is Fault.DAMAGED


def test_frames_come_in_any_order_and_more_than_once() -> None:
    assert max(map(len, frames_of(ENVELOPE * 10))) <= 900
    frames = frames_of(ENVELOPE, 300)
    assert len(frames) > 4
    shuffled = [*frames, *frames, " ", ""]
    random.Random(3).shuffle(shuffled)
    assert join_frames(shuffled) == ENVELOPE


def test_missing_frames_are_named() -> None:
    frames = frames_of(ENVELOPE, 100)
    with pytest.raises(EnvelopeError, match=r"\(2, 5\)") as refused:
        join_frames(frame for n, frame in enumerate(frames, start=1) if n not in (2, 5))
    assert (refused.value.fault, refused.value.missing) == (Fault.MISSING_FRAMES, (2, 5))


def broken(frames: list[str], fault: Fault) -> None:
    with pytest.raises(EnvelopeError) as refused:
        join_frames(frames)
    assert refused.value.fault is fault


def test_frames_that_do_not_belong_together_are_refused() -> None:
    frames = frames_of(ENVELOPE, 400)
    broken([*frames, frames_of(made(), 400)[0]], Fault.MIXED_FRAMES)
    broken([*frames, frames_of(ENVELOPE, 300)[0]], Fault.MIXED_FRAMES)
    broken([*frames, "https://example.org/"], Fault.NOT_OURS)
    broken([], Fault.NOT_OURS)


def test_damaged_frames_are_refused() -> None:
    first, *others = frames_of(ENVELOPE, 400)
    broken([first[:-1], *others], Fault.DAMAGED)
    broken([first[:-1] + ("A" if first[-1] != "A" else "B"), *others], Fault.DAMAGED)
    broken([first, first[:-1], *others], Fault.DAMAGED)
    broken([first.replace(":1/", ":0/"), *others], Fault.DAMAGED)
    broken([first.replace(":1/", ":x/"), *others], Fault.DAMAGED)
    name, _, _ = first.partition(":1/")
    broken([f"{name}:1/1:_w"], Fault.DAMAGED)
