"""Which rules for a form cannot hold, and what is the smallest change that lets a form exist?

The elastic programme of the same rules (Chinneck 2008, ch. 6): every rule may be missed at a price, and the
sum of what is missed, counted in items, is made as small as it can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from scoring.irt.selection.form_rules import FormRules
from scoring.irt.types import FloatArray

_NOTHING = 1e-6  # a miss of less is rounding in the solver


@dataclass(frozen=True, slots=True)
class Change:
    """A rule, by its row, and the limit it would need; `least` tells whether that is the lower one."""

    row: int
    name: str
    least: bool
    was: float
    becomes: float

    def __str__(self) -> str:
        verb, limit = ("lower", "least") if self.least else ("raise", "most")
        return f"{verb} the {limit} of {self.name} from {self.was:.10g} to {self.becomes:.10g}"


def explain(rules: FormRules, low: FloatArray, high: FloatArray, *, seconds: float = 10.0) -> str:
    """The message for a user whose rules no form keeps. Arguments as in `smallest_change`."""
    changes = smallest_change(rules, low, high, seconds=seconds)
    if not changes:
        return "no form keeps the rules; relax some of them"
    listed = "; ".join(str(change) for change in changes)
    return f"no form keeps the rules; the smallest change that lets one exist: {listed}"


def smallest_change(
    rules: FormRules, low: FloatArray, high: FloatArray, *, seconds: float = 10.0
) -> Sequence[Change]:
    """The limits to change so that a form exists whose choice (J,) of items lies between low and high.

    A rule on totals counts in its mean amount of an item. Empty where a form exists as it is.
    """
    n_rules, n_items = rules.matrix.shape
    typical = np.abs(rules.matrix).sum(axis=1) / np.maximum((rules.matrix != 0).sum(axis=1), 1)
    price = 1 / np.where(typical > 0, typical, 1.0)
    miss = sparse.eye_array(n_rules)
    room = [np.where(np.isfinite(limit), np.inf, 0.0) for limit in (rules.low, rules.high)]
    solution = optimize.milp(
        c=np.concatenate([np.zeros(n_items), price, price]),
        integrality=np.repeat([1, 0], [n_items, 2 * n_rules]),
        bounds=optimize.Bounds(np.concatenate([low, np.zeros(2 * n_rules)]), np.concatenate([high, *room])),
        constraints=optimize.LinearConstraint(
            sparse.hstack([rules.matrix, miss, -miss], format="csr"), rules.low, rules.high
        ),
        options={"time_limit": seconds},
    )
    if solution.x is None:
        return []
    total = rules.matrix @ np.round(solution.x[:n_items])
    too_low = [
        Change(int(row), rules.names[row], True, float(rules.low[row]), float(total[row]))
        for row in np.flatnonzero(total < rules.low - _NOTHING)
    ]
    too_high = [
        Change(int(row), rules.names[row], False, float(rules.high[row]), float(total[row]))
        for row in np.flatnonzero(total > rules.high + _NOTHING)
    ]
    return [*too_low, *too_high]
