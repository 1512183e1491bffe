"""How much does practice bring by our rule, beside other rules?

    python -m tests.bench.readiness.benefit [--quick] [--development] [--json FILE]

Invented learners (learners.py, written before any rule was tuned) sit a trial of twenty items, then practise
for six weeks, two sets of eight a week. What counts is the expected number of points on an exam by the
blueprint that they truly gained, against the same learners without practice. Every rule meets the same
learners with the same luck and knows what the product would know. The product's figures were chosen on the
development seeds; what is reported comes from the others.

Our rule comes twice: with the effects of practice that are assumed before anything is known, as in a first
season, and experienced, with those estimated from other learners of the same model in a world of their own,
for whom chance alone chose the items (pilot.py). It looks at which standards the reference form asks; the
exam asks the same, as the trial does. How much hangs on that is shown by an exam with other standards.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from scoring.irt.types import FloatArray, IntArray
from scoring.practice.policy import DEFAULT_POLICY, PracticePolicy
from tests.bench.readiness.learners import (
    DEVELOPMENT_SEEDS,
    HELD_OUT_SEEDS,
    MODELS,
    N_LEARNERS,
    World,
)
from tests.bench.readiness.pilot import PILOT, effects_of
from tests.bench.readiness.policies import BASELINES, Ours, Rule
from tests.bench.readiness.practised_world import known_world
from tests.bench.readiness.season import ALL_KNOWING, ITEMS, NO_PRACTICE, practise

REFERENCE = "random"
GOAL = 2.0
EXPERIENCED = "experienced"
QUICK_SEEDS, QUICK_LEARNERS, QUICK_PILOT = 2, 40, 200


@dataclass(frozen=True, slots=True, eq=False)
class Benefit:
    """gains[rule]: points gained against no practice (M, R), mean of the learners, by model and seed;
    elsewhere: the same on an exam that asks other standards.
    """

    models: tuple[str, ...]
    violates: tuple[bool, ...]
    gains: dict[str, FloatArray]
    elsewhere: dict[str, FloatArray]

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
        here, there = (
            {rule: gain[:, seeds] for rule, gain in gains.items()} for gains in (self.gains, self.elsewhere)
        )
        return Benefit(self.models, self.violates, here, there)

    def on_another_exam(self) -> Benefit:
        """What was gained elsewhere in the place of what was gained."""
        return Benefit(self.models, self.violates, self.elsewhere, self.gains)

    @property
    def _n_seeds(self) -> int:
        return self.gains[REFERENCE].shape[1]


def jackknife_error(statistic: Callable[[IntArray], Any], n: int) -> FloatArray:
    """Standard error of a statistic of n independent parts, by leaving out one at a time (Tukey 1958)."""
    without = np.array([statistic(np.delete(np.arange(n), one)) for one in range(n)])
    return np.asarray(np.sqrt((n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0)))


def measure(
    seeds: Sequence[int], n_learners: int, n_pilot: int, policies: Sequence[PracticePolicy]
) -> Benefit:
    """Every rule on every model and seed; the models side by side, on as many processors as there are."""
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        tasks = [
            pool.submit(_measure, number, tuple(seeds), n_learners, n_pilot, tuple(policies))
            for number in range(len(MODELS))
        ]
        found = [task.result() for task in tasks]
    here, there = (
        {name: np.array([gains[place][name] for gains in found]) for name in found[0][0]} for place in (0, 1)
    )
    return Benefit(
        models=tuple(model.name for model in MODELS),
        violates=tuple(model.violates for model in MODELS),
        gains=here,
        elsewhere=there,
    )


def _measure(
    number: int,
    seeds: tuple[int, ...],
    n_learners: int,
    n_pilot: int,
    policies: tuple[PracticePolicy, ...],
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Gains by seed of every rule in one model, on the exam and on another."""
    model = MODELS[number]
    learnt = effects_of(model, n_pilot)
    rules: list[Rule] = [*BASELINES, *(Ours(policy) for policy in policies)]
    rules.append(Ours(replace(DEFAULT_POLICY, effects=replace(learnt, version=EXPERIENCED))))
    ways: dict[str, Rule | str] = {rule.name: rule for rule in rules} | {ALL_KNOWING: ALL_KNOWING}
    here: dict[str, list[float]] = {name: [] for name in ways}
    there: dict[str, list[float]] = {name: [] for name in ways}
    for seed in seeds:
        known = known_world(seed)
        exams = (known.world, asking_other_standards(known.world, seed))
        without = practise(model, known, seed, n_learners, NO_PRACTICE)
        before = [model.exam_points(exam, without) for exam in exams]
        for name, rule in ways.items():
            after = practise(model, known, seed, n_learners, rule)
            for gains, exam, points in zip((here, there), exams, before, strict=True):
                gains[name].append(float((model.exam_points(exam, after) - points).mean()))
    return here, there


