"""How are item parameters kept in a spreadsheet's file, whoever estimated them?

One row an item: item, model, a, b, c, step_1, step_2, …, se_a, se_b, se_c, se_step_1, …; what an item does
not have is blank, and `item`, `a` and `b` are enough.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scoring.irt.cli import cells
from scoring.irt.cli.delimited import open_rows
from scoring.irt.cli.parameters import ItemRow, KnownItems, assembled
from scoring.irt.cli.problems import Problem, at

_NAN = float("nan")
_COLUMN = re.compile(r"item|model|a|b|c|se_[abc]|(?:se_)?step_[1-9]\d*")


def to_csv(items: KnownItems) -> str:
    """The table with a point in numbers and commas between cells; six significant digits."""
    parameters, errors = items.parameters, items.errors
    steps = [f"step_{number}" for number in range(1, parameters.max_categories)]
    if len(steps) == 1:
        steps = []
    header = [
        "item",
        "model",
        "a",
        "b",
        "c",
        *steps,
        "se_a",
        "se_b",
        "se_c",
        *(f"se_{name}" for name in steps),
    ]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    for place, name in enumerate(items.names):
        many = parameters.n_categories[place] > 2
        own = [*parameters.steps[place]] if many else [_NAN] * len(steps)
        own_errors = [*errors.steps[place]] if many else [_NAN] * len(steps)
        c = float(parameters.c[place])
        numbers = [parameters.a[place], parameters.b[place], c if c > 0 else _NAN, *own[: len(steps)]]
        numbers += [errors.a[place], errors.b[place], errors.c[place] if c > 0 else _NAN]
        numbers += own_errors[: len(steps)]
        writer.writerow([name, items.models[place], *("" if np.isnan(x) else f"{x:.6g}" for x in numbers)])
    return stream.getvalue()


def from_csv(path: Path, *, encoding: str = "utf-8") -> KnownItems:
    """The items in a file; raises Problem naming line and column of whatever does not fit."""
    with open_rows(path, encoding=encoding) as lines:
        _, first = next(lines, (1, []))
        header = _header(path, first)
        rows = [_row(path, line, header, row) for line, row in lines if any(map(str.strip, row))]
    seen: set[str] = set()
    for row in rows:
        if row.name in seen:
            raise Problem(f'{row.place}: "{row.name}" stands there twice')
        seen.add(row.name)
    models, parameters, errors = assembled(rows, path)
    return KnownItems(
        names=tuple(row.name for row in rows), models=models, parameters=parameters, errors=errors
    )


def _header(path: Path, first: Sequence[str]) -> list[str]:
    header = [name.strip().lower() for name in first]
    while header and not header[-1]:
        header.pop()
    unknown = [name for name in header if not _COLUMN.fullmatch(name)]
    if unknown or len(set(header)) < len(header) or not {"item", "a", "b"} <= set(header):
        what = f'"{unknown[0]}" is none of them' if unknown else "item, a and b have to be there, each once"
        raise Problem(
            f"{at(path, line=1)}: a file of item parameters has the columns item, model, a, b, c, step_1, "
            f"step_2, …, se_a, se_b, se_c, se_step_1, …; {what}"
        )
    return header


def _row(path: Path, line: int, header: list[str], row: list[str]) -> ItemRow:
    cell = {name: text.strip() for name, text in zip(header, row, strict=False)}
    place = at(path, line=line)
    if len(row) < len(header) or any(map(str.strip, row[len(header) :])):
        raise Problem(f"{place}: {len(row)} cells, but the header names {len(header)} columns")
    if not cell["item"]:
        raise Problem(f'{place}, column "item": the item has no name')

    def number(name: str, otherwise: float | None) -> float:
        text = cell.get(name, "")
        if otherwise is not None and text.lower() in ("", "na"):
            return otherwise
        try:
            return cells.number(text)
        except ValueError:
            shown = cells.shortened(text) or "blank"
            raise Problem(f"{at(path, line=line, column=name)}: expected a number, not {shown}") from None

    def numbers(prefix: str) -> tuple[float, ...]:
        names = (f"{prefix}{count}" for count in range(1, len(header)))
        found = [number(name, _NAN) for name in names if name in cell]
        own = [value for value in found if not np.isnan(value)]
        if np.isnan(found[: len(own)]).any():
            raise Problem(f'{place}, column "{prefix}1" and on: a step is missing before a later one')
        return tuple(own)

    return ItemRow(
        place=place,
        name=cell["item"],
        model=cell.get("model", "").lower() or None,
        a=number("a", None),
        b=number("b", None),
        c=number("c", 0.0),
        steps=numbers("step_"),
        se_a=number("se_a", _NAN),
        se_b=number("se_b", _NAN),
        se_c=number("se_c", _NAN),
        se_steps=numbers("se_step_"),
    )
