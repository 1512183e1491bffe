"""How many items does it take to know an ability to within a standard error of 0.3?

    python -m tests.bench.readiness.items_needed [--quick]

One bank, the same candidates: adaptive measuring by scoring.irt.selection, fixed forms in their order,
catsim; and our rule for practice, which is not made for measuring and is shown so that nobody takes it for
that. The error wanted is the posterior sd for us and the forms, that of maximum likelihood for catsim: each
program's own, with the true error of the estimates beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scoring.irt.posterior import mean_and_sd
from scoring.irt.probabilities import category_probabilities, item_information
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.selection.adaptive import simulate_adaptive
from scoring.irt.selection.stopping import StandardError
from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.choice import next_item
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner
from scoring.practice.learning import updated
from scoring.practice.policy import DEFAULT_POLICY
from tests.bench.irt.data import draw_abilities, draw_bank
from tests.bench.readiness.catsim_peer import MISSING, ask

TARGET, MOST = 0.3, 60
FORM = 60
CANDIDATES, QUICK_CANDIDATES = 400, 60
BANK, QUICK_BANK = 2_000, 500
STANDARDS = 40


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """How one way of choosing went: items (N,) until exact enough or MOST, estimates (N,)."""

    name: str
    length: IntArray
    theta: FloatArray

    def line(self, true: FloatArray) -> str:
        error = float(np.sqrt(np.mean((self.theta - true) ** 2)))
        reached = float((self.length < MOST).mean())
        mean, high = float(self.length.mean()), float(np.quantile(self.length, 0.9))
        return f"{self.name:<42}{mean:>8.1f}{high:>8.0f}{reached:>10.0%}{error:>10.3f}"


def compare(*, n_candidates: int, n_bank: int) -> list[str]:
    """The table, and the ratios to a fixed form and to catsim."""
    theta = draw_abilities(n_candidates)
    a, b = draw_bank(n_bank)
    items = ItemParameters.dichotomous(a, b)
    ours = simulate_adaptive(theta, items, seed=1, stopping=StandardError(TARGET), max_items=MOST)
    measuring = Way("adaptive, scoring.irt.selection", ours.n_items, ours.final_theta)
    luck = np.random.default_rng(779).random((n_candidates, n_bank))
    form = in_order("fixed form, items as they come", theta, items, np.arange(FORM), luck)
    best = in_order("fixed form, the most informative items", theta, items, best_form(items), luck)
    ways = [measuring, form, best, practised(theta, items, luck)]
    catsim = ask("sessions", theta, a, b, {"target_se": TARGET, "max_items": MOST})
    if catsim is not None:
        ways.append(Way("adaptive, catsim", np.array(catsim["length"]), np.array(catsim["theta"])))
    head = f"items to a standard error of {TARGET:g}"
    lines = [f"{n_candidates:,} candidates, bank of {n_bank:,}; at most {MOST} items"]
    lines += [
        f"{head:<42}{'mean':>8}{'90 %':>8}{'reached':>10}{'RMSE':>10}",
        *(one.line(theta) for one in ways),
    ]
    for other in (form, best, *ways[4:]):
        ratio = other.length.mean() / measuring.length.mean()
        lines.append(f"  {other.name} needs {ratio:.2f} times the items of ours for measuring")
    return lines if catsim is not None else [*lines, MISSING]


def best_form(items: ItemParameters) -> IntArray:
    """The FORM items that tell most about the population as a whole, the most telling first."""
    told = normal_weights(DEFAULT_GRID) @ item_information(DEFAULT_GRID.points, items)
    return np.argsort(-told, kind="stable")[:FORM]


def in_order(name: str, theta: FloatArray, items: ItemParameters, form: IntArray, luck: FloatArray) -> Way:
    """Everybody responds to the same items in the same order and stops when exact enough."""
    solved = luck[:, form] < _right(theta, items)[:, form]
    at_grid = _right(DEFAULT_GRID.points, items)[:, form].T
    factors = np.where(solved[:, :, None], at_grid, 1 - at_grid)
    weights = normal_weights(DEFAULT_GRID) * np.cumprod(factors, axis=1)
    mean, sd = mean_and_sd(weights / weights.sum(axis=2, keepdims=True), DEFAULT_GRID)
    length = first_within(sd)
    return Way(name, length, mean[np.arange(theta.size), length - 1])


def first_within(sd: FloatArray) -> IntArray:
    """After how many items (N,) the sd (N, L) first meets the target; L where it never does."""
    enough: BoolArray = sd <= TARGET
    enough[:, -1] = True
    return np.asarray(enough.argmax(axis=1) + 1)


def practised(theta: FloatArray, items: ItemParameters, luck: FloatArray) -> Way:
    """Our rule for practice, one item after another as on a phone; all items in one domain."""
    bank = PracticeBank.of(
        [BankItem(f"i{j:04}", "all", f"s{j % STANDARDS:02}") for j in range(items.n_items)],
        items,
        np.tile([0, 2], (items.n_items, 1)),
    )
    exam = Exam.of(["all"] * 20, items.select(np.arange(20)), np.tile([0, 2], (20, 1)))
    right = _right(theta, items)
    length, found = np.full(theta.size, MOST), np.empty(theta.size)
    draws = np.random.default_rng(780).random((theta.size, MOST)).tolist()
    for row in range(theta.size):
        learner, taken = Learner(normal_weights(DEFAULT_GRID)), list[int]()
        for place in range(MOST):
            choice = next_item(bank, learner, exam, DEFAULT_POLICY, taken, place, MOST, draws[row][place])
            if choice is None:
                break
            taken.append(choice.index)
            solved = luck[row, choice.index] < right[row, choice.index]
            learner = updated(learner, bank, choice.index, int(solved), growth=0.0)
            if float(mean_and_sd(learner.posterior, DEFAULT_GRID)[1]) <= TARGET:
                break
        length[row] = len(taken)
        found[row] = float(learner.posterior @ DEFAULT_GRID.points)
    return Way("practice, our rule (not for measuring)", length, found)


def _right(theta: FloatArray, items: ItemParameters) -> FloatArray:
    return np.asarray(category_probabilities(theta, items)[:, :, 1])


def report(*, quick: bool = False) -> list[str]:
    size: dict[str, Any] = (
        {"n_candidates": QUICK_CANDIDATES, "n_bank": QUICK_BANK}
        if quick
        else {"n_candidates": CANDIDATES, "n_bank": BANK}
    )
    return compare(**size)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.readiness.items_needed")
    parser.add_argument("--quick", action="store_true", help="fewer candidates, a smaller bank")
    parser.add_argument("--json", type=Path, help="write the lines to this file")
    options = parser.parse_args()
    lines = report(quick=options.quick)
    sys.stdout.write("\n".join(lines) + "\n")
    if options.json:
        options.json.write_text(json.dumps(lines, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
