"""Which candidates gave which responses to which items, as a spreadsheet's file says?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np

from scoring.irt.cli import cells
from scoring.irt.cli.delimited import open_rows
from scoring.irt.cli.problems import Problem, at, column_letter
from scoring.irt.types import FloatArray, ResponseArray

CANDIDATE = "candidate"
_CHUNK = 8192  # rows at a time: what Python objects they are made of is soon forgotten

_Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns are no items: their headers as the analyst named them.

    passed_over  columns that are ignored too, but need not be there
    """

    group: str | None = None
    covariates: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    candidate: str = CANDIDATE


@dataclass(frozen=True, slots=True, eq=False)
class ResponseTable:
    """Responses of N candidates to J items.

    candidates  N names; "line 7" where the file has no column of candidates
    items       J headers
    responses   (N, J)  codes: 0 and above the category, -1 not presented, -2 omitted, -3 not reached
    groups      N labels, or None
    covariates  (N, P), or None
    lines       (N,)  where each candidate stands in the file
    """

    path: Path
    candidates: tuple[str, ...]
    items: tuple[str, ...]
    responses: ResponseArray
    groups: tuple[str, ...] | None
    covariates: FloatArray | None
    lines: Sequence[int]

    def place(self, candidate: int, item: int) -> str:
        return at(self.path, line=self.lines[candidate], column=self.items[item])


@dataclass(frozen=True, slots=True)
class _Layout:
    """Positions of the columns of each kind, and the headers of all."""

    header: tuple[str, ...]
    candidate: int | None
    group: int | None
    covariates: tuple[int, ...]
    items: tuple[int, ...]


def read_responses(path: Path, columns: Columns = Columns(), *, encoding: str = "utf-8") -> ResponseTable:
    """The table in a file: one row a candidate, one column an item, the first row naming the columns.

    Raises Problem with line, column and remedy at the first cell that cannot be meant.
    """
    with open_rows(path, encoding=encoding) as rows:
        layout = _layout(path, next(rows, None), columns)
        reader = _Reader(path, layout)
        filled = ((line, row) for line, row in rows if any(map(str.strip, row)))
        while chunk := list(islice(filled, _CHUNK)):
            reader.take(chunk)
    return reader.table()


def _layout(path: Path, first: _Row | None, columns: Columns) -> _Layout:
    header = [name.strip() for name in first[1]] if first else []
    while header and not header[-1]:
        header.pop()
    if not header:
        raise Problem(
            f"{path.name}: nothing in the first line. It has to name the columns: candidate, then the items"
        )
    _check_names(path, header)
    candidate = next((place for place, name in enumerate(header) if _same(name, columns.candidate)), None)
    if candidate is None and columns.candidate != CANDIDATE:
        raise _no_column(path, columns.candidate, "--candidate", header)
    group = None if columns.group is None else _position(path, header, columns.group, "--group")
    covariates = tuple(_position(path, header, name, "--covariates") for name in columns.covariates)
    ignored = {_position(path, header, name, "--ignore") for name in columns.ignored}
    ignored |= {header.index(name) for name in columns.passed_over if name in header}
    other: Collection[int | None] = {candidate, group, *covariates, *ignored}
    items = tuple(place for place in range(len(header)) if place not in other)
    if not items:
        raise Problem(f"{path.name}, line 1: no column is left for items; the columns are {_list(header)}")
    return _Layout(tuple(header), candidate, group, covariates, items)


def _check_names(path: Path, header: list[str]) -> None:
    first_at: dict[str, int] = {}
    for position, name in enumerate(header):
        if not name:
            raise Problem(f"{at(path, line=1)}: column {column_letter(position)} has no name; give it one")
        if name in first_at:
            letters = f"{column_letter(first_at[name])} and {column_letter(position)}"
            nameless = all(text.lstrip("-").isdecimal() for text in header)
            remedy = "The first line has to name the columns" if nameless else "Rename or delete one of them"
            raise Problem(f'{at(path, line=1)}: columns {letters} are both called "{name}". {remedy}')
        first_at[name] = position


def _position(path: Path, header: list[str], name: str, option: str) -> int:
    if name not in header:
        raise _no_column(path, name, option, header)
    return header.index(name)


def _no_column(path: Path, name: str, option: str, header: list[str]) -> Problem:
    return Problem(
        f'{path.name}, line 1: no column is called "{name}" ({option}); the columns are {_list(header)}'
    )


