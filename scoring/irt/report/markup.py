"""How is a piece of HTML or SVG written so that no name can break out of it?"""

from __future__ import annotations

from html import escape
from typing import NewType

import numpy as np

Markup = NewType("Markup", str)  # text that may stand in a page as it is

MINUS = "−"
NOTHING = "–"  # a statistic that does not exist


def element(tag: str, *content: Markup, **attributes: object) -> Markup:
    """`<tag …>content</tag>`. Attributes are escaped, and left out where None.

    An underscore in their names becomes a hyphen; one at the end keeps off Python's own words (`class_`).
    """
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(content)
    return Markup(f"<{tag}{told}>{inside}</{tag}>")


def text(value: object) -> Markup:
    return Markup(escape(str(value), quote=False))


def joined(*parts: Markup) -> Markup:
    return Markup("".join(parts))


def decimal(value: float, digits: int = 2) -> str:
    """A number for people: a true minus sign, no minus before zero, a dash where there is none."""
    if not np.isfinite(value):
        return NOTHING
    written = f"{value:.{digits}f}"
    if float(written) == 0:
        written = written.lstrip("-")
    return written.replace("-", MINUS)


def probability(value: float) -> str:
    """A p-value: three digits, and no more zeros than a reader can tell apart."""
    if not np.isfinite(value):
        return NOTHING
    return "< .001" if value < 0.001 else f"{value:.3f}".replace("0.", ".", 1)


def whole(value: float) -> str:
    """A count with thin spaces between thousands."""
    return f"{round(value):,}".replace(",", "\u202f").replace("-", MINUS)
