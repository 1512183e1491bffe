"""How might pupils really learn from practice? Invented learners by which rules of choosing items are judged.

Written down, with their seeds, before the product's own rule was tuned, and not changed since: whoever
tunes looks at DEVELOPMENT_SEEDS only, and what is reported comes from HELD_OUT_SEEDS. Nobody knows how pupils
learn, so there are seven models. The first four agree with what the product assumes (one ability in each
domain, items by the logistic model, nothing forgotten) and differ in what one learns from; the last three do
not. Common to all: what is far out of reach teaches little even with its solution, what one can do already
teaches little, and an item solved once teaches a quarter the next time.

All arrays are over N learners at once: abilities theta (N, D), one item index for each learner (N,).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DEVELOPMENT_SEEDS = (11, 12, 13, 14)
HELD_OUT_SEEDS = (2026, 2027, 2028, 2029, 2030, 2031, 2032, 2033)
N_LEARNERS = 250
WEEKS, SETS_A_WEEK, ITEMS_A_SET = 6, 2, 8

N_DOMAINS = 5
EXAM_ITEMS_OF_DOMAIN = (5, 5, 5, 2, 3)
STANDARDS_OF_LEVEL = (3, 3, 2)
ITEMS_OF_STANDARD = 6
EXAM_LEVELS = (9, 7, 4)
LEVEL_DIFFICULTY = (-1.2, 0.0, 1.2)
DOMAIN_SD = 0.5
RATE = 0.06
"""Theta gained from one item at best. Twenty well chosen items of a domain then bring about one."""


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One bank and one exam. Items (J,), exam items (E,), standards (S,); `before` is a standard's
    prerequisite or -1. Every exam item brings one point.
    """

    a: Floats
    b: Floats
    c: Floats
    standard: Ints
    domain: Ints
    domain_of_standard: Ints
    level_of_standard: Ints
    before: Ints
    exam_a: Floats
    exam_b: Floats
    exam_c: Floats
    exam_standard: Ints
    exam_domain: Ints


def make_world(seed: int) -> World:
    """Five domains of eight standards of three levels, six items each, and an exam by the blueprint."""
    rng = np.random.default_rng([seed, 1])
    levels = np.repeat([0, 1, 2], STANDARDS_OF_LEVEL)
    level_of_standard = np.tile(levels, N_DOMAINS)
    domain_of_standard = np.repeat(np.arange(N_DOMAINS), levels.size)
    before = np.array([_prerequisite(s, level_of_standard, domain_of_standard, rng) for s in range(40)])
    standard = np.repeat(np.arange(level_of_standard.size), ITEMS_OF_STANDARD)
    a, b, c = _items(level_of_standard[standard], rng)
    exam_domain = np.repeat(np.arange(N_DOMAINS), EXAM_ITEMS_OF_DOMAIN)
    exam_level = rng.permutation(np.repeat([0, 1, 2], EXAM_LEVELS))
    exam_standard = np.array(
        [
            rng.choice(np.flatnonzero((domain_of_standard == d) & (level_of_standard == one)))
            for d, one in zip(exam_domain, exam_level, strict=True)
        ]
    )
    exam_a, exam_b, exam_c = _items(exam_level, rng)
    return World(
        a, b, c, standard, domain_of_standard[standard], domain_of_standard, level_of_standard, before,
        exam_a, exam_b, exam_c, exam_standard, exam_domain,
    )  # fmt: skip


def _prerequisite(s: int, level: Ints, domain: Ints, rng: np.random.Generator) -> int:
    lower = np.flatnonzero((domain == domain[s]) & (level == level[s] - 1))
    return int(rng.choice(lower)) if lower.size else -1


