"""Are the predictions right? Cohorts with known truth, evidence of five lengths, and what else could be said.

Everything is judged at one moment: nobody learns or forgets between the evidence and the exam. That is what
`seasons` is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from scoring.irt.posterior import posterior_weights
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import FloatArray, IntArray, ResponseArray
from tests.bench.readiness import baselines
from tests.bench.readiness.cohorts import (
    DOMAIN_SD,
    LENGTHS,
    MEANS,
    SDS,
    SEED,
    SHARES,
    World,
    domain_log_likelihoods,
    evidence,
    half_points_on,
    one_domain,
    worlds,
)
from tests.bench.readiness.domain_mix import apart, blurred, mix
from tests.bench.readiness.domain_spread import Form, expected_half_points, predictions
from tests.bench.readiness.judged import Judged, Truth

PARAMETERS = ("true", "N=1000", "N=250", "assumed")
GATED = ("true", "N=1000", "N=250")
ORACLE, READINESS, UNBLURRED, EXACT = "oracle", "readiness", "the mix of domains ignored", "exact"
FIRST_TRIAL_FROM = 20
NARROW = "8 of one domain"
Say = Callable[[str], None]
PRIOR = normal_weights(DEFAULT_GRID)
POPULATION = np.array(
    sum(
        share * normal_weights(DEFAULT_GRID, mean, sd)
        for share, mean, sd in zip(SHARES, MEANS, SDS, strict=True)
    )
)
"""What the oracle starts from: it knows both groups, but not who is in which."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What was said by whom: `evidence` such as "20", with which item parameters, by which predictor."""

    evidence: str
    parameters: str
    predictor: str


@dataclass(slots=True)
class Found:
    """Predictions of all cells, world by world until they are judged."""

    pmf: dict[Cell, list[FloatArray]] = field(default_factory=dict)
    truth: dict[str, list[Truth]] = field(default_factory=dict)

    def add(self, cell: Cell, pmf: FloatArray) -> None:
        self.pmf.setdefault(cell, []).append(pmf.astype(np.float32))

    def judged(self) -> dict[Cell, Judged]:
        truth = {name: _together(parts) for name, parts in self.truth.items()}
        return {
            cell: Judged(np.concatenate(parts).astype(np.float64), truth[cell.evidence])
            for cell, parts in self.pmf.items()
        }


def measure(n_pupils: int, n_worlds: int, say: Say) -> dict[Cell, Judged]:
    """All cells, over so many pupils in so many worlds."""
    found = Found()
    for number, world in enumerate(worlds(n_pupils, n_worlds)):
        rng = np.random.default_rng([SEED, number, 1])
        for length in LENGTHS:
            shown = evidence(world, length, rng)
            _predict(found, world, str(length), shown, rng)
            _beside(found, world, length, shown)
        _predict(found, world, NARROW, one_domain(world, rng), rng, only=("true", "N=1000"))
        if (number + 1) % 25 == 0:
            say(f"{number + 1} worlds of {n_worlds}")
    return found.judged()


def targets(share: FloatArray, n_items: int, rng: np.random.Generator) -> IntArray:
    """(N,) half-points that pupils aim at: what their share of points so far comes to on an exam of so many
    items of one point, and 0 to 4 points more, as bold as each is.
    """
    whole = np.rint(share * n_items) + rng.integers(5, size=share.size)
    return np.asarray(2 * np.clip(whole, 4, n_items - 1), dtype=np.int64)


def _predict(
    found: Found,
    world: World,
    name: str,
    shown: ResponseArray,
    rng: np.random.Generator,
    *,
    only: Sequence[str] = PARAMETERS,
) -> None:
    """Oracle and readiness with each kind of parameters; on narrow evidence also what is worse and better."""
    bank = world.bank
    found.truth.setdefault(name, []).append(_truth(world, shown, rng))
    for kind in only:
        form = _exam(world, kind)
        table = score_distribution(form.parameters, form.category_half_points)
        of_domains = domain_log_likelihoods(bank, world.parameters[kind], shown)
        if kind == "true":
            found.add(Cell(name, kind, ORACLE), predictions(of_domains, POPULATION, form, sd=DOMAIN_SD))
        whole = of_domains.sum(axis=0)
        if name != NARROW:
            found.add(Cell(name, kind, READINESS), posterior_weights(whole, PRIOR) @ table)
        elif kind != "true":
            found.add(Cell(name, kind, UNBLURRED), posterior_weights(whole, PRIOR) @ table)
            spread = apart(_mix(world, shown), _mix(world, None)[0], DOMAIN_SD)
            posterior = posterior_weights(blurred(whole, spread), PRIOR)
            found.add(Cell(name, kind, READINESS), posterior @ table)
            found.add(Cell(name, kind, EXACT), predictions(of_domains, PRIOR, form, sd=DOMAIN_SD))


def _beside(found: Found, world: World, length: int, shown: ResponseArray) -> None:
    """What would be said without readiness, by whoever has calibrated items all the same."""
    bank, kind, name = world.bank, "N=1000", str(length)
    form = _exam(world, kind)
    table = score_distribution(form.parameters, form.category_half_points)
    whole = domain_log_likelihoods(bank, world.parameters[kind], shown).sum(axis=0)
    posterior = posterior_weights(whole, PRIOR)
    n_totals, points = form.n_totals, bank.category_half_points
    said = {
        "prior only": baselines.prior_only(table, PRIOR, shown.shape[0]),
        "percent correct": baselines.percent_correct(shown, points, n_totals, bank.exam.size),
        "plug-in theta": baselines.plug_in(posterior, table),
        "curve ± SE": baselines.characteristic_curve(posterior, expected_half_points(form), n_totals),
    }
    if length >= FIRST_TRIAL_FROM:
        last = bank.trials[1 if length == LENGTHS[-1] else 0]
        items = points[last[None, :], world.responses[:, last]]
        sem = baselines.standard_error_of_measurement(items)
        said["last trial ± SEM"] = baselines.last_trial(items.sum(axis=1), sem, n_totals)
    for predictor, pmf in said.items():
        found.add(Cell(name, kind, predictor), pmf)


def _exam(world: World, kind: str) -> Form:
    exam = world.bank.exam
    return Form(
        world.parameters[kind].select(exam), world.bank.category_half_points[exam], world.bank.domain[exam]
    )


def _mix(world: World, shown: ResponseArray | None) -> FloatArray:
    """Of the responses shown, or of the exam (one row)."""
    bank = world.bank
    presented = np.isin(np.arange(bank.domain.size), bank.exam)[None, :] if shown is None else shown >= 0
    return mix(presented, bank.category_half_points.max(axis=1), bank.domain)


def _truth(world: World, shown: ResponseArray, rng: np.random.Generator) -> Truth:
    bank, met = world.bank, shown >= 0
    points, columns = bank.category_half_points, np.arange(shown.shape[1])
    earned = (points[columns[None, :], np.maximum(shown, 0)] * met).sum(axis=1)
    share = earned / (points.max(axis=1) * met).sum(axis=1)
    return Truth(
        half_points=half_points_on(bank, world.responses, bank.exam),
        group=world.pupils.group,
        target=targets(share, bank.exam.size, rng),
        uniform=rng.random(world.half_points.size),
    )


def _together(parts: Sequence[Truth]) -> Truth:
    return Truth(
        half_points=np.concatenate([part.half_points for part in parts]),
        group=np.concatenate([part.group for part in parts]),
        target=np.concatenate([part.target for part in parts]),
        uniform=np.concatenate([part.uniform for part in parts]),
    )
