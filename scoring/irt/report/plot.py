"""How do numbers become lines, points and bars of an inline SVG picture?

Colours and type come from classes that page.css gives, so a picture follows the page into the dark and onto
paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.report.markup import Markup, decimal, element, joined, text
from scoring.irt.types import FloatArray

Anchor = Literal["start", "middle", "end"]


class Margins(NamedTuple):
    top: float = 10.0
    right: float = 10.0
    bottom: float = 34.0
    left: float = 36.0


SMALL = Margins()


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of values laid along a range of pixels; the second may run downwards."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, values: ArrayLike) -> FloatArray:
        share = (np.asarray(values, dtype=np.float64) - self.low) / (self.high - self.low)
        return np.asarray(self.start + share * (self.end - self.start))

    def at(self, value: float) -> float:
        return float(self(value))


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from low to high, at most `most`: steps of 1, 2 or 5 times a power of ten."""
    span = (high - low) / max(most - 1, 1)
    power = 10.0 ** np.floor(np.log10(span))
    step = next(factor * power for factor in (1, 2, 5, 10, 20) if _count(low, high, factor * power) <= most)
    return [float(count * step) for count in range(int(np.ceil(low / step - 1e-9)), _last(high, step) + 1)]


def _last(high: float, step: float) -> int:
    return int(np.floor(high / step + 1e-9))


def _count(low: float, high: float, step: float) -> int:
    return _last(high, step) - int(np.ceil(low / step - 1e-9)) + 1


