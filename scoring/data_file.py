"""How is a data file read so that a mistake in it is named by file, place and remedy?"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


class DataFileError(ValueError):
    """A data file that cannot be used; the text names the file, the place in it and what to write instead."""

    def __init__(self, path: Path, place: str, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {place}: {problem}. {remedy}")
        self.path = path
        self.place = place
        self.problem = problem
        self.remedy = remedy


class Table:
    """A TOML table that knows where it stands, so its getters can say what is wrong and where."""

    def __init__(self, path: Path, place: str, values: dict[str, Any]) -> None:
        self.path = path
        self.place = place
        self.values = values

    def error(self, key: str, problem: str, remedy: str) -> DataFileError:
        place = f"{self.place}, {key}" if self.place else key
        return DataFileError(self.path, place, problem, remedy)

    def get(self, key: str, kind: type[Any], remedy: str) -> Any:
        """The value of `key`, of exactly this type: TOML converts nothing, so neither do we."""
        if key not in self.values:
            raise self.error(key, "is missing", remedy)
        value = self.values[key]
        if type(value) is not kind:
            raise self.error(key, f"is {value!r}", remedy)
        return value

    def tables(self, key: str) -> list[Table]:
        """The tables [[key]], at least one."""
        rows = self.values.get(key)
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise self.error(key, "is missing or empty", f"Add at least one [[{key}]] table.")
        return [Table(self.path, f"[[{key}]] number {n}", row) for n, row in enumerate(rows, start=1)]


def read_table(path: Path) -> Table:
    """The whole file; raises DataFileError when it is absent, not UTF-8 or not TOML."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataFileError(path, "file", "does not exist", "Restore it or correct the path.") from None
    except UnicodeDecodeError as fault:
        place = f"byte {fault.start}"
        raise DataFileError(path, place, "is not UTF-8", "Save the file as UTF-8.") from fault
    except tomllib.TOMLDecodeError as fault:
        raise DataFileError(path, "syntax", str(fault), "Correct the TOML at that line.") from fault
    return Table(path, "", values)
