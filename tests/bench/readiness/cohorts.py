"""Which simulated pupils are there, what do they do, and what do they really get on the coming exam?

A cohort consists of several worlds of equally many pupils, each with a bank and calibrations of its own: the
error of one calibration is shared by all who are judged by it, so a single one would say as much about luck
as about the platform.

Two groups differ in mean and in spread. The scale is that on which all pupils together have mean 0 and sd 1.
Abilities in the domains of a subject lie N(0, 0.5^2) around the pupil's ability in the subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoring.irt.ability import log_likelihood
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import FloatArray, IntArray, ItemParameters, ResponseArray
from tests.bench.readiness.bank import Bank, booklets, calibrated, draw_bank

SEED = 20_260
DOMAIN_SD = 0.5
SHARES = (0.7, 0.3)
MEANS = (0.12, -0.28)
SDS = (1.0518, 0.80)
"""Chosen such that all together have mean 0 and sd 1; the means are 0.4 apart."""
CALIBRATION_SIZES = (250, 1_000)
LENGTHS = (5, 10, 20, 40, 60)
TRIAL_ITEMS, SET_ITEMS = 20, 10


@dataclass(frozen=True, slots=True, eq=False)
class Pupils:
    """group (N,), theta (N,) in the subject, domain_theta (N, D)."""

    group: IntArray
    theta: FloatArray
    domain_theta: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A bank, what is known of its items by name, and pupils with what they will get on the exam form.

    parameters  "true", "assumed" and "N=250", "N=1000"
    half_points (N,) truth: points on the exam form, drawn from the true model
    responses   (N, J) to everything, as they would be: evidence shows a part of them
    """

    bank: Bank
    parameters: dict[str, ItemParameters]
    pupils: Pupils
    responses: ResponseArray
    half_points: IntArray


def worlds(n_pupils: int, n_worlds: int, *, seed: int = SEED) -> Iterator[World]:
    for number in range(n_worlds):
        yield _world(n_pupils // n_worlds, np.random.default_rng([seed, number]))


def draw_pupils(n: int, n_domains: int, rng: np.random.Generator) -> Pupils:
    group = (rng.random(n) >= SHARES[0]).astype(np.int64)
    theta = np.take(MEANS, group) + np.take(SDS, group) * rng.standard_normal(n)
    domain_theta = theta[:, None] + DOMAIN_SD * rng.standard_normal((n, n_domains))
    return Pupils(group, theta, domain_theta)


def respond_all(
    bank: Bank, pupils: Pupils, rng: np.random.Generator, *, items: IntArray | None = None
) -> ResponseArray:
    """Categories (N, J) from the true model: each item met with the ability in its domain.

    Of `items` only, where they are given; the others then are -1.
    """
    responses = np.full((pupils.theta.size, bank.true.n_items), -1, dtype=np.int8)
    met = np.arange(bank.true.n_items) if items is None else items
    for domain in range(bank.n_domains):
        own = met[bank.domain[met] == domain]
        seed = int(rng.integers(2**62))
        responses[:, own] = simulate_responses(
            pupils.domain_theta[:, domain], bank.true.select(own), seed=seed
        )
    return responses


def half_points_on(bank: Bank, responses: ResponseArray, items: IntArray) -> IntArray:
    """(N,) what the responses to these items bring."""
    earned = bank.category_half_points[items[None, :], responses[:, items]]
    return np.asarray(earned.sum(axis=1), dtype=np.int64)


def evidence(world: World, length: int, rng: np.random.Generator) -> ResponseArray:
    """Responses (N, J) with -1 for whatever the pupil has not met: `length` of them are there.

    5 and 10 are a short and a full practice set, 20 a trial, 40 a trial and two full sets, 60 two trials and
    two full sets. Practice items are drawn at random, for each pupil its own.
    """
    n_trials = {5: 0, 10: 0, 20: 1, 40: 1, 60: 2}[length]
    n, bank = world.responses.shape[0], world.bank
    shown = np.zeros((n, bank.domain.size), dtype=np.bool_)
    for trial in bank.trials[:n_trials]:
        shown[:, trial] = True
    practised = length - n_trials * TRIAL_ITEMS
    lot = rng.random((n, bank.pool.size)).argsort(axis=1)[:, :practised]
    np.put_along_axis(shown, bank.pool[lot], True, axis=1)
    return np.where(shown, world.responses, np.int8(-1))


def one_domain(world: World, rng: np.random.Generator) -> ResponseArray:
    """Evidence of one practice set of 8 items, all of one domain: each pupil another one."""
    n, bank = world.responses.shape[0], world.bank
    shown = np.zeros((n, bank.domain.size), dtype=np.bool_)
    chosen = rng.integers(bank.n_domains, size=n)
    lot = rng.random((n, bank.pool.size))
    lot[bank.domain[bank.pool] != chosen[:, None]] = 2  # behind all others
    np.put_along_axis(shown, bank.pool[lot.argsort(axis=1)[:, :8]], True, axis=1)
    return np.where(shown, world.responses, np.int8(-1))


def domain_log_likelihoods(bank: Bank, parameters: ItemParameters, responses: ResponseArray) -> FloatArray:
    """(D, N, Q) for each domain the log-likelihood of its responses."""
    found = []
    for domain in range(bank.n_domains):
        own = np.flatnonzero(bank.domain == domain)
        found.append(log_likelihood(responses[:, own], parameters.select(own)))
    return np.array(found)


def _world(n: int, rng: np.random.Generator) -> World:
    bank = draw_bank(rng)
    parameters = {"true": bank.true, "assumed": bank.assumed}
    for size in CALIBRATION_SIZES:
        parameters[f"N={size}"] = calibrated(bank, _calibration_responses(bank, size, rng))
    pupils = draw_pupils(n, bank.n_domains, rng)
    responses = respond_all(bank, pupils, rng)
    return World(bank, parameters, pupils, responses, half_points_on(bank, responses, bank.exam))


def _calibration_responses(bank: Bank, size: int, rng: np.random.Generator) -> ResponseArray:
    """Responses in which every item was met by `size` pupils of the same population, one booklet each."""
    return np.concatenate(
        [
            respond_all(bank, draw_pupils(size, bank.n_domains, rng), rng, items=booklet)
            for booklet in booklets(bank, rng)
        ]
    )
