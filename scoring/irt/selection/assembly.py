"""Which items make the best form that keeps every rule on length, content, totals, enemies, items given?

Forms are assembled by integer programming (van der Linden 2005), so the form found is the best there is. A
shadow form (van der Linden & Reese 1998) is assembled anew before each item of an adaptive session, with the
items already given in it; the best of its other items comes next. So the session ends with a form that keeps
every rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from scoring.irt.probabilities import category_probabilities, own_categories
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.selection.form_rules import FormRules
from scoring.irt.selection.infeasible import explain
from scoring.irt.types import FloatArray, IntArray, ItemParameters


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A form of L items.

    items   (L,)  their positions in the bank, ascending
    value         sum of their objectives
    proven        True: no form has a larger value (to a millionth of the largest objective); False: the best
                  found when time was up
    """

    items: IntArray
    value: float
    proven: bool


def assemble(
    objective: ArrayLike,
    rules: FormRules,
    *,
    included: Sequence[int] = (),
    allowed: ArrayLike | None = None,
    seconds: float = 10.0,
) -> Form:
    """The form with the largest sum of objectives (J,) among those that keep the rules.

    objective: information at an ability or over a posterior (`posterior_information`), closeness to a target
    (`closeness`), or whatever is to be large. included: positions of items that are in the form anyway, such
    as those already given. allowed: mask (J,) of the items that may be added. seconds: when to make do with
    the best form found so far.

    Raises ValueError where no form keeps the rules, naming those that cannot hold and the smallest change
    that lets a form exist; for objectives that are not finite; and for positions outside the bank. Raises
    TimeoutError if not even one form was found in time.
    """
    values = _objective(objective, rules.n_items)
    low, high = _limits(rules.n_items, included, allowed)
    scale = np.abs(values).max(initial=0.0) or 1.0
    solution = optimize.milp(
        c=-values / scale,
        integrality=np.ones(rules.n_items),
        bounds=optimize.Bounds(low, high),
        constraints=optimize.LinearConstraint(rules.matrix, rules.low, rules.high),
        # The relaxation of such rules is nearly whole: presolving costs some twenty times what it saves.
        options={"time_limit": seconds, "mip_rel_gap": 0.0, "presolve": False},
    )
    if solution.x is None:
        if solution.status == 1:
            raise TimeoutError(f"no form found in {seconds:g} seconds; allow more, or relax the rules")
        raise ValueError(explain(rules, low, high, seconds=seconds))
    chosen = np.flatnonzero(solution.x > 0.5)
    return Form(items=chosen, value=float(values[chosen].sum()), proven=solution.status == 0)


def next_in_shadow(
    objective: ArrayLike,
    rules: FormRules,
    *,
    given: Sequence[int] = (),
    allowed: ArrayLike | None = None,
    seconds: float = 10.0,
) -> tuple[int, Form]:
    """The item an adaptive session continues with, and the shadow form it was taken from.

    given: positions of the items so far; the others as in `assemble`. Raises ValueError where the items given
    already fill the form.
    """
    form = assemble(objective, rules, included=given, allowed=allowed, seconds=seconds)
    free = np.setdiff1d(form.items, np.asarray(given, dtype=np.int64))
    if not free.size:
        raise ValueError(f"the {len(given)} items given already fill the form; end the session")
    values = np.asarray(objective, dtype=np.float64)[free]
    return int(free[values.argmax()]), form


def closeness(
    posterior: FloatArray, parameters: ItemParameters, *, target: float = 0.7, grid: Grid = DEFAULT_GRID
) -> FloatArray:
    """Objective (J,) for items of productive difficulty: minus the distance of expected share and target.

    The share is that of the way to the highest category, expected over the posterior (Q,): for a dichotomous
    item the probability of success.
    """
    if not 0 < target < 1:
        raise ValueError(f"the target share must lie between 0 and 1, not {target}")
    share = np.where(own_categories(parameters), np.arange(parameters.max_categories), 0)
    share = share / (parameters.n_categories - 1)[:, None]
    p = category_probabilities(grid.points, parameters)
    expected = np.einsum("q,qjk,jk->j", posterior, p, share, optimize=True)
    return np.asarray(-np.abs(expected - target), dtype=np.float64)


def _objective(objective: ArrayLike, n_items: int) -> FloatArray:
    values = np.asarray(objective, dtype=np.float64)
    if values.shape != (n_items,):
        raise ValueError(f"the objective has shape {values.shape}, expected ({n_items},)")
    if not np.isfinite(values).all():
        item = int(np.flatnonzero(~np.isfinite(values))[0])
        raise ValueError(f"item {item}: the objective is {values[item]}; leave the item out by `allowed`")
    return values


def _limits(
    n_items: int, included: Sequence[int], allowed: ArrayLike | None
) -> tuple[FloatArray, FloatArray]:
    """Least and most of each item in the form (J,): both 1 where included, both 0 where not allowed."""
    high = np.ones(n_items) if allowed is None else np.array(allowed, dtype=np.bool_).astype(np.float64)
    if high.shape != (n_items,):
        raise ValueError(f"allowed has shape {high.shape}, expected ({n_items},)")
    positions = np.asarray(included, dtype=np.int64)
    outside = (positions < 0) | (positions >= n_items)
    if outside.any():
        raise ValueError(
            f"included item {int(positions[outside][0])}: the bank has items 0 to {n_items - 1} only"
        )
    low = np.zeros(n_items)
    low[positions] = high[positions] = 1.0
    return low, high
