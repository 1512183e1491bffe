"""What does one cell of a response table say?"""

from __future__ import annotations

from scoring.irt.types import NOT_PRESENTED, NOT_REACHED

MAX_CATEGORY = 30  # beyond it a column is far more likely an age or a school number than an item

_BLANK = {"", "na"}  # R writes NA where nothing is
_MINUS = str.maketrans({"−": "-", "–": "-", "\u00a0": " "})


def is_blank(cell: str) -> bool:
    return not cell or not cell.translate(_MINUS).strip()


def number(cell: str) -> float:
    """The finite number in a cell, with a decimal point or comma; ValueError if there is none."""
    text = cell.translate(_MINUS).strip()
    if "." not in text and text.count(",") == 1:
        text = text.replace(",", ".")
    if "_" in text:  # which Python would take for a separator
        raise ValueError("no number")
    value = float(text)
    if not abs(value) < float("inf"):
        raise ValueError("not finite")
    return value


def category(cell: str) -> int:
    """The response code of a cell: -3 to -1 or a category; blank and NA are -1, `1,0` and `1.0` are 1.

    Raises ValueError whose text says what is wrong with the cell and what helps.
    """
    if cell.translate(_MINUS).strip().lower() in _BLANK:
        return NOT_PRESENTED
    try:
        value = number(cell)
    except ValueError:
        raise ValueError(
            f'"{shortened(cell)}" is not a response. Write the category as a whole number from 0; leave the '
            "cell blank if the item was not presented; -2 says it was omitted, -3 it was not reached. If "
            "this column is no item, name it with --group, --covariates or --ignore"
        ) from None
    if value != int(value):
        raise ValueError(
            f"{shortened(cell)} is not a whole number. Categories count 0, 1, 2, …: where half points were "
            "given, write 0, 1, 2 for 0, ½ and 1"
        )
    if value < NOT_REACHED:
        raise ValueError(
            f"{shortened(cell)} is no code. Below 0 there are -1 not presented, -2 omitted, -3 not reached"
        )
    if value > MAX_CATEGORY:
        raise ValueError(
            f"{shortened(cell)} is more than the highest category, {MAX_CATEGORY}. If the column is no item, "
            "name it with --group, --covariates or --ignore"
        )
    return int(value)


def shortened(cell: str, length: int = 24) -> str:
    text = " ".join(cell.split())
    return text if len(text) <= length else text[: length - 1] + "…"


class CategoryOf(dict[str, int]):
    """Codes of the spellings met so far: a table has millions of cells and a handful of spellings."""

    def __missing__(self, cell: str) -> int:
        code = category(cell)
        self[cell] = code
        return code
