"""Which columns of a table of responses can be scored, and with which item parameters?"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.responses import resolve_missing
from scoring.irt.types import BoolArray, ItemParameters, MissingRule, ResponseArray


class Calibrated(Protocol):
    """What of a calibration's result scoring needs: which of J columns have parameters (J,), and those."""

    @property
    def calibrated(self) -> BoolArray: ...

    @property
    def items(self) -> ItemParameters: ...


def scorable(
    responses: ArrayLike,
    items: ItemParameters | Calibrated,
    *,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> tuple[ResponseArray, ItemParameters]:
    """Codes (N, J') of the columns with parameters, only categories and -1 left, and their J' items.

    Codes, rules and errors as in `resolve_missing`; columns without parameters may hold any category.
    """
    if isinstance(items, ItemParameters):
        return resolve_missing(responses, items.n_categories, omitted=omitted, not_reached=not_reached), items
    parameters = items.items
    n_categories = np.full(items.calibrated.size, np.iinfo(np.int8).max)
    n_categories[items.calibrated] = parameters.n_categories
    codes = resolve_missing(responses, n_categories, omitted=omitted, not_reached=not_reached)
    return (codes if items.calibrated.all() else codes[:, items.calibrated]), parameters
