"""How does a table look that a screen reader can read cell by cell and a phone can scroll?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.irt.report.markup import Markup, element, joined, text


@dataclass(frozen=True, slots=True)
class Column:
    """`title` stands above; `explained` is shown where a pointer rests. `words`: text, not figures."""

    title: str
    explained: str = ""
    words: bool = False


def table(
    slug: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Markup]],
    *,
    sticky: bool = False,
) -> Markup:
    """A table whose first cell in each row is that row's header; `sticky` keeps it in sight.

    It scrolls by itself where the page is narrower, also by keyboard.
    """
    head = element("tr", *(_head(column) for column in columns))
    body = [element("tr", *_cells(columns, row)) for row in rows]
    # Not a <caption>: that would be as wide as the table and scroll out of sight with it.
    name = f"{slug}-caption"
    whole = element(
        "table",
        element("thead", head),
        element("tbody", *body),
        aria_labelledby=name,
        class_="sticky" if sticky else None,
    )
    scrolling = element("div", whole, class_="scroll", role="region", tabindex="0", aria_labelledby=name)
    return joined(element("p", text(caption), id=name, class_="caption"), scrolling)


def _head(column: Column) -> Markup:
    return element(
        "th",
        text(column.title),
        scope="col",
        title=column.explained or None,
        class_="words" if column.words else None,
    )


def _cells(columns: Sequence[Column], row: Sequence[Markup]) -> list[Markup]:
    pairs = list(zip(columns, row, strict=True))
    first = element("th", pairs[0][1], scope="row", class_="words" if pairs[0][0].words else None)
    return [
        first,
        *(element("td", cell, class_="words" if column.words else None) for column, cell in pairs[1:]),
    ]


def with_error(value: str, error: str) -> Markup:
    """`1.02 ±0.05`, the error set back."""
    return joined(text(value), Markup(" "), element("span", text(f"±{error}"), class_="se"))
