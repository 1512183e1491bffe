"""How would adaptive sessions go: how many items would they need, how exact would they be?

A candidate's response to an item hangs on the seed, the candidate and the item alone. So rules can be
compared on the same responses, and the order of the candidates does not matter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.form_grid import form_grid
from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.probabilities import category_log_probabilities
from scoring.irt.quadrature import Grid, normal_weights
from scoring.irt.selection.adaptive_sessions import AdaptiveSessions
from scoring.irt.selection.content import ContentTargets
from scoring.irt.selection.exposure import EligibilityState, ExposureControl, probabilities
from scoring.irt.selection.informative import information_table
from scoring.irt.selection.lock_step import Eligibility, Plan, Records, SelectionRule, Wave
from scoring.irt.selection.stopping import AnyOf, Length, StandardError, StoppingRule
from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters

_EXACT_ENOUGH = StandardError(0.3)
_TOGETHER = 4096  # candidates at a time without exposure control: memory beyond the result stays flat


def simulate_adaptive(
    theta: ArrayLike,
    items: ItemParameters,
    *,
    seed: int,
    rule: SelectionRule | str = SelectionRule.AT_ESTIMATE,
    stopping: StoppingRule = _EXACT_ENOUGH,
    max_items: int = 50,
    prior_mean: ArrayLike = 0.0,
    prior_sd: ArrayLike = 1.0,
    allowed: ArrayLike | None = None,
    content: ContentTargets | None = None,
    exposure: ExposureControl | None = None,
    numbers: ArrayLike | None = None,
    grid: Grid | None = None,
) -> AdaptiveSessions:
    """Sessions of N candidates with abilities theta (N,) out of a bank of J items, models mixed as they come.

    stopping   when a session is over; in any case after max_items, or when no allowed item is left
    prior_mean, prior_sd   of the normal prior: one number or (N,). The estimate is the posterior mean.
    allowed    mask (J,) or (N, J) of the items that may be given
    content    the domain each item should come from; goes before exposure
    exposure   control by eligibility; then sessions do depend on those before them
    numbers    (N,) different whole numbers by which responses are drawn; 0 to N - 1 if None
    grid       of the posteriors; if None, one as wide and fine as priors and sessions ask for (`form_grid`)

    Raises ValueError for an ability that is not finite, arrays of the wrong shape, equal numbers, and content
    quotas that no session of max_items can keep.
    """
    ability = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    if not np.isfinite(ability).all():
        candidate = int(np.flatnonzero(~np.isfinite(ability))[0])
        raise ValueError(f"candidate {candidate}: theta is {ability[candidate]}; give a finite ability")
    n = ability.size
    if grid is None:
        populations = NormalPrior.of(prior_mean, prior_sd, n_candidates=n)
        grid = form_grid(items, populations, n_presented=max(max_items, 0))
    plan = _plan(items, SelectionRule(rule), stopping, max_items, content, grid, seed)
    prior = np.broadcast_to(normal_weights(grid, mean=prior_mean, sd=prior_sd), (n, grid.size))
    mask = _allowed(allowed, n, items.n_items)
    number = _numbers(numbers, n)
    state = None if exposure is None else exposure.start(items.n_items)
    rng = np.random.default_rng([seed, 1])  # apart from what the responses are drawn with
    records = []
    together = _TOGETHER if exposure is None else exposure.together
    for start in range(0, max(n, 1), together):
        rows = slice(start, start + together)
        drawn = _eligibility(exposure, state, ability[rows].size, rng)
        wave = Wave(
            plan,
            ability=ability[rows],
            numbers=number[rows],
            prior=prior[rows],
            allowed=mask[rows],
            eligibility=drawn,
        )
        records.append(wave.run())
        state = None if state is None else wave.recorded(state)
    return _collect(records, ability, items.n_items, state)


def _plan(
    items: ItemParameters,
    rule: SelectionRule,
    stopping: StoppingRule,
    max_items: int,
    content: ContentTargets | None,
    grid: Grid,
    seed: int,
) -> Plan:
    if content is not None:
        content.require(items.n_items, max_items)
    log_p = category_log_probabilities(grid.points, items).transpose(1, 2, 0)
    at_estimate = rule is SelectionRule.AT_ESTIMATE
    return Plan(
        items=items,
        log_p=np.ascontiguousarray(log_p, dtype=np.float32),
        table=information_table(items, grid=_selection_grid(grid) if at_estimate else grid),
        member=np.zeros((1, items.n_items), dtype=np.bool_) if content is None else content.member,
        rule=rule,
        stopping=AnyOf((stopping, Length(max_items))),
        max_items=max_items,
        content=content,
        grid=grid,
        seed=seed,
    )


def _selection_grid(grid: Grid) -> Grid:
    """Points between which straight lines do for information; of `DEFAULT_GRID` it makes `SELECTION_GRID`."""
    return Grid.uniform(5 * (grid.size - 1) // 2 + 1, float(grid.points[0]), float(grid.points[-1]))


def _eligibility(
    exposure: ExposureControl | None, state: EligibilityState | None, n: int, rng: np.random.Generator
) -> Eligibility | None:
    if exposure is None or state is None:
        return None
    return Eligibility(
        control=exposure,
        probability=probabilities(state, exposure.target),
        draws=rng.random((n, state.given.shape[1]), dtype=np.float32),
    )


def _collect(
    records: list[Records], ability: FloatArray, n_bank: int, state: EligibilityState | None
) -> AdaptiveSessions:
    items = np.concatenate([part.items for part in records])
    theta = np.concatenate([part.theta for part in records])
    se = np.concatenate([part.se for part in records])
    n_items = (items >= 0).sum(axis=1)
    longest = int(n_items.max(initial=0))
    everyone = np.arange(ability.size)
    return AdaptiveSessions(
        true_theta=ability,
        items=items[:, :longest],
        responses=np.concatenate([part.responses for part in records])[:, :longest],
        theta=theta[:, 1 : longest + 1],
        se=se[:, 1 : longest + 1],
        final_theta=theta[everyone, n_items],
        final_se=se[everyone, n_items],
        stopped_by=np.concatenate([part.stopped_by for part in records]),
        n_bank=n_bank,
        exposure_state=state,
    )


def _allowed(allowed: ArrayLike | None, n: int, n_items: int) -> BoolArray:
    mask = np.asarray(True if allowed is None else allowed, dtype=np.bool_)
    if mask.shape not in ((), (n_items,), (n, n_items)):
        raise ValueError(f"allowed has shape {mask.shape}, expected ({n_items},) or ({n}, {n_items})")
    return np.broadcast_to(mask, (n, n_items))


def _numbers(numbers: ArrayLike | None, n: int) -> IntArray:
    number = np.arange(n) if numbers is None else np.asarray(numbers)
    if number.shape != (n,) or np.unique(number).size != n:
        raise ValueError(f"numbers must be {n} different whole numbers, one for each candidate")
    return number
