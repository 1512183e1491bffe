"""How do stored outcomes become the engine's response codes? The only bridge from rows to matrices.

Codes: 0 and above the category, -1 not presented, -2 omitted, -3 not reached. Half-points are recoded to the
consecutive categories the model needs. A text that waits for a mark says nothing yet about its writer: to the
model it was not presented.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from scoring.categories import to_categories
from scoring.irt.types import NOT_PRESENTED, NOT_REACHED, OMITTED, ResponseArray
from scoring.models import ItemOutcomeRow
from scoring.queries.item_bank import ItemBank

_CODES = {
    ItemOutcomeRow.Status.OMITTED.value: OMITTED,
    ItemOutcomeRow.Status.NOT_REACHED.value: NOT_REACHED,
    ItemOutcomeRow.Status.PENDING.value: NOT_PRESENTED,
}


def codes_of(outcomes: Iterable[ItemOutcomeRow], bank: ItemBank) -> ResponseArray:
    """Codes (1, J) of one person's outcomes, which must stand in the order of `bank`."""
    values = [_CODES.get(row.status, row.half_points) for row in outcomes]
    return to_categories(np.array([values], dtype=np.int64).reshape(1, -1), bank.category_half_points)
