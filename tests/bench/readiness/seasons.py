"""Are predictions right after weeks of practice, when pupils have learned and forgotten meanwhile?

A season is two trials and four practice sets of five or ten items, half a week to four weeks apart, and then
the exam: for each pupil another calendar. Abilities move between sittings as each season says, which nobody
tells the platform: it starts from its assumed dynamics, or estimates them from other pupils of the same
season. Beside it: all responses pooled as if nothing had changed, and the last sitting alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.growth import ASSUMED, Dynamics, Observation, carry, estimate_dynamics
from scoring.irt.ability import log_likelihood
from scoring.irt.posterior import posterior_weights
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import NOT_PRESENTED, FloatArray, IntArray, ResponseArray
from tests.bench.readiness.bank import Bank, draw_bank
from tests.bench.readiness.cohorts import (
    SEED,
    Pupils,
    draw_pupils,
    half_points_on,
    respond_all,
)
from tests.bench.readiness.judged import Judged, Truth
from tests.bench.readiness.predictions import POPULATION, PRIOR, targets

WEEKS_APART = (0.5, 4.0)
PLAN = ("trial", "set", "set", "trial", "set", "set")
FULL, QUICK = 10, 5
"""Items of a set. They are practised with their explanations, those of a trial are not."""
ORACLE, ESTIMATED = "oracle", "estimated dynamics"
PREDICTORS = (ORACLE, ESTIMATED, "assumed dynamics", "pooled", "last sitting")


@dataclass(frozen=True, slots=True)
class Season:
    """How abilities really move; `as_fast` are factors of the pupils' own pace, one drawn for each."""

    name: str
    dynamics: Dynamics
    as_fast: tuple[float, ...] = (1.0,)


