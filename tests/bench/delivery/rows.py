"""Which figures are shown, what is the goal of each, and how do they look side by side?

The goals are those of the design; ratios to raw limits say how much of the machine is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]
"""What `measure.py` brings back from one database."""


@dataclass(frozen=True, slots=True)
class Row:
    """`at_most`: smaller is better. `goal` None: a limit or baseline, shown beside the rest."""

    title: str
    unit: str
    read: Callable[[Figures], float | None]
    goal: float | None = None
    at_most: bool = False

    def ratio(self, measured: float | None) -> float | None:
        """Above 1 is better than the goal."""
        if measured is None or self.goal is None:
            return None
        if self.at_most:
            return self.goal / measured if measured else float("inf")
        return measured / self.goal


def _of(*names: str) -> Callable[[Figures], float | None]:
    def read(figures: Figures) -> float | None:
        found: Any = figures
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        return None if found is None else float(found)

    return read


def _errors(*names: str) -> Callable[[Figures], float | None]:
    def read(figures: Figures) -> float | None:
        parts = [figures[name] for name in names if figures.get(name)]
        return float(sum(sum(part["errors"].values()) for part in parts)) if parts else None

    return read


def _times(above: str, below: str, factor: float = 1.0) -> Callable[[Figures], float | None]:
    """How many of `below` fit into `above`, both per second."""

    def read(figures: Figures) -> float | None:
        over, under = figures.get(above), figures.get(below)
        if not over or not under or not under["per_second"]:
            return None
        return float(over["per_second"] * factor / under["per_second"])

    return read


DATABASE_ROWS = [
    Row("open loop: due per second", "/s", _of("open_loop", "rate")),
    Row("open loop: errors", "", _errors("open_loop"), 0, True),
    Row("open loop: p50", "ms", _of("open_loop", "ms", "p50")),
    Row("open loop: p95", "ms", _of("open_loop", "ms", "p95")),
    Row("open loop: p99", "ms", _of("open_loop", "ms", "p99"), 60, True),
    Row("open loop: p99.9", "ms", _of("open_loop", "ms", "p99.9")),
    Row("open loop: CPU per save, web + database", "ms", _of("open_loop", "cpu_ms"), 0.15, True),
    Row("saturation", "saves/s", _of("saturation", "per_second"), 7_000),
    Row("saturation: errors", "", _errors("saturation"), 0, True),
    Row("saturation: p95", "ms", _of("saturation", "ms", "p95")),
    Row("saturation: CPU per save, web + database", "ms", _of("saturation", "cpu_ms"), 0.15, True),
    Row("limit: bare ASGI hello on the same server", "/s", _of("hello", "per_second")),
    Row("  its CPU per request, the yardstick of today", "ms", _of("hello", "cpu_ms")),
    Row("  saturation to that", "x", _times("saturation", "hello")),
    Row("limit: raw append, 100 rows a commit", "rows/s", _of("raw", "per_second")),
    Row("  responses at saturation to that", "x", _times("saturation", "raw", 2.0)),
    Row("baseline: ORM view, Django's ASGI handler", "saves/s", _of("own_handler", "per_second")),
    Row("  saturation to that", "x", _times("saturation", "own_handler")),
    Row("baseline: ORM view through the bridge", "saves/s", _of("through_bridge", "per_second")),
    Row("  saturation to that", "x", _times("saturation", "through_bridge")),
    Row("card sign-ins", "/s", _of("sign_in", "per_second"), 400),
    Row("card sign-ins: errors", "", _errors("sign_in"), 0, True),
    Row("openings", "/s", _of("open", "per_second")),
    Row("starts in their window: sent", "", _of("start", "n")),
    Row("starts in their window: window", "s", _of("start", "window")),
    Row("starts in their window: errors", "", _errors("start"), 0, True),
    Row("starts in their window: p95", "ms", _of("start", "ms", "p95"), 250, True),
    Row("hand-ins in 10 s: sent", "", _of("hand_in", "n")),
    Row("hand-ins in 10 s: errors", "", _errors("hand_in"), 0, True),
    Row("hand-ins in 10 s: p95", "ms", _of("hand_in", "ms", "p95")),
    Row("all sealed after the first hand-in", "s", _of("sealed_after"), 60, True),
    Row("save of one response, body, mean", "B", _of("one_response", "mean")),
    Row("save of one response, body, largest", "B", _of("one_response", "max"), 400, True),
    Row("acknowledged events that are not in the journal", "", _of("lost"), 0, True),
]

PHONE_ROWS = [
    Row("start tap to first item, paper on the phone: p50", "ms", _of("start", "p50")),
    Row("start tap to first item: slowest", "ms", _of("start", "max"), 1_000, True),
    Row("limit: one bare request from the same page: p50", "ms", _of("bare", "p50")),
    Row("first sitting, bodies without images: new phone", "KB", _of("cold"), 150, True),
    Row("  its headers", "KB", _of("cold_headers")),
    Row("first sitting, the next pupil on that phone", "KB", _of("warm"), 25, True),
    Row("  its headers", "KB", _of("warm_headers")),
]


def table(measured: dict[str, Figures], rows: list[Row]) -> str:
    """One line per row, with two columns for each of the measured: figure, and ratio to the goal."""
    names = list(measured)
    lines = [
        f"{'':<50}{'goal':>9}" + "".join(f"{name:>14}{'ratio':>8}" for name in names),
    ]
    for row in rows:
        sign = "" if row.goal is None else ("≤ " if row.at_most else "≥ ")
        goal = "" if row.goal is None else f"{sign}{row.goal:g}"
        line = f"{row.title:<50}{goal:>9}"
        for name in names:
            value = row.read(measured[name])
            line += f"{_figure(value, row.unit):>14}{_ratio(row, value):>8}"
        lines.append(line)
    return "\n".join(lines)


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    digits = 0 if value >= 1_000 or value == int(value) else 3 if value < 1 else 1
    return f"{value:,.{digits}f} {unit}".strip()


def _ratio(row: Row, value: float | None) -> str:
    ratio = row.ratio(value)
    if ratio is None:
        return ""
    if row.goal == 0:
        return "ok" if not value else "MISSED"
    return f"{ratio:.2f}" if ratio >= 1 else f"{ratio:.2f} !"
