"""What do phone and server say to each other? Wire version 1: final, only ever added to.

The phone's side of the same contract is `static/exams/js/player/port.js`.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import re
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

MAX_BODY = 65_536
MAX_EVENTS = 200
MAX_EVENT = 8_192
DEVICE = re.compile(r"[A-Za-z0-9_-]{22}")
_SMALL = msgspec.Meta(ge=1, lt=2**31)
_EXACT = msgspec.Meta(gt=-(2**53), lt=2**53)
"""What JavaScript and both databases hold without rounding."""
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class WireError(Exception):
    """A request that is answered with `status` and {"error": code}; nothing was written."""

    def __init__(self, status: int, code: str, detail: str = "", **extra: object) -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.extra = extra


class SignIn(msgspec.Struct):
    code: str


class Open(msgspec.Struct):
    """The clocks are read at sending, as in a save."""

    sitting: str
    device: str
    clock: str = ""
    mono: Annotated[int, _EXACT] | None = None
    wall: Annotated[int, _EXACT] | None = None


class DeviceReport(msgspec.Struct):
    """How fit a phone found itself; unknown fields are not kept. `clock_ms`: its date minus ours."""

    browser: str
    secure: bool
    storage: Literal["lasting", "memory"]
    papers: Annotated[int, _EXACT]
    opens: bool
    problems: list[str]
    persisted: bool | None = None
    free_mb: Annotated[int, _EXACT] | None = None
    clock_ms: Annotated[int, _EXACT] | None = None
    rtt_ms: Annotated[int, _EXACT] | None = None


class SaveHeader(msgspec.Struct):
    """First line of a save. `mono` and `wall` are read at sending, so every batch is a clock mark."""

    v: Literal[1]
    device: str
    clock: str
    mono: int
    wall: int
    last: int = 0
    store_generation: str = ""
    notice: Annotated[int, _EXACT] = 0


class EventBody(msgspec.Struct):
    """One line of a save; unknown kinds and fields are kept in the journal and otherwise ignored.

    `value` stays undecoded: what a phone may send there is for the projection to judge, and a value that
    nobody can read must not keep the rest of the batch from being saved.
    """

    seq: Annotated[int, _SMALL]
    epoch: Annotated[int, _SMALL]
    kind: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,12}\Z")]
    clock: str
    mono: Annotated[int, _EXACT]
    wall: Annotated[int, _EXACT]
    prev: str
    item: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{0,48}\Z")] = ""
    value: msgspec.Raw = msgspec.Raw(b"null")


class Event(NamedTuple):
    """`raw` is the exact line as received; `digest` its SHA-256, which the next event names as `prev`."""

    raw: str
    digest: bytes
    body: EventBody


class Batch(NamedTuple):
    header: SaveHeader
    events: tuple[Event, ...]


_header = msgspec.json.Decoder(SaveHeader)
_event = msgspec.json.Decoder(EventBody)
_sign_in = msgspec.json.Decoder(SignIn)
_open = msgspec.json.Decoder(Open)
_report = msgspec.json.Decoder(DeviceReport)
PROBLEMS = frozenset({"no_storage", "little_space", "no_crypto", "no_papers", "old_browser", "slow_network"})


def parse_sign_in(body: bytes) -> SignIn:
    message: SignIn = _decode(_sign_in, body, "bad_request")
    return message


def parse_open(body: bytes) -> Open:
    message: Open = _decode(_open, body, "bad_request")
    if not DEVICE.fullmatch(message.device):
        raise WireError(400, "bad_request", "device must be 22 base64url characters")
    return message


def parse_device_report(body: bytes) -> DeviceReport:
    report: DeviceReport = _decode(_report, body, "bad_request")
    unknown = set(report.problems) - PROBLEMS
    if unknown or len(report.problems) > len(PROBLEMS):
        raise WireError(400, "bad_request", f"problems are some of {', '.join(sorted(PROBLEMS))}")
    if not (report.browser.isprintable() and len(report.browser) <= 40):
        raise WireError(400, "bad_request", "browser is its name and version in 40 characters")
    return report


def parse_save(body: bytes) -> Batch:
    """Header and events of one save. Raises WireError naming the line; then nothing of it is kept."""
    lines = [line for line in body.split(b"\n") if line]
    if not lines:
        raise WireError(400, "bad_header", "the body is empty")
    if len(lines) - 1 > MAX_EVENTS:
        raise WireError(413, "too_large", f"{len(lines) - 1} events; send at most {MAX_EVENTS} at once")
    header = _decode(_header, lines[0], "bad_header", "line 1")
    events = tuple(parse_event(line, number) for number, line in enumerate(lines[1:], start=2))
    return Batch(header, events)


def genesis(sitting: str, device: str) -> bytes:
    """What the first event of a device names as its predecessor: binds the chain to sitting and device."""
    return hashlib.sha256(f"proba/1/{sitting}/{device}".encode("ascii")).digest()


def chain_text(digest: bytes) -> str:
    return binascii.b2a_base64(digest, newline=False).translate(_URL_SAFE, b"=").decode("ascii")


def receipt_code(digest: bytes) -> str:
    """Six characters of the hand-in's digest, which by the chain covers every event before it."""
    number = int.from_bytes(digest[:4], "big") >> 2
    code = "".join(ALPHABET[(number >> shift) & 31] for shift in range(25, -1, -5))
    return f"{code[:3]}-{code[3:]}"


def parse_event(line: bytes, number: int = 1) -> Event:
    """One event as it came. Raises WireError naming the line."""
    place = f"line {number}"
    if len(line) > MAX_EVENT:
        raise WireError(413, "too_large", f"{place}: an event may have {MAX_EVENT} bytes")
    body = _event_body(line, place)
    return Event(raw=_text(line, place), digest=hashlib.sha256(line).digest(), body=body)


def _text(line: bytes, place: str) -> str:
    # The parser passes over `value` without looking at its letters.
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WireError(400, "bad_event", f"{place}: {error}") from error


def _event_body(line: bytes, place: str) -> EventBody:
    """A lone surrogate in typed text is legal JSON from a browser, and no reason to refuse a pupil's work."""
    try:
        body: EventBody = _event.decode(line)
        return body
    except msgspec.ValidationError as error:
        raise WireError(400, "bad_event", f"{place}: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        fields = json.loads(line.decode("utf-8"))
        fields.pop("value", None)
        return msgspec.convert(fields, EventBody)
    except (ValueError, AttributeError, RecursionError) as error:
        raise WireError(400, "bad_event", f"{place}: {error}") from error


def _decode(decoder: msgspec.json.Decoder[Any], data: bytes, code: str, place: str = "body") -> Any:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(400, code, f"{place}: {error}") from error
