"""Do the items lie where the candidates are?

The item-person map of Wright & Stone (1979): one scale, candidates to its left, items to its right. An item
of more than two categories stands there once for each of its steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scoring.irt.report.markup import MINUS, Markup
from scoring.irt.report.plot import Margins, Plot, both_widths
from scoring.irt.types import FloatArray, ItemParameters

_ROW = 0.25  # of the scale, in each row of the map
_FURTHEST = 5  # what lies beyond is shown at the ends
_ROW_HEIGHT = 15.0


@dataclass(frozen=True, slots=True)
class _Layout:
    """Widths in pixels: the whole, the candidates' part, one label with the gap behind it."""

    width: float
    people: float
    label: float

    @property
    def items(self) -> float:
        """Where the items begin, beyond the scale."""
        return self.people + 42

    @property
    def in_a_row(self) -> int:
        return int((self.width - self.items) // self.label)


_LETTER, _GAP = 6.8, 12.0


class _Content(NamedTuple):
    """Each row's share of the candidates and its labels, from `low` upwards."""

    low: int
    share: FloatArray
    labels: list[list[str]]
    words: str

    @property
    def high(self) -> int:
        return self.low + round(len(self.labels) * _ROW)


def wright_map(slug: str, names: Sequence[str], parameters: ItemParameters, theta: FloatArray) -> Markup:
    """The map of J items called `names` and the ability estimates (N,) of candidates."""
    marks = _marks(names, parameters)
    content = _content(marks, theta)
    label = max((len(label) for _, label in marks), default=1) * _LETTER + _GAP
    narrow, wide = _Layout(340, 80, min(label, 108)), _Layout(960, 260, min(label, 160))
    return both_widths(_drawn(slug, narrow, content), _drawn(f"{slug}-wide", wide, content))


def _marks(names: Sequence[str], parameters: ItemParameters) -> list[tuple[float, str]]:
    """Every step's difficulty and label."""
    marks = []
    for item, name in enumerate(names):
        n_steps = int(parameters.n_categories[item]) - 1
        for step in range(n_steps):
            label = name if n_steps == 1 else f"{name}.{step + 1}"
            marks.append((float(parameters.b[item] + parameters.steps[item, step]), label))
    return sorted(marks)


def _content(marks: list[tuple[float, str]], theta: FloatArray) -> _Content:
    everything = np.append([difficulty for difficulty, _ in marks], theta)
    low = max(int(np.floor(everything.min(initial=0.0))), -_FURTHEST)
    high = max(min(int(np.ceil(everything.max(initial=0.0))), _FURTHEST), low + 1)
    n_rows = round((high - low) / _ROW)

    def rows(values: FloatArray) -> FloatArray:
        return np.clip((values - low) // _ROW, 0, n_rows - 1)

    counts = np.bincount(rows(theta).astype(np.int64), minlength=n_rows)
    labels: list[list[str]] = [[] for _ in range(n_rows)]
    for difficulty, label in marks:
        labels[int(rows(np.array(difficulty)))].append(label)
    mean = float(theta.mean()) if theta.size else 0.0
    words = f"{theta.size} candidates, on average at {mean:.2f}; {len(marks)} items and steps."
    return _Content(low, counts / max(counts.max(initial=0), 1), labels, words)


def _drawn(slug: str, layout: _Layout, content: _Content) -> Markup:
    plot = Plot(
        slug,
        title="Candidates and items on one scale",
        description=content.words,
        x=(0.0, 1.0),
        y=(content.low, content.high),
        size=(layout.width, len(content.labels) * _ROW_HEIGHT + 34),
        margins=Margins(top=26, right=layout.width - layout.people, bottom=8, left=4),
    )
    plot.label(layout.people, 12, "candidates", anchor="end", class_="name")
    plot.label(layout.items, 12, "items", class_="name")
    for value in range(content.low, content.high + 1):
        at = plot.y.at(value)
        plot.hairline(layout.people, at, layout.width, at)
        plot.label(
            layout.items - 12, at + 4, f"{value}".replace("-", MINUS), anchor="end", class_="tick on-line"
        )
    for row, (part, labels) in enumerate(zip(content.share, content.labels, strict=True)):
        middle = content.low + (row + 0.5) * _ROW
        if part > 0:
            plot.bar_leftwards(middle, float(part), _ROW_HEIGHT - 3)
        _row_of_items(plot, labels, layout, plot.y.at(middle) + 4)
    return plot.svg()


def _row_of_items(plot: Plot, labels: Sequence[str], layout: _Layout, y: float) -> None:
    longest = int((layout.label - _GAP) / _LETTER + 0.01)
    all_fit = len(labels) <= layout.in_a_row
    shown = labels if all_fit else labels[: layout.in_a_row - 1]
    for place, label in enumerate(shown):
        # Names mostly differ at their ends.
        words = label if len(label) <= longest else "…" + label[1 - longest :]
        plot.label(layout.items + place * layout.label, y, words, class_="mark")
    if not all_fit:
        more = f"+{len(labels) - len(shown)}"
        plot.label(layout.items + len(shown) * layout.label, y, more, class_="tick")