class Plot:
    """One picture with its two axes, to which marks are added in the order of drawing."""

    def __init__(
        self,
        name: str,
        *,
        title: str,
        description: str,
        x: tuple[float, float],
        y: tuple[float, float],
        size: tuple[float, float] = (300.0, 200.0),
        margins: Margins = SMALL,
        class_: str = "plot",
    ) -> None:
        self.width, self.height = size
        self.margins = margins
        self.x = Axis(*x, margins.left, self.width - margins.right)
        self.y = Axis(*y, self.height - margins.bottom, margins.top)
        self._name, self._class = f"picture-{name}", class_
        self._words = (title, description)
        self._parts: list[Markup] = []

    def add(self, *parts: Markup) -> None:
        self._parts.extend(parts)

    def x_axis(self, label: str = "", *, most: int = 7, digits: int | None = None) -> None:
        """Ticks and a label below; hairlines upwards through the picture."""
        bottom, top = self.y.start, self.y.end
        places = ticks(self.x.low, self.x.high, most)
        for value in places:
            at = self.x.at(value)
            self.add(_line(at, bottom, at, top, "grid"))
            self.label(at, bottom + 14, _tick(value, places, digits), anchor="middle", class_="tick")
        self.add(_line(self.x.start, bottom, self.x.end, bottom, "axis"))
        if label:
            self.label((self.x.start + self.x.end) / 2, bottom + 29, label, anchor="middle", class_="name")

    def y_axis(self, label: str = "", *, most: int = 6, digits: int | None = None) -> None:
        """Ticks to the left, the label above them; hairlines to the right through the picture."""
        places = ticks(self.y.low, self.y.high, most)
        for value in places:
            at = self.y.at(value)
            self.add(_line(self.x.start, at, self.x.end, at, "grid"))
            self.label(self.x.start - 6, at + 4, _tick(value, places, digits), anchor="end", class_="tick")
        if label:
            self.label(2, self.y.end - 8, label, class_="name")

    def line(self, x: ArrayLike, y: ArrayLike, class_: str = "curve") -> None:
        self.add(element("path", d=_path(self.x(x), self.y(y)), class_=class_))

    def area(self, x: ArrayLike, y: ArrayLike, class_: str = "area", *, floor: float | None = None) -> None:
        """The area between a line and `floor`, the bottom by default."""
        across, upward = self.x(x), self.y(y)
        base = self.y.at(self.y.low if floor is None else floor)
        closed = f"L{_px(across[-1])} {_px(base)}L{_px(across[0])} {_px(base)}Z"
        self.add(element("path", d=_path(across, upward) + closed, class_=class_))

    def band(self, x: ArrayLike, low: ArrayLike, high: ArrayLike, class_: str = "band") -> None:
        across = self.x(x)
        there = _path(across, self.y(high))
        back = _path(across[::-1], self.y(low)[::-1]).replace("M", "L", 1)
        self.add(element("path", d=f"{there}{back}Z", class_=class_))

    def points(self, x: ArrayLike, y: ArrayLike, radius: ArrayLike = 2.5, class_: str = "point") -> None:
        across, upward = self.x(np.atleast_1d(x)), self.y(np.atleast_1d(y))
        sizes = np.broadcast_to(np.asarray(radius, dtype=np.float64), across.shape)
        dots = (
            element("circle", cx=_px(cx), cy=_px(cy), r=_px(r))
            for cx, cy, r in zip(across, upward, sizes, strict=True)
            if np.isfinite(cx + cy)
        )
        self.add(element("g", *dots, class_=class_))

    def columns(self, edges: ArrayLike, heights: ArrayLike, class_: str = "column") -> None:
        """A histogram: one column between two neighbouring edges, from the bottom up."""
        across, tops = self.x(edges), self.y(heights)
        bars = (
            element("rect", x=_px(left + 0.5), y=_px(top), width=_px(max(right - left - 1, 0.5)),
                    height=_px(self.y.start - top))
            for left, right, top in zip(across[:-1], across[1:], tops, strict=True)
            if self.y.start - top > 0.05
        )  # fmt: skip
        self.add(element("g", *bars, class_=class_))

    def hairline(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A line of the grid between two places in pixels."""
        self.add(_line(x1, y1, x2, y2, "grid"))

    def bar_leftwards(self, y: float, share: float, thickness: float, class_: str = "column") -> None:
        """A bar from the right edge towards the left, at height y, over this share of the width."""
        length = share * (self.x.end - self.x.start)
        self.add(
            element(
                "rect",
                x=_px(self.x.end - length),
                y=_px(self.y.at(y) - thickness / 2),
                width=_px(length),
                height=_px(thickness),
                class_=class_,
            )
        )

    def rule(self, *, x: float | None = None, y: float | None = None, class_: str = "rule") -> None:
        """A line right across at one value."""
        if x is not None:
            self.add(_line(self.x.at(x), self.y.start, self.x.at(x), self.y.end, class_))
        if y is not None:
            self.add(_line(self.x.start, self.y.at(y), self.x.end, self.y.at(y), class_))

    def label(
        self, x: float, y: float, words: str, *, anchor: Anchor = "start", class_: str = "label"
    ) -> None:
        """Words at a place in pixels."""
        shift = None if anchor == "start" else anchor
        self.add(element("text", text(words), x=_px(x), y=_px(y), text_anchor=shift, class_=class_))

    def svg(self) -> Markup:
        title, description = self._words
        return element(
            "svg",
            element("title", text(title), id=f"{self._name}-title"),
            element("desc", text(description), id=f"{self._name}-desc"),
            *self._parts,
            viewBox=f"0 0 {_px(self.width)} {_px(self.height)}",
            role="img",
            aria_labelledby=f"{self._name}-title {self._name}-desc",
            class_=self._class,
        )


def both_widths(narrow: Markup, wide: Markup) -> Markup:
    """A picture drawn for a phone and one for a desk or paper; the style sheet shows one of them."""
    return joined(element("div", narrow, class_="narrow"), element("div", wide, class_="wide"))


def _path(x: FloatArray, y: FloatArray) -> str:
    """A polyline; where a value is not finite the pen is lifted."""
    written, down = [], False
    for across, upward in zip(x, y, strict=True):
        if not np.isfinite(across + upward):
            down = False
            continue
        written.append(f"{'L' if down else 'M'}{_px(across)} {_px(upward)}")
        down = True
    return "".join(written)


def _line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return element("path", d=f"M{_px(x1)} {_px(y1)}L{_px(x2)} {_px(y2)}", class_=class_)


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _tick(value: float, places: list[float], digits: int | None) -> str:
    if digits is None:
        step = places[1] - places[0] if len(places) > 1 else 1.0
        digits = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    return decimal(value, digits)