SEASONS = (
    Season("no change", Dynamics("", 0.0, 0.0, 0.0, 0.0)),
    Season("fast learning", Dynamics("", -0.01, 0.03, 0.06, 0.05)),
    Season("forgetting", Dynamics("", -0.04, 0.005, 0.08, 0.03)),
    Season("some learn, some do not", Dynamics("", -0.01, 0.015, 0.05, 0.03), as_fast=(0.0, 2.0)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Sat:
    """What N pupils did in T sittings, and what came of it.

    weeks (T + 1, N)   since the sitting before, 0 for the first; the last is the way to the exam
    practised (T, N)   items practised in each sitting
    log_likelihood     (T, N, Q)
    """

    bank: Bank
    pupils: Pupils
    weeks: FloatArray
    practised: IntArray
    log_likelihood: FloatArray
    half_points: IntArray
    target: IntArray


def measure(
    n_pupils: int, n_worlds: int, n_others: int, say: Callable[[str], None]
) -> dict[tuple[str, str], Judged]:
    """By season and predictor; `n_others` other pupils of a season tell the platform its dynamics."""
    found: dict[tuple[str, str], Judged] = {}
    for number, season in enumerate(SEASONS):
        say(f"season: {season.name}")
        found |= _season(season, n_pupils, n_worlds, n_others, number)
    return found


def learners(sat: Sat) -> list[list[Observation]]:
    """The sittings of each pupil as the platform keeps them."""
    since_first = np.cumsum(sat.weeks[:-1], axis=0)
    return [
        [
            Observation(
                weeks=float(since_first[place, row]),
                practised=int(sat.practised[place, row]),
                log_likelihood=sat.log_likelihood[place, row],
            )
            for place in range(len(PLAN))
        ]
        for row in range(sat.half_points.size)
    ]


def beliefs(sat: Sat, dynamics: Dynamics, prior: FloatArray) -> FloatArray:
    """(N, Q) on the day of the exam: what `filtered` gives for each pupil, all at once, and carried on."""
    belief = np.broadcast_to(prior, sat.log_likelihood.shape[1:])
    for place, own in enumerate(sat.log_likelihood):
        if place:
            belief = carry(belief, dynamics, weeks=sat.weeks[place], practised=sat.practised[place])
        belief = posterior_weights(own, belief)
    return carry(belief, dynamics, weeks=sat.weeks[-1])


def sit(season: Season, n: int, rng: np.random.Generator, bank: Bank) -> Sat:
    """A whole season of n pupils."""
    start = draw_pupils(n, bank.n_domains, rng)
    pace = rng.choice(season.as_fast, size=n)
    deviation, theta = start.domain_theta - start.theta[:, None], start.theta
    weeks = rng.uniform(*WEEKS_APART, (len(PLAN) + 1, n))
    weeks[0] = 0
    is_set = np.array([kind == "set" for kind in PLAN])
    practised = np.where(is_set[:, None], rng.choice((QUICK, FULL), size=(len(PLAN), n)), 0)
    said, earned, possible = [], np.zeros(n), np.zeros(n)
    points = bank.category_half_points
    for place, items in enumerate(_forms(bank, rng)):
        if place:
            theta = _moved(theta, season.dynamics, pace, weeks[place], practised[place], rng)
        responses = _respond(bank, theta, deviation, start, rng)[:, items]
        if is_set[place]:
            responses[np.arange(items.size) >= practised[place][:, None]] = NOT_PRESENTED
        said.append(log_likelihood(responses, bank.true.select(items)))
        met = responses >= 0
        earned += (points[items[None, :], np.maximum(responses, 0)] * met).sum(axis=1)
        possible += (points[items].max(axis=1) * met).sum(axis=1)
    theta = _moved(theta, season.dynamics, pace, weeks[-1], np.zeros(n), rng)
    exam = _respond(bank, theta, deviation, start, rng)
    return Sat(
        bank=bank,
        pupils=start,
        weeks=weeks,
        practised=practised,
        log_likelihood=np.array(said),
        half_points=half_points_on(bank, exam, bank.exam),
        target=targets(earned / possible, bank.exam.size, rng),
    )


def _season(
    season: Season, n_pupils: int, n_worlds: int, n_others: int, number: int
) -> dict[tuple[str, str], Judged]:
    rng = np.random.default_rng([SEED, number, 2])
    others = sit(season, n_others, rng, draw_bank(rng))
    estimated = estimate_dynamics(learners(others)).dynamics
    pmf: dict[str, list[FloatArray]] = {name: [] for name in PREDICTORS}
    sat = [sit(season, n_pupils // n_worlds, rng, draw_bank(rng)) for _ in range(n_worlds)]
    for one in sat:
        exam = one.bank.exam
        table = score_distribution(one.bank.true.select(exam), one.bank.category_half_points[exam])
        for name, belief in _said(one, season.dynamics, estimated).items():
            pmf[name].append(belief @ table)
    truth = Truth(
        half_points=np.concatenate([one.half_points for one in sat]),
        group=np.concatenate([one.pupils.group for one in sat]),
        target=np.concatenate([one.target for one in sat]),
        uniform=rng.random(sum(one.half_points.size for one in sat)),
    )
    return {(season.name, name): Judged(np.concatenate(parts), truth) for name, parts in pmf.items()}


def _said(sat: Sat, true: Dynamics, estimated: Dynamics) -> dict[str, FloatArray]:
    return dict(
        zip(
            PREDICTORS,
            (
                beliefs(sat, true, POPULATION),
                beliefs(sat, estimated, PRIOR),
                beliefs(sat, ASSUMED, PRIOR),
                posterior_weights(sat.log_likelihood.sum(axis=0), PRIOR),
                posterior_weights(sat.log_likelihood[-1], PRIOR),
            ),
            strict=True,
        )
    )


def _forms(bank: Bank, rng: np.random.Generator) -> list[IntArray]:
    """Each trial is a form of its own, and no practice item is met twice."""
    trials, lot, forms = iter(bank.trials), rng.permutation(bank.pool), []
    for kind in PLAN:
        if kind == "trial":
            forms.append(next(trials))
        else:
            forms.append(lot[:FULL])
            lot = lot[FULL:]
    return forms


def _moved(
    theta: FloatArray,
    dynamics: Dynamics,
    pace: FloatArray,
    weeks: FloatArray,
    practised: ArrayLike,
    rng: np.random.Generator,
) -> FloatArray:
    mean = dynamics.drift_per_week * weeks + pace * dynamics.gain_per_item * np.asarray(practised)
    sd = np.sqrt(dynamics.sd_per_week**2 * weeks + dynamics.sd_per_item**2 * np.asarray(practised))
    return np.asarray(theta + mean + sd * rng.standard_normal(theta.size))


def _respond(
    bank: Bank, theta: FloatArray, deviation: FloatArray, pupils: Pupils, rng: np.random.Generator
) -> ResponseArray:
    return respond_all(bank, Pupils(pupils.group, theta, theta[:, None] + deviation), rng)