def _items(level: Ints, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    a = np.exp(rng.normal(0.1, 0.3, level.size)).clip(0.4, 2.5)
    b = np.asarray(LEVEL_DIFFICULTY)[level] + rng.normal(0, 0.5, level.size)
    c = np.where(rng.random(level.size) < 0.4, 0.2, 0.0)
    return a, b, c


def reach(p: Floats) -> Floats:
    """Of what could be learnt from an item, the part that gets through at a chance p of solving it: half at
    0.3 and at 0.93, nearly nothing well outside.
    """
    return np.asarray(1 / (1 + np.exp(-(p - 0.3) / 0.05)) / (1 + np.exp((p - 0.93) / 0.02)))


def logistic(theta: Floats, a: Floats, b: Floats, c: Floats) -> Floats:
    return np.asarray(c + (1 - c) / (1 + np.exp(-a * (theta - b))))


@dataclass(slots=True, eq=False)
class Learners:
    """What N learners can do now. `skill` (N, S) and `known` (N, S) serve the models that need them;
    `solved` (N, J) are the items they have solved; `place` counts the items practised, raised by whoever
    runs a model after each.
    """

    theta: Floats
    skill: Floats
    start: Floats
    known: Bools
    solved: Bools
    place: int = 0

    def novelty(self, item: Ints, right: Bools) -> Floats:
        """(N,) how much this item can still teach each of them; remembers what is solved now."""
        rows = np.arange(item.size)
        new = np.where(self.solved[rows, item], 0.25, 1.0)
        self.solved[rows, item] |= right
        return new


def begin(world: World, n: int, rng: np.random.Generator) -> Learners:
    """The same pupils for every model: domains 0.5 apart from the pupil, standards 0.6 from the domain."""
    pupil = rng.normal(0, 1, (n, 1))
    theta = pupil + rng.normal(0, DOMAIN_SD, (n, N_DOMAINS))
    skill = theta[:, world.domain_of_standard] + rng.normal(0, 0.6, (n, world.level_of_standard.size))
    hurdle = np.asarray(LEVEL_DIFFICULTY)[world.level_of_standard]
    known = rng.random(skill.shape) < 1 / (1 + np.exp(-1.7 * (skill - hurdle)))
    return Learners(theta, skill, skill.copy(), known, np.zeros((n, world.a.size), dtype=np.bool_))


class LearnerModel(Protocol):
    """`right_probability` (N,) of each learner's item now; `practised` changes what they can do, with the
    solution seen; `week` lets a week pass; `exam_points` (N,) are the points expected on the exam today.
    """

    name: str
    violates: bool

    def right_probability(self, world: World, who: Learners, item: Ints) -> Floats: ...
    def practised(
        self, world: World, who: Learners, item: Ints, right: Bools, rng: np.random.Generator
    ) -> None: ...
    def week(self, world: World, who: Learners) -> None: ...
    def exam_points(self, world: World, who: Learners) -> Floats: ...


class DomainLearner:
    """One ability in each domain, items by the logistic model, nothing forgotten: as the product assumes."""

    name = "steady"
    violates = False

    def right_probability(self, world: World, who: Learners, item: Ints) -> Floats:
        theta = who.theta[np.arange(item.size), world.domain[item]]
        return logistic(theta, world.a[item], world.b[item], world.c[item])

    def practised(
        self, world: World, who: Learners, item: Ints, right: Bools, rng: np.random.Generator
    ) -> None:
        rows = np.arange(item.size)
        p = DomainLearner.right_probability(self, world, who, item)
        gain = RATE * reach(p) * self.share(p, right) * self.attention(who, item.size, rng)
        who.theta[rows, world.domain[item]] += gain * who.novelty(item, right)

    def share(self, p: Floats, right: Bools) -> Floats:
        """Of the gain at best, the part that this item brings: the same from every item within reach."""
        return np.full(p.shape, 0.6)

    def attention(self, who: Learners, n: int, rng: np.random.Generator) -> Floats:
        return np.ones(n)

    def week(self, world: World, who: Learners) -> None:
        return None

    def exam_points(self, world: World, who: Learners) -> Floats:
        theta = who.theta[:, world.exam_domain]
        return np.asarray(logistic(theta, world.exam_a, world.exam_b, world.exam_c).sum(axis=1))


class ZoneLearner(DomainLearner):
    """Learns most from what is neither easy nor hard: at a chance of 0.7."""

    name = "zone"

    def share(self, p: Floats, right: Bools) -> Floats:
        return np.asarray(np.exp(-0.5 * ((p - 0.7) / 0.15) ** 2))


class MistakeLearner(DomainLearner):
    """Learns from what it could not do: the harder, the more."""

    name = "from mistakes"

    def share(self, p: Floats, right: Bools) -> Floats:
        return np.asarray(1.4 * (1 - p))


class SuccessLearner(DomainLearner):
    """Learns only where it succeeds."""

    name = "from success"

    def share(self, p: Floats, right: Bools) -> Floats:
        return np.where(right, 1.0, 0.0)


class ForgetfulLearner:
    """Violates: each standard is a skill of its own, little is learnt without its prerequisite, and a tenth
    of what was learnt is forgotten in a week.
    """

    name = "forgetful, standard by standard"
    violates = True

    def right_probability(self, world: World, who: Learners, item: Ints) -> Floats:
        skill = who.skill[np.arange(item.size), world.standard[item]]
        return logistic(skill, world.a[item], world.b[item], world.c[item])

    def practised(
        self, world: World, who: Learners, item: Ints, right: Bools, rng: np.random.Generator
    ) -> None:
        rows, standard = np.arange(item.size), world.standard[item]
        before = world.before[standard]
        hurdle = np.asarray(LEVEL_DIFFICULTY)[world.level_of_standard[before]]
        ready = np.where(before < 0, 1.0, 1 / (1 + np.exp(-2 * (who.skill[rows, before] - hurdle))))
        p = self.right_probability(world, who, item)
        gain = 3 * RATE * reach(p) * (0.1 + 0.9 * ready) * who.novelty(item, right)
        who.skill += 0.15 * gain[:, None] * (world.domain_of_standard == world.domain[item][:, None])
        who.skill[rows, standard] += gain

    def week(self, world: World, who: Learners) -> None:
        who.skill = who.start + 0.9 * (who.skill - who.start)

    def exam_points(self, world: World, who: Learners) -> Floats:
        skill = who.skill[:, world.exam_standard]
        return np.asarray(logistic(skill, world.exam_a, world.exam_b, world.exam_c).sum(axis=1))


class MasteryLearner:
    """Violates: a standard is known or not (Corbett & Anderson 1995), with slips of 0.1 and luck of 0.2; it
    is learnt at once or not at all, and rarely before its prerequisite.
    """

    name = "known or not"
    violates = True

    def right_probability(self, world: World, who: Learners, item: Ints) -> Floats:
        return np.where(who.known[np.arange(item.size), world.standard[item]], 0.9, 0.2)

    def practised(
        self, world: World, who: Learners, item: Ints, right: Bools, rng: np.random.Generator
    ) -> None:
        rows, standard = np.arange(item.size), world.standard[item]
        before = world.before[standard]
        ready = (before < 0) | who.known[rows, before]
        who.known[rows, standard] |= rng.random(item.size) < np.where(ready, 0.2, 0.04)

    def week(self, world: World, who: Learners) -> None:
        return None

    def exam_points(self, world: World, who: Learners) -> Floats:
        return np.asarray(np.where(who.known[:, world.exam_standard], 0.9, 0.2).sum(axis=1))


class TiredLearner(DomainLearner):
    """Violates: within a set more and more items are only guessed, and nothing is learnt from those."""

    name = "tired"
    violates = True

    def right_probability(self, world: World, who: Learners, item: Ints) -> Floats:
        awake = super().right_probability(world, who, item)
        tired = self._tired(who)
        return np.asarray((1 - tired) * awake + tired * 0.2)

    def share(self, p: Floats, right: Bools) -> Floats:
        return np.asarray(np.exp(-0.5 * ((p - 0.6) / 0.2) ** 2))

    def attention(self, who: Learners, n: int, rng: np.random.Generator) -> Floats:
        return np.where(rng.random(n) < self._tired(who), 0.0, 1.0)

    def _tired(self, who: Learners) -> float:
        return 0.06 * (who.place % ITEMS_A_SET)


MODELS: tuple[LearnerModel, ...] = (
    DomainLearner(),
    ZoneLearner(),
    MistakeLearner(),
    SuccessLearner(),
    ForgetfulLearner(),
    MasteryLearner(),
    TiredLearner(),
)
