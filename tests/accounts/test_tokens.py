"""A token says what we signed, for one purpose, until its time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tokens import TokenExpired, TokenInvalid, read, sign

NOW = 1_790_000_000_000


def test_token_to_the_byte() -> None:
    token = sign("pupil", {"p": "7"}, secret="s", expires_at=NOW)
    body = base64.urlsafe_b64encode(b'{"p":"7","exp":1790000000000}').rstrip(b"=")
    mac = hmac.new(b"s", b"pupil." + body, hashlib.sha256).digest()
    assert token == f"{body.decode()}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert read("pupil", token, secret="s", now=NOW - 1) == {"p": "7", "exp": NOW}


@given(st.dictionaries(st.sampled_from(["k", "s", "d"]), st.text() | st.integers() | st.booleans()))
def test_any_payload_comes_back(payload: dict[str, Any]) -> None:
    token = sign("x", payload, secret="s", expires_at=NOW)
    assert read("x", token, secret="s", now=0) == payload | {"exp": NOW}


def test_it_ends_on_the_millisecond() -> None:
    token = sign("x", {}, secret="s", expires_at=NOW)
    with pytest.raises(TokenExpired):
        read("x", token, secret="s", now=NOW)


@pytest.mark.parametrize(("kind", "secret"), [("y", "s"), ("x", "t"), ("", "s")])
def test_other_purpose_or_secret(kind: str, secret: str) -> None:
    token = sign("x", {}, secret="s", expires_at=NOW)
    with pytest.raises(TokenInvalid, match="signature"):
        read(kind, token, secret=secret, now=0)


@given(st.text())
def test_junk_is_invalid(token: str) -> None:
    with pytest.raises(TokenInvalid):
        read("x", token, secret="s", now=0)


@given(st.integers(0, 200), st.sampled_from("AZaz09-_.=é\ud800"))
def test_a_changed_character_is_noticed(place: int, letter: str) -> None:
    token = sign("x", {"p": "7"}, secret="s", expires_at=NOW)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(TokenInvalid):
            read("x", changed, secret="s", now=0)


@pytest.mark.parametrize("raw", [b"not json", b"\xff\xfe", b""])
def test_signed_but_unreadable(raw: bytes) -> None:
    body = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    mac = hmac.new(b"s", f"x.{body}".encode(), hashlib.sha256).digest()
    token = f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    with pytest.raises(TokenInvalid, match="not readable"):
        read("x", token, secret="s", now=0)


def test_order_of_names_is_kept() -> None:
    token = sign("x", {"b": 1, "a": 2}, secret="s", expires_at=NOW)
    body = token.partition(".")[0]
    assert list(json.loads(base64.urlsafe_b64decode(body + "=="))) == ["b", "a", "exp"]