def asking_other_standards(world: World, seed: int) -> World:
    """The same exam, each of its items moved to a standard drawn anew among those of its domain and level."""
    rng = np.random.default_rng([seed, 6])
    drawn = [
        rng.choice(
            np.flatnonzero(
                (world.domain_of_standard == domain)
                & (world.level_of_standard == world.level_of_standard[standard])
            )
        )
        for domain, standard in zip(world.exam_domain, world.exam_standard, strict=True)
    ]
    return replace(world, exam_standard=np.array(drawn))


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
    lines += ["", "On an exam that asks other standards of the same domains and levels"]
    elsewhere = found.on_another_exam()
    for rule in elsewhere.gains:
        if rule.startswith("ours"):
            cells = [f"{one:.2f}" for one in elsewhere.ratio(rule)]
            lines.append(_row(rule, cells, f"{elsewhere.mean_ratio(rule)[0]:.2f}"))
    return "\n".join([*lines, "", *verdicts(found)])


def verdicts(found: Benefit) -> list[str]:
    """What was wanted of our rule, and what came of it: in a first season, and experienced. The goal of twice
    random is that of the experienced rule.
    """
    ours = [rule for rule in found.gains if rule.startswith("ours")]
    return [line for rule in ours for line in _verdicts(found, rule)]


def _verdicts(found: Benefit, ours: str) -> list[str]:
    others = [rule.name for rule in BASELINES if rule.name != REFERENCE]
    mean, error = found.mean_ratio(ours)
    least = float(found.ratio(ours).min())
    beaten = {rule: float(found.ratio(ours, rule).min()) for rule in others}
    worst = min(beaten, key=lambda rule: beaten[rule])
    of_limit = found.gains[ours].mean() / found.gains[ALL_KNOWING].mean()
    limit, _ = found.mean_ratio(ALL_KNOWING)
    goal = f"; wanted {GOAL:g}: {_said(mean >= GOAL)}" if ours == f"ours, {EXPERIENCED}" else ""
    return [
        f"{ours}: {mean:.2f} ± {error:.2f} times random on average{goal}",
        f"  least in any model {least:.2f} times random; wanted 1: {_said(least >= 1)}",
        f"  least against other rules {beaten[worst]:.2f} ({worst}); wanted 1: {_said(beaten[worst] >= 1)}",
        f"  {of_limit:.0%} of what an all-knowing rule gains, which itself reaches {limit:.2f} times random",
    ]


def _said(reached: bool) -> str:
    return "reached" if reached else "MISSED"


def _row(name: str, cells: Sequence[str], last: str) -> str:
    return f"{name:<20}" + "".join(f"{cell:>13.12}" for cell in cells) + f"{last:>12}"


def figures(found: Benefit) -> dict[str, Any]:
    """For a file: gains by rule, model and seed, on another exam as well, and the ratios."""
    ratios = {rule: found.ratio(rule).tolist() for rule in found.gains}
    gains = {rule: gain.tolist() for rule, gain in found.gains.items()}
    elsewhere = {rule: gain.tolist() for rule, gain in found.elsewhere.items()}
    return {
        "models": list(found.models),
        "items": ITEMS,
        "gains": gains,
        "ratios": ratios,
        "elsewhere": elsewhere,
    }


def run(*, quick: bool = False, development: bool = False) -> Benefit:
    """The whole comparison; quick: a few learners of two seeds, for a look and not for a figure."""
    seeds = DEVELOPMENT_SEEDS if development else HELD_OUT_SEEDS
    if quick:
        return measure(seeds[:QUICK_SEEDS], QUICK_LEARNERS, QUICK_PILOT, [DEFAULT_POLICY])
    return measure(seeds, N_LEARNERS, PILOT, [DEFAULT_POLICY])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.readiness.benefit")
    parser.add_argument("--quick", action="store_true", help="a few learners of two seeds")
    parser.add_argument("--development", action="store_true", help="the seeds for tuning instead")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    found = run(quick=options.quick, development=options.development)
    sys.stdout.write(report(found) + "\n")
    if options.json:
        options.json.write_text(json.dumps(figures(found), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
