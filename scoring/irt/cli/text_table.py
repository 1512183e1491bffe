"""How does a table look in a terminal?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Columns as wide as they need; the first `left` of them start, the others end at one edge."""
    lines = [list(header), *map(list, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]

    def laid_out(line: Sequence[str]) -> str:
        cells = (
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return "\n".join(laid_out(line) for line in lines)


def figure(value: float, digits: int = 3) -> str:
    """A number, blank where there is none."""
    return f"{value:.{digits}f}" if np.isfinite(value) else ""
