"""A card's code survives being read out, typed and misread; what is stored does not tell it."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.cards import ALPHABET, LENGTH, code_from_bytes, digest, new_code, normalise, pretty

CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_alphabet_is_crockfords() -> None:
    assert ALPHABET == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    assert len(ALPHABET) ** LENGTH == 2**60


def test_new_codes_differ_and_use_the_whole_alphabet() -> None:
    codes = {new_code() for _ in range(300)}
    assert len(codes) == 300
    assert set("".join(codes)) == set(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("K7Q49XW2PABC", "K7Q49XW2PABC"),
        ("k7q4-9xw2-pabc", "K7Q49XW2PABC"),
        ("  K7Q4 9XW2\tPABC\n", "K7Q49XW2PABC"),
        ("K7Q4–9XW2–PABC", "K7Q49XW2PABC"),
        ("oOiIlL000111", "001111000111"),
        ("K7Q49XW2PAB", None),
        ("K7Q49XW2PABCD", None),
        ("K7Q49XW2PABU", None),
        ("К7Q49XW2PABC", None),
        ("ß7Q49XW2PABC", None),
        ("", None),
    ],
)
def test_normalise(typed: str, code: str | None) -> None:
    assert normalise(typed) == code


@given(CODES, st.randoms(use_true_random=False))
def test_however_a_code_is_written_it_is_found(code: str, rng: object) -> None:
    assert normalise(pretty(code)) == normalise(pretty(code).lower()) == normalise(code) == code


@given(st.text(max_size=30))
def test_any_text_is_a_code_or_none(typed: str) -> None:
    code = normalise(typed)
    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))


def test_pretty() -> None:
    assert pretty("K7Q49XW2PABC") == "K7Q4-9XW2-PABC"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (bytes(8), "0" * 12),
        (b"\xff" * 8, "Z" * 12),
        (b"\xff" * 20, "Z" * 12),
        (bytes.fromhex("00443214c74254b0"), "0123456789AB"),
    ],
)
def test_code_from_bytes_takes_sixty_bits(raw: bytes, code: str) -> None:
    assert code_from_bytes(raw) == code


def test_digest_is_keyed() -> None:
    expected = hmac.new(b"s", b"card:K7Q49XW2PABC", hashlib.sha256).hexdigest()
    assert digest("K7Q49XW2PABC", secret="s") == expected
    assert digest("K7Q49XW2PABC", secret="t") != expected
