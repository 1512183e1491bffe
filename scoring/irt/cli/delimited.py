"""Which rows does a spreadsheet's text file hold, whatever program wrote it?"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TextIO

from scoring.irt.cli.problems import Problem, at

DELIMITERS = (",", ";", "\t")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@contextmanager
def open_rows(path: Path, *, encoding: str = "utf-8") -> Iterator[Iterator[tuple[int, list[str]]]]:
    """The rows of a file with their line numbers as a spreadsheet shows them: (1, header), (2, …), …

    Comma, semicolon and tab as delimiters, a byte order mark, a first line such as `sep=;`, any line ends and
    quoted cells are all taken. Raises Problem where the file cannot be read as such a table.
    """
    with _open(path, encoding) as stream:
        yield _rows(path, stream, encoding)


def _open(path: Path, encoding: str) -> TextIO:
    if path.is_fifo() or path.is_char_device():
        raise Problem(f"{path}: is a pipe or a terminal; save the table to a file first")
    try:
        with path.open("rb") as raw:
            if raw.read(2) in _UTF_16:
                encoding = "utf-16"
        return path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="")
    except OSError as error:
        raise Problem(f"{path}: cannot be read: {error.strerror}") from None
    except LookupError:
        raise Problem(f'--encoding: "{encoding}" is not known; such as utf-8 or cp1250') from None


def _rows(path: Path, stream: TextIO, encoding: str) -> Iterator[tuple[int, list[str]]]:
    line = 0
    try:
        first = stream.readline()
        if first.lower().startswith("sep=") and len(first.rstrip("\r\n")) == 5:
            delimiter, lines = first[4], iter(stream)
        else:
            delimiter, lines = _delimiter(first), chain([first] if first else [], stream)
        for line, row in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), start=1):
            yield line, row
    except UnicodeError:
        raise Problem(
            f"{at(path, line=_undecodable_line(path, encoding))}: not {encoding} text. Save the file as "
            "CSV UTF-8, or name its encoding, such as --encoding cp1250"
        ) from None
    except csv.Error as error:
        raise Problem(
            f"{at(path, line=line + 1)}: a quotation mark is not closed or stands in the middle of a cell "
            f"({error}). Take it out, or double it inside a quoted cell"
        ) from None


def _delimiter(header: str) -> str:
    """The one that parts the header into most cells; a comma where there is but one column."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _undecodable_line(path: Path, encoding: str) -> int | None:
    """A stream decodes far ahead of the row being read, so the line is looked for once more."""
    with path.open("rb") as raw:
        for line, content in enumerate(raw, start=1):
            try:
                content.decode(encoding)
            except UnicodeError:
                return line
    return None
