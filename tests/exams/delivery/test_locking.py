"""Does what was locked open with the right content key or code only, and as the player expects it?"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.conf import settings

from exams.delivery.locking import (
    NotUnlocked,
    WrongCode,
    from_base64,
    lock,
    new_content_key,
    normalise_code,
    unlock,
    unlock_code,
    unwrap,
    wrap,
)

VECTORS: dict[str, Any] = json.loads(
    (settings.FIXTURES_DIR / "vectors" / "locking.json").read_text(encoding="utf-8")
)
KEY = from_base64(VECTORS["content_key"])
LOCKED = from_base64(VECTORS["locked"])


def test_the_vector_opens_to_its_document() -> None:
    assert hashlib.sha256(LOCKED).hexdigest() == VECTORS["locked_sha256"]
    assert unlock(LOCKED, KEY).decode() == VECTORS["document"]


def test_a_locked_paper_shows_nothing_and_never_has_the_same_bytes() -> None:
    document = b"the stem of the first item " * 40
    first, second = lock(document, KEY), lock(document, KEY)
    assert first != second and first[:12] != second[:12]
    assert b"stem" not in first and len(first) < len(document)
    assert unlock(first, KEY) == unlock(second, KEY) == document


@pytest.mark.parametrize(
    "body",
    [
        LOCKED[:-1],
        LOCKED[1:],
        LOCKED[:40] + bytes([LOCKED[40] ^ 1]) + LOCKED[41:],
        LOCKED[:11],
        b"",
    ],
    ids=["cut short", "begun late", "one bit", "no more than a nonce", "nothing"],
)
def test_a_damaged_paper_does_not_open(body: bytes) -> None:
    with pytest.raises(NotUnlocked, match="fetch it again"):
        unlock(body, KEY)


def test_another_content_key_does_not_open_it() -> None:
    other = new_content_key()
    assert len(other) == 32 and other != new_content_key()
    with pytest.raises(NotUnlocked):
        unlock(LOCKED, other)


def test_the_code_of_a_room_follows_from_content_key_and_room() -> None:
    code = unlock_code(KEY, VECTORS["room"])
    assert code == VECTORS["code"] == "SX0F-41Z6-TWH"
    assert unlock_code(KEY, "another room") != code
    assert unlock_code(new_content_key(), VECTORS["room"]) != code


@pytest.mark.parametrize("typed", VECTORS["typed"])
def test_a_code_is_understood_as_it_is_heard_and_typed(typed: str) -> None:
    assert normalise_code(typed) == VECTORS["code"].replace("-", "")
    assert unwrap(VECTORS["wrapped"], typed) == KEY


def test_what_is_wrapped_opens_with_its_code_and_no_other() -> None:
    wrapped = wrap(KEY, VECTORS["code"], 1_000)
    assert (wrapped["iterations"], sorted(wrapped)) == (1_000, ["iterations", "iv", "salt", "wrapped"])
    assert wrapped["salt"] != wrap(KEY, VECTORS["code"], 1_000)["salt"]
    assert unwrap(wrapped, VECTORS["code"]) == KEY
    wrong = VECTORS["code"][:-1] + ("0" if VECTORS["code"][-1] != "0" else "1")
    for code in (wrong, "", VECTORS["code"] + "0", "шифра"):
        with pytest.raises(WrongCode):
            unwrap(wrapped, code)
    with pytest.raises(WrongCode):
        unwrap(wrapped | {"iterations": 1_001}, VECTORS["code"])


@pytest.mark.parametrize("damaged", [{}, {"salt": "a"}, {"wrapped": "%%"}, {"iterations": "many"}])
def test_what_was_never_wrapped_says_so(damaged: dict[str, Any]) -> None:
    with pytest.raises(NotUnlocked, match="not a wrapped content key"):
        unwrap((VECTORS["wrapped"] | damaged) if damaged else {}, VECTORS["code"])
