"""How much does practice bring by our rule, beside other rules?

    python -m tests.bench.readiness.benefit [--quick] [--development] [--every-rule] [--json FILE]

Invented learners (learners.py, written before any rule was tuned) sit a trial of twenty items, then practise
for six weeks, two sets of eight a week. What counts is the expected number of points on an exam by the
blueprint that they truly gained, against the same learners without practice. Every rule meets the same
learners with the same luck and knows what the product would know. The product's figures were chosen on the
development seeds; what is reported comes from the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scoring.irt.types import FloatArray, IntArray
from scoring.practice.policy import DEFAULT_POLICY, POLICIES
from tests.bench.readiness.all_knowing import best_item
from tests.bench.readiness.beliefs import Beliefs
from tests.bench.readiness.learners import (
    DEVELOPMENT_SEEDS,
    HELD_OUT_SEEDS,
    ITEMS_A_SET,
    MODELS,
    N_LEARNERS,
    SETS_A_WEEK,
    WEEKS,
    LearnerModel,
    Learners,
    begin,
)
from tests.bench.readiness.policies import BASELINES, Ours, Rule
from tests.bench.readiness.practised_world import KnownWorld, known_world

SETS = WEEKS * SETS_A_WEEK
ITEMS = SETS * ITEMS_A_SET
NO_PRACTICE, ALL_KNOWING, REFERENCE = "no practice", "all-knowing", "random"
GOAL = 2.0
QUICK_SEEDS, QUICK_LEARNERS = 2, 40


@dataclass(frozen=True, slots=True, eq=False)
class Benefit:
    """gains[rule]: points gained against no practice (M, R), mean of the learners, by model and seed."""

    models: tuple[str, ...]
    violates: tuple[bool, ...]
    gains: dict[str, FloatArray]

    def ratio(self, rule: str, reference: str = REFERENCE) -> FloatArray:
        """Gain to that of another rule, by model (M,)."""
        return np.asarray(self.gains[rule].mean(axis=1) / self.gains[reference].mean(axis=1))

    def ratio_error(self, rule: str, reference: str = REFERENCE) -> FloatArray:
        """Standard errors of the ratios (M,) over seeds, which rules share (jackknife)."""
        return jackknife_error(lambda kept: self._kept(kept).ratio(rule, reference), self._n_seeds)

    def mean_ratio(self, rule: str, reference: str = REFERENCE) -> tuple[float, float]:
        """Mean of the ratios over models, and its standard error."""
        error = jackknife_error(lambda kept: self._kept(kept).ratio(rule, reference).mean(), self._n_seeds)
        return float(self.ratio(rule, reference).mean()), float(error)

    def _kept(self, seeds: IntArray) -> Benefit:
        kept = {rule: gain[:, seeds] for rule, gain in self.gains.items()}
        return Benefit(self.models, self.violates, kept)

    @property
    def _n_seeds(self) -> int:
        return self.gains[REFERENCE].shape[1]


def jackknife_error(statistic: Callable[[IntArray], Any], n: int) -> FloatArray:
    """Standard error of a statistic of n independent parts, by leaving out one at a time (Tukey 1958)."""
    without = np.array([statistic(np.delete(np.arange(n), one)) for one in range(n)])
    return np.asarray(np.sqrt((n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0)))


def measure(seeds: Sequence[int], n_learners: int, rules: Sequence[Rule]) -> Benefit:
    """Every rule on every model and seed."""
    names = [*(rule.name for rule in rules), ALL_KNOWING]
    gains: dict[str, list[list[float]]] = {name: [] for name in names}
    for model in MODELS:
        for name in names:
            gains[name].append([])
        for seed in seeds:
            known = known_world(seed)
            without = points_after(model, known, seed, n_learners, NO_PRACTICE)
            for name, rule in [*((rule.name, rule) for rule in rules), (ALL_KNOWING, ALL_KNOWING)]:
                after = points_after(model, known, seed, n_learners, rule)
                gains[name][-1].append(float((after - without).mean()))
    return Benefit(
        models=tuple(model.name for model in MODELS),
        violates=tuple(model.violates for model in MODELS),
        gains={name: np.array(rows) for name, rows in gains.items()},
    )


def points_after(
    model: LearnerModel, known: KnownWorld, seed: int, n_learners: int, rule: Rule | str
) -> FloatArray:
    """Points (N,) expected on the exam after the six weeks, by a rule or one of the two names above."""
    world = known.world
    who = begin(world, n_learners, np.random.default_rng([seed, 2]))
    luck = np.random.default_rng([seed, 3])
    at_trial = luck.random((known.trial.size, n_learners))
    at_items, at_draws = luck.random((2, ITEMS, n_learners))
    beliefs = None if isinstance(rule, str) else _after_trial(model, known, who, at_trial)
    for number in range(SETS):
        taken: list[IntArray] = []
        for place in range(0 if rule == NO_PRACTICE else ITEMS_A_SET):
            step = number * ITEMS_A_SET + place
            if beliefs is None:
                item = best_item(model, world, who)
            else:
                item = rule(beliefs, taken, at_draws[step])
            solved = at_items[step] < model.right_probability(world, who, item)
            model.practised(world, who, item, solved, np.random.default_rng([seed, 5, step]))
            who.place += 1
            taken.append(item)
            if beliefs is not None:
                beliefs.learn(item, solved)
        if beliefs is not None:
            beliefs.rest()
        if number % SETS_A_WEEK == SETS_A_WEEK - 1:
            model.week(world, who)
    return np.asarray(model.exam_points(world, who))


def _after_trial(model: LearnerModel, known: KnownWorld, who: Learners, luck: FloatArray) -> Beliefs:
    n = luck.shape[1]
    solved = [
        u < model.right_probability(known.world, who, np.full(n, item))
        for item, u in zip(known.trial, luck, strict=True)
    ]
    beliefs = Beliefs(known, np.array(solved).T)
    beliefs.rest()
    return beliefs


def report(found: Benefit) -> str:
    """Points gained and ratios, one line a rule; † marks the models that break the product's assumptions."""
    heads = [
        name + ("†" if broken else "") for name, broken in zip(found.models, found.violates, strict=True)
    ]
    lines = [f"Points of 20 gained by {ITEMS} items, against no practice", _row("", heads, "mean")]
    for rule, gain in found.gains.items():
        lines.append(_row(rule, [f"{one:.2f}" for one in gain.mean(axis=1)], f"{gain.mean():.2f}"))
    lines += [
        "",
        "The same as a multiple of random, with standard errors over seeds",
        _row("", heads, "mean"),
    ]
    for rule in found.gains:
        if rule != REFERENCE:
            pairs = zip(found.ratio(rule), found.ratio_error(rule), strict=True)
            mean, error = found.mean_ratio(rule)
            lines.append(_row(rule, [f"{one:.2f}±{se:.2f}" for one, se in pairs], f"{mean:.2f}±{error:.2f}"))
    return "\n".join([*lines, "", *verdicts(found)])


