"""Wire version 1, to the byte: what is accepted, what is refused and with which words."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.intake.protocol import (
    MAX_EVENT,
    MAX_EVENTS,
    WireError,
    chain_text,
    genesis,
    parse_open,
    parse_save,
    parse_sign_in,
    receipt_code,
)
from exams.item_checks import LONGEST_TEXT

HEADER = {"v": 1, "device": "A" * 22, "clock": "load1", "mono": 1, "wall": 2}
EVENT = {"seq": 1, "epoch": 1, "kind": "seen", "clock": "load1", "mono": 1, "wall": 2, "prev": "x" * 43}


def body(*lines: dict[str, Any] | bytes, header: dict[str, Any] | bytes = HEADER) -> bytes:
    return b"\n".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() for line in (header, *lines)
    )


def refusal(data: bytes) -> tuple[int, str]:
    with pytest.raises(WireError) as refused:
        parse_save(data)
    return refused.value.status, str(refused.value)


def test_chain_begins_with_sitting_and_device() -> None:
    first = genesis("0b5f8f4e-0000-4000-8000-000000000001", "AAAAAAAAAAAAAAAAAAAAAA")
    named = b"proba/1/0b5f8f4e-0000-4000-8000-000000000001/AAAAAAAAAAAAAAAAAAAAAA"
    assert first == hashlib.sha256(named).digest()
    assert chain_text(bytes(32)) == "A" * 43
    assert chain_text(b"\xfb\xef\xbe" * 10 + b"\xff\xff") == "----" * 10 + "__8"


@pytest.mark.parametrize(
    ("digest", "code"),
    [
        (bytes(32), "000-000"),
        (b"\xff" * 32, "ZZZ-ZZZ"),
        (bytes.fromhex("00443214c7000000"), "012-345"),
        (hashlib.sha256(b"abc").digest(), "Q9W-1DF"),
    ],
)
def test_receipt_code_is_thirty_bits(digest: bytes, code: str) -> None:
    assert receipt_code(digest) == code


def test_events_keep_their_bytes() -> None:
    line = (
        '{"seq":7,"epoch":2,"kind":"response","item":"ma-101.1","value": {"x":"3,5 ч"} ,"clock":"x8f2",'
        '"mono":12345,"wall":1790000000000,"prev":"p","new":1}'
    ).encode()
    batch = parse_save(body(line, header=HEADER | {"last": 7, "store_generation": "g", "more": []}))
    assert (batch.header.device, batch.header.last, batch.header.store_generation) == ("A" * 22, 7, "g")
    (event,) = batch.events
    assert (event.raw.encode(), event.digest) == (line, hashlib.sha256(line).digest())
    assert (event.body.seq, event.body.epoch, event.body.kind, event.body.item) == (
        7,
        2,
        "response",
        "ma-101.1",
    )
    assert (event.body.clock, event.body.mono, event.body.wall, event.body.prev) == (
        "x8f2",
        12345,
        1_790_000_000_000,
        "p",
    )
    assert bytes(event.body.value) == b'{"x":"3,5 \xd1\x87"}'


def test_header_alone_is_a_heartbeat() -> None:
    assert parse_save(body()).events == ()
    assert parse_save(body() + b"\n\n").events == ()


@pytest.mark.parametrize(
    "value",
    ["null", '"b"', '{"1":true}', '["c","a"]', '"\\ud800"', "1e400", "9" * 5000, "[" * 900 + "]" * 900],
)
def test_whatever_well_formed_value_is_taken(value: str) -> None:
    line = json.dumps(EVENT | {"kind": "response", "value": "VALUE"}).replace('"VALUE"', value).encode()
    assert parse_save(body(line)).events[0].raw == line.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seq": 0}, "Expected `int` >= 1 - at `$.seq`"),
        ({"seq": 2**31}, "- at `$.seq`"),
        ({"epoch": 0}, "Expected `int` >= 1 - at `$.epoch`"),
        ({"epoch": -1}, "Expected `int` >= 1 - at `$.epoch`"),
        ({"mono": 2**53}, "- at `$.mono`"),
        ({"wall": -(2**53)}, "- at `$.wall`"),
        ({"kind": "thirteen-long"}, "- at `$.kind`"),
        ({"kind": ""}, "- at `$.kind`"),
        ({"kind": "seen\n"}, "- at `$.kind`"),
        ({"item": "a b"}, "- at `$.item`"),
        ({"item": "x" * 49}, "- at `$.item`"),
        ({"seq": "1"}, "Expected `int`, got `str` - at `$.seq`"),
        ({"mono": 1.5}, "Expected `int`, got `float` - at `$.mono`"),
        ({"prev": None}, "Expected `str`, got `null` - at `$.prev`"),
    ],
)
def test_bad_event_is_named_by_its_line(change: dict[str, Any], words: str) -> None:
    status, said = refusal(body(EVENT, EVENT | change))
    assert status == 400
    assert said.startswith("bad_event: line 3: ") and words in said


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[]",
        b"5",
        b'{"seq":1}',
        json.dumps(EVENT | {"value": "V"}).encode().replace(b'"V"', b'"\xff"'),
        json.dumps(EVENT | {"value": "V"}).encode().replace(b'"V"', b'"a\x00b"'),
        json.dumps(EVENT | {"value": "V"}).encode().replace(b'"V"', b'"a\tb"'),
        b"[" * 8000,
    ],
)
def test_junk_is_refused_and_never_breaks_anything(line: bytes) -> None:
    status, said = refusal(body(EVENT, line))
    assert (status, said[:19]) == (400, "bad_event: line 3: ")


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"x",
        b"[]",
        HEADER | {"v": 2},
        HEADER | {"device": 1},
        {"v": 1},
        HEADER | {"mono": 0.5},
        b'{"v":1,"device":"\xff"}',
    ],
)
def test_bad_header(header: dict[str, Any] | bytes) -> None:
    status, said = refusal(body(header=header))
    assert (status, said[:11]) == (400, "bad_header:")


def test_limits_are_exact() -> None:
    many = [EVENT | {"seq": seq} for seq in range(1, MAX_EVENTS + 2)]
    assert len(parse_save(body(*many[:-1])).events) == MAX_EVENTS
    assert refusal(body(*many)) == (413, "too_large: 201 events; send at most 200 at once")
    short = json.dumps(EVENT | {"value": ""}).encode()
    fitting = short.replace(b'""', b'"' + b"x" * (MAX_EVENT - len(short)) + b'"')
    assert len(parse_save(body(fitting)).events) == 1
    assert refusal(body(fitting.replace(b"xx", b"xxx", 1))) == (
        413,
        "too_large: line 2: an event may have 8192 bytes",
    )


@pytest.mark.parametrize("sign", ["ж", "\n", '"', "語", "\x01"])
def test_the_longest_text_an_item_may_ask_for_fits_into_an_event(sign: str) -> None:
    line = json.dumps(EVENT | {"value": sign * LONGEST_TEXT}, ensure_ascii=False).encode()
    (event,) = parse_save(body(line)).events
    assert json.loads(bytes(event.body.value)) == sign * LONGEST_TEXT


@given(st.binary(max_size=300))
def test_any_bytes_are_a_batch_or_a_refusal(data: bytes) -> None:
    for whole in (data, body(data), body(EVENT, data)):
        try:
            batch = parse_save(whole)
        except WireError as refused:
            assert refused.status in (400, 413)
        else:
            assert all(hashlib.sha256(event.raw.encode()).digest() == event.digest for event in batch.events)


@pytest.mark.parametrize("device", ["", "A" * 21, "A" * 23, "A" * 21 + "+", "A" * 21 + "\n", "ћ" * 22])
def test_device_names_are_sixteen_bytes_of_base64url(device: str) -> None:
    good = parse_open(json.dumps({"sitting": "s", "device": "aZ09_-" + "A" * 16}).encode())
    assert (good.sitting, good.device) == ("s", "aZ09_-" + "A" * 16)
    with pytest.raises(WireError, match="22 base64url"):
        parse_open(json.dumps({"sitting": "s", "device": device}).encode())


@pytest.mark.parametrize("data", [b"", b"{}", b'{"code":5}', b'{"code":"\\ud800"}', b"\xff", b"[" * 5000])
def test_bad_sign_in(data: bytes) -> None:
    assert parse_sign_in(b'{"code":"K7Q4"}').code == "K7Q4"
    with pytest.raises(WireError, match="bad_request"):
        parse_sign_in(data)
