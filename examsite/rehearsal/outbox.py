"""What does a phone keep, and what of it does it send? As player/outbox.js and batch.js do.

Everything that plays a phone uses this: the demo world, the rehearsal, the benchmarks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from exams.intake.protocol import MAX_BODY, MAX_EVENTS, chain_text, genesis

Reading = Mapping[str, Any]
"""What a phone's clocks show: `clock` (the page load), `mono` and `wall` in ms."""
_ROOM_FOR_HEADER = 1_024


class EventChain:
    """The lines of one device, each naming the hash of the one before."""

    def __init__(self, sitting: str, device: str) -> None:
        self.seq = 0
        self.last_digest = genesis(sitting, device)

    def add(self, kind: str, reading: Reading, *, epoch: int, item: str = "", value: Any = None) -> bytes:
        """The next event, as the exact bytes that are hashed, sent and kept."""
        self.seq += 1
        event: dict[str, Any] = {"seq": self.seq, "epoch": epoch, "kind": kind}
        if item:
            event["item"] = item
        if value is not None:
            event["value"] = value
        line = msgspec.json.encode(event | dict(reading) | {"prev": chain_text(self.last_digest)})
        self.last_digest = hashlib.sha256(line).digest()
        return line


def save_header(device: str, reading: Reading, *, last: int, generation: str) -> bytes:
    """The first line of a save."""
    return msgspec.json.encode(
        {"v": 1, "device": device, **reading, "last": last, "store_generation": generation}
    )


def save_body(header: bytes, lines: Sequence[bytes]) -> bytes:
    return b"\n".join([header, *lines])


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines of one save; `upto` is the seq of the last."""

    lines: Sequence[bytes]
    upto: int


class Outbox:
    """All lines of a device, and how far the server has confirmed them without a gap."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.acked = 0
        self.generation = ""

    def batches(self) -> Iterator[Batch]:
        """What is owed, split as the limits of a save demand; looked at anew after each reply."""
        while self.acked < len(self.lines):
            batch = self._next(self.acked)
            yield batch
            if self.acked < batch.upto:
                return  # a reply that did not come, or a gap: the caller decides when to try again

    def confirmed(self, acked_upto: int, generation: str) -> None:
        """The server's word counts, also when it has fallen: then its store has lost something."""
        self.acked = min(acked_upto, len(self.lines))
        self.generation = generation

    def _next(self, after: int) -> Batch:
        room = MAX_BODY - _ROOM_FOR_HEADER
        lines: list[bytes] = []
        for line in self.lines[after : after + MAX_EVENTS]:
            room -= len(line) + 1
            if room < 0 and lines:
                break
            lines.append(line)
        return Batch(lines, after + len(lines))
