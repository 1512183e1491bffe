"""One request read whole, one response sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from exams.intake.http import Request, Response, cookie_header, json_response, read_request
from exams.intake.protocol import MAX_BODY, WireError


def request(body: bytes = b"", **headers: str) -> Request:
    named = {name.replace("_", "-").encode(): value.encode("latin-1") for name, value in headers.items()}
    return Request("POST", "/x/1/save", {b"host": b"proba.test"} | named, body)


def read(*messages: dict[str, Any], headers: list[tuple[bytes, bytes]] | None = None) -> Request:
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    scope = {"method": "POST", "path": "/x/1/save", "headers": headers or []}
    return asyncio.run(read_request(scope, receive))


def part(body: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_body_in_parts_is_put_together() -> None:
    assert read(part(b"ab", True), part(b"", True), part(b"c")).body == b"abc"


def test_body_is_bounded_to_the_byte() -> None:
    assert len(read(part(b"x" * MAX_BODY)).body) == MAX_BODY
    with pytest.raises(WireError, match="too_large"):
        read(part(b"x" * MAX_BODY, True), part(b"x", True))


def test_half_a_body_is_no_request() -> None:
    with pytest.raises(WireError, match="bad_request"):
        read(part(b"half", True), {"type": "http.disconnect"})


def test_cookies_may_come_as_several_headers() -> None:
    found = read(part(b""), headers=[(b"cookie", b"a=1"), (b"host", b"h"), (b"cookie", b"b=2; c=3")])
    assert [found.cookie(name) for name in "abc"] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "header",
    [
        "proba_pupil=eyJ.x-_",
        "a=1; proba_pupil=eyJ.x-_; b=2",
        'other={"a": [1, 2]}; proba_pupil=eyJ.x-_',
        "broken; =x; proba_pupil=eyJ.x-_;",
        "not_proba_pupil=no;proba_pupil=eyJ.x-_",
    ],
)
def test_cookie_is_found_beside_odd_ones(header: str) -> None:
    assert request(cookie=header).cookie("proba_pupil") == "eyJ.x-_"


def test_missing_cookie_is_empty() -> None:
    assert request().cookie("proba_pupil") == ""
    assert request(cookie="proba_pupils=1").cookie("proba_pupil") == ""


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, identity;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.5", "br"),
        ("*", ""),
    ],
)
def test_best_encoding(accepted: str, encoding: str) -> None:
    assert request(accept_encoding=accepted).best_encoding() == encoding


def test_bearer_is_what_follows_the_word() -> None:
    assert request(authorization="Bearer abc.def").bearer() == "abc.def"
    assert request().bearer() == ""


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://[", "proba.test", "https://proba.test.evil"]
)
def test_foreign_origin_is_refused(origin: str) -> None:
    with pytest.raises(WireError) as refused:
        request(origin=origin).require_same_origin()
    assert (refused.value.status, refused.value.code) == (403, "other_origin")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/x-ndjson"]
)
def test_own_origin_and_json_pass(kind: str) -> None:
    request(b"{}", origin="https://proba.test", content_type=kind).require_same_origin()
    request(origin="http://proba.test").require_same_origin()


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_what_a_foreign_form_can_send_is_refused(kind: str) -> None:
    with pytest.raises(WireError) as refused:
        request(b"{}", content_type=kind).require_same_origin()
    assert (refused.value.status, refused.value.code) == (415, "json_only")


def test_cookie_flags() -> None:
    assert cookie_header("n", "v", 60, secure=False) == (
        b"set-cookie",
        b"n=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax",
    )
    assert cookie_header("n", "v", 60, secure=True)[1].endswith(b"; SameSite=Lax; Secure")


def test_response_says_its_length() -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(json_response({"a": "ч"}, 409).send(send))
    asyncio.run(Response(204, []).send(send))
    assert sent == [
        {
            "type": "http.response.start",
            "status": 409,
            "headers": [
                (b"content-type", b"application/json"),
                (b"cache-control", b"no-store"),
                (b"content-length", b"10"),
            ],
        },
        {"type": "http.response.body", "body": '{"a":"ч"}'.encode()},
        {"type": "http.response.start", "status": 204, "headers": [(b"content-length", b"0")]},
        {"type": "http.response.body", "body": b""},
    ]