def _same(name: str, wanted: str) -> bool:
    return name == wanted or (wanted == CANDIDATE and name.lower() == CANDIDATE)


def _list(names: list[str], most: int = 8) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown}, … ({len(names)} in all)"


class _Reader:
    """Takes rows in, chunk by chunk, and gives the table when all are in."""

    def __init__(self, path: Path, layout: _Layout) -> None:
        self.path = path
        self.layout = layout
        self.code_of = cells.CategoryOf()
        self.line_of: dict[str, int] = {}
        self.lines: list[int] = []
        self.groups: list[str] = []
        self.responses: list[ResponseArray] = []
        self.covariates: list[FloatArray] = []

    def take(self, chunk: list[_Row]) -> None:
        for line, row in chunk:
            self._check_width(line, row)
            self._take_names(line, row)
        self.lines += [line for line, _ in chunk]
        self.responses.append(self._codes(chunk))
        if self.layout.covariates:
            self.covariates.append(np.array([self._numbers(line, row) for line, row in chunk]))

    def table(self) -> ResponseTable:
        if not self.lines:
            raise Problem(f"{self.path.name}: a header, but no candidate below it")
        layout = self.layout
        return ResponseTable(
            path=self.path,
            candidates=tuple(self.line_of),
            items=tuple(layout.header[place] for place in layout.items),
            responses=np.concatenate(self.responses),
            groups=tuple(self.groups) if layout.group is not None else None,
            covariates=np.concatenate(self.covariates) if layout.covariates else None,
            lines=self.lines,
        )

    def _check_width(self, line: int, row: list[str]) -> None:
        width = len(self.layout.header)
        if len(row) == width or (len(row) > width and not any(map(str.strip, row[width:]))):
            return
        raise Problem(
            f"{at(self.path, line=line)}: {len(row)} cells, but the header names {width} columns. "
            "Look for a missing or surplus delimiter, or for one inside a cell without quotation marks"
        )

    def _take_names(self, line: int, row: list[str]) -> None:
        layout = self.layout
        name = f"line {line}" if layout.candidate is None else row[layout.candidate].strip()
        if not name:
            raise self._problem(line, layout.candidate, "the candidate has no name; give one")
        if name in self.line_of:
            text = f'"{name}" stands in line {self.line_of[name]} already. Every candidate has one row'
            raise self._problem(line, layout.candidate, text)
        self.line_of[name] = line
        if layout.group is not None:
            label = row[layout.group].strip()
            if not label:
                text = "the group is blank. Give one to every candidate, or leave --group out"
                raise self._problem(line, layout.group, text)
            self.groups.append(label)

    def _codes(self, chunk: list[_Row]) -> ResponseArray:
        items = self.layout.items
        # Items mostly stand side by side, and a slice is far quicker than picking them out one by one.
        first, beyond = items[0], items[-1] + 1
        together = len(items) == beyond - first
        picked = (row[first:beyond] if together else [row[place] for place in items] for _, row in chunk)
        codes = map(self.code_of.__getitem__, chain.from_iterable(picked))
        try:
            flat: ResponseArray = np.fromiter(codes, dtype=np.int8, count=len(chunk) * len(items))
        except ValueError:
            raise self._first_problem(chunk) from None
        return flat.reshape(len(chunk), len(items))

    def _first_problem(self, chunk: list[_Row]) -> Problem:
        for line, row, position in self._item_cells(chunk):
            try:
                cells.category(row[position])
            except ValueError as error:
                return self._problem(line, position, str(error))
        raise AssertionError("a cell was refused a moment ago")

    def _item_cells(self, chunk: list[_Row]) -> Iterator[tuple[int, list[str], int]]:
        return ((line, row, position) for line, row in chunk for position in self.layout.items)

    def _numbers(self, line: int, row: list[str]) -> list[float]:
        return [self._number(line, row, position) for position in self.layout.covariates]

    def _number(self, line: int, row: list[str], position: int) -> float:
        try:
            return cells.number(row[position])
        except ValueError:
            shown = cells.shortened(row[position]) or "blank"
            text = f"a covariate has to be a number, not {shown}. Code words as 0 and 1, and fill blanks"
            raise self._problem(line, position, text) from None

    def _problem(self, line: int, position: int | None, text: str) -> Problem:
        column = None if position is None else self.layout.header[position]
        return Problem(f"{at(self.path, line=line, column=column)}: {text}")
