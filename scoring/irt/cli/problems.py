"""What is wrong with what the analyst gave us, where, and what helps?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scoring.irt.report.names import named


class Problem(ValueError):
    """A mistake the analyst can mend; its text says where and how, and nothing else is shown."""


def at(path: Path, *, line: int | None = None, column: str | None = None) -> str:
    """The place as a person finds it in a spreadsheet: lines count from 1, columns go by their header."""
    place = path.name
    if line is not None:
        place += f", line {line}"
    if column is not None:
        place += f', column "{column}"'
    return place


def column_letter(position: int) -> str:
    """The letters a spreadsheet shows above column `position`, which counts from 0: A, B, …, Z, AA, …"""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@contextmanager
def told_by_name(items: Sequence[str]) -> Iterator[None]:
    """What the engine refuses, told to the analyst with the items' names instead of their numbers."""
    try:
        yield
    except Problem:
        raise
    except ValueError as error:
        raise Problem(named(str(error), items)) from None