def verdicts(found: Benefit) -> list[str]:
    """What was wanted of the first of our rules, and what came of it."""
    ours = next(rule for rule in found.gains if rule.startswith("ours"))
    others = [rule.name for rule in BASELINES if rule.name != REFERENCE]
    mean, error = found.mean_ratio(ours)
    least = float(found.ratio(ours).min())
    beaten = {rule: float(found.ratio(ours, rule).min()) for rule in others}
    worst = min(beaten, key=lambda rule: beaten[rule])
    of_limit = found.gains[ours].mean() / found.gains[ALL_KNOWING].mean()
    limit, _ = found.mean_ratio(ALL_KNOWING)
    return [
        f"{ours}: {mean:.2f} ± {error:.2f} times random on average; wanted {GOAL:g}: {_said(mean >= GOAL)}",
        f"  least in any model {least:.2f} times random; wanted 1: {_said(least >= 1)}",
        f"  least against other rules {beaten[worst]:.2f} ({worst}); wanted 1: {_said(beaten[worst] >= 1)}",
        f"  {of_limit:.0%} of what an all-knowing rule gains, which itself reaches {limit:.2f} times random",
    ]


def _said(reached: bool) -> str:
    return "reached" if reached else "MISSED"


def _row(name: str, cells: Sequence[str], last: str) -> str:
    return f"{name:<20}" + "".join(f"{cell:>13.12}" for cell in cells) + f"{last:>12}"


def figures(found: Benefit) -> dict[str, Any]:
    """For a file: gains by rule, model and seed, and the ratios."""
    ratios = {rule: found.ratio(rule).tolist() for rule in found.gains}
    gains = {rule: gain.tolist() for rule, gain in found.gains.items()}
    return {"models": list(found.models), "items": ITEMS, "gains": gains, "ratios": ratios}


def run(*, quick: bool = False, development: bool = False, every_rule: bool = False) -> Benefit:
    """The whole comparison; quick: a few learners of two seeds, for a look and not for a figure."""
    seeds = DEVELOPMENT_SEEDS if development else HELD_OUT_SEEDS
    policies = POLICIES.values() if every_rule else (DEFAULT_POLICY,)
    rules: list[Rule] = [*BASELINES, *(Ours(policy) for policy in policies)]
    return measure(seeds[:QUICK_SEEDS], QUICK_LEARNERS, rules) if quick else measure(seeds, N_LEARNERS, rules)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.readiness.benefit")
    parser.add_argument("--quick", action="store_true", help="a few learners of two seeds")
    parser.add_argument("--development", action="store_true", help="the seeds for tuning instead")
    parser.add_argument("--every-rule", action="store_true", help="also the product's rule for experiments")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    found = run(quick=options.quick, development=options.development, every_rule=options.every_rule)
    sys.stdout.write(report(found) + "\n")
    if options.json:
        options.json.write_text(json.dumps(figures(found), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
