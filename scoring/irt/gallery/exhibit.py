"""What is one exhibit: figures computed here beside published ones, with pictures and the source?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.report.markup import MINUS, Markup, element, joined, text
from scoring.irt.report.page import Section, paragraph
from scoring.irt.report.table import Column, table


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure, or the furthest of several, beside the published one, from which it may be `limit` apart."""

    name: str
    here: str
    published: str
    apart: float
    limit: float

    @property
    def agrees(self) -> bool:
        return bool(self.apart <= self.limit)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A part of the gallery; `source` says where the published figures come from."""

    slug: str
    title: str
    lead: str
    source: str
    compared: tuple[Compared, ...]
    pictures: Markup
    simulated: bool = False

    def section(self) -> Section:
        return Section(
            self.slug,
            self.title,
            joined(
                paragraph(self.lead, "lead"),
                self.pictures,
                self._table(),
                paragraph(f"Source: {self.source}", "small muted source"),
            ),
        )

    def _table(self) -> Markup:
        """What is simulated has limits to lie between; what is published, a figure to be near to."""
        columns = [Column("Figure", words=True), Column("Here")]
        if self.simulated:
            columns += [Column("Expected"), Column("Agrees")]
        else:
            columns += [Column("Published"), Column("Apart"), Column("Allowed"), Column("Agrees")]
        rows = []
        for one in self.compared:
            distance = [] if self.simulated else [text(_small(one.apart)), text(_small(one.limit))]
            rows.append(
                [text(one.name), text(one.here), text(one.published), *distance, _verdict(one.agrees)]
            )
        return table(
            f"{self.slug}-figures", f"{self.title}, computed when this page was written.", columns, rows
        )


def compared(
    name: str, here: float, published: float, *, digits: int, limit: float | None = None
) -> Compared:
    """One figure, by default to be equal when rounded to `digits` decimals."""
    allowed = 0.51 * 10.0**-digits if limit is None else limit
    return Compared(
        name, _number(here, digits), _number(published, digits), abs(float(here) - float(published)), allowed
    )


def furthest(name: str, here: ArrayLike, published: ArrayLike, *, limit: float) -> Compared:
    """Many figures by the largest of their differences."""
    mine, theirs = np.asarray(here, dtype=np.float64), np.asarray(published, dtype=np.float64)
    if mine.shape != theirs.shape:
        raise ValueError(f"{name}: {mine.shape} figures here, {theirs.shape} published")
    apart = float(np.abs(mine - theirs).max())
    return Compared(name, f"{mine.size} figures", f"{theirs.size} figures", apart, limit)


def within(name: str, here: float, low: float, high: float, *, digits: int) -> Compared:
    """A figure of a simulation, which theory places between two limits."""
    beyond = max(low - here, here - high, 0.0)
    expected = f"{_number(low, digits)} to {_number(high, digits)}"
    return Compared(name, _number(here, digits), expected, beyond, 0.0)


def figure(title: str, picture: Markup) -> Markup:
    return element("figure", element("figcaption", element("b", text(title))), picture)


def pair(*figures: Markup) -> Markup:
    return element("div", *figures, class_="pair")


def load(fixtures: Path, name: str) -> dict[str, Any]:
    """A reference file; ValueError naming what is missing."""
    path = fixtures / f"{name}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ValueError(f"{path} is missing; name the folder of reference data with --fixtures") from None
    return found


def numbers(values: Sequence[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", MINUS)


def _small(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}".replace("e-0", "e-").replace("-", MINUS)


def _verdict(agrees: bool) -> Markup:
    return element(
        "span", text("yes" if agrees else "NO"), class_="flag flag--good" if agrees else "flag flag--grave"
    )
