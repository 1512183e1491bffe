"""What did the driver see? Latencies, bytes, errors and drops, of many processes together."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p99.9": 0.999, "max": 1.0}


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds by name; {} of nothing. The smallest value that so large a share does not exceed."""
    ordered = sorted(seconds)
    if not ordered:
        return {}
    last = len(ordered) - 1
    return {
        name: round(
            1000 * ordered[min(last, max(0, -(-int(share * 1e6) * len(ordered) // 1_000_000) - 1))], 2
        )
        for name, share in QUANTILES.items()
    }


@dataclass(slots=True)
class Traffic:
    """Bytes, bodies and headers apart; up is from phone to server."""

    up_head: int = 0
    up_body: int = 0
    down_head: int = 0
    down_body: int = 0

    def add(self, other: Traffic) -> None:
        self.up_head += other.up_head
        self.up_body += other.up_body
        self.down_head += other.down_head
        self.down_body += other.down_body


@dataclass(slots=True)
class Tally:
    """`latencies`: seconds from the moment a request was due to its reply, per kind."""

    latencies: dict[str, array[float]] = field(default_factory=dict)
    traffic: dict[str, Traffic] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    drops: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    """What must not happen at all, in words."""
    cpu_seconds: float = 0.0
    """Of the driver itself."""

    def replied(self, kind: str, seconds: float) -> None:
        self.latencies.setdefault(kind, array("d")).append(seconds)

    def carried(self, kind: str, up_head: int, up_body: int, down_head: int, down_body: int) -> None:
        self.traffic.setdefault(kind, Traffic()).add(Traffic(up_head, up_body, down_head, down_body))

    def merge(self, other: Tally) -> None:
        for kind, seconds in other.latencies.items():
            self.latencies.setdefault(kind, array("d")).extend(seconds)
        for kind, traffic in other.traffic.items():
            self.traffic.setdefault(kind, Traffic()).add(traffic)
        self.errors += other.errors
        self.drops += other.drops
        self.counts += other.counts
        self.problems += other.problems
        self.cpu_seconds += other.cpu_seconds
