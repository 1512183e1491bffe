"""How long does the server take to find the next item for practice in a bank of 2,000?

    python -m tests.bench.readiness.speed [--quick]

Beside it, on the same bank in the same run: catsim's choice by maximum information alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace

import numpy as np

from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import ItemParameters
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.choice import next_item
from scoring.practice.effects import ASSUMED_EFFECTS
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner, Met
from scoring.practice.learning import updated
from scoring.practice.policy import DEFAULT_POLICY
from tests.bench.irt.data import draw_abilities, draw_bank
from tests.bench.readiness.catsim_peer import MISSING, ask

BANK, CHOICES, QUICK_CHOICES = 2_000, 2_000, 200
DOMAINS, STANDARDS_OF_DOMAIN, MET = 5, 20, 100
GOAL_MS = 1.0


def large_bank() -> PracticeBank:
    """2,000 items of five domains and a hundred standards, half of them in families of three."""
    a, b = draw_bank(BANK)
    items = [
        BankItem(
            identifier=f"i{j:04}",
            domain=f"d{j % DOMAINS}",
            standard=f"d{j % DOMAINS}.{j // DOMAINS % STANDARDS_OF_DOMAIN:02}",
            family=f"f{j // (2 * DOMAINS) // 3}.{j % DOMAINS}" if j % (2 * DOMAINS) < DOMAINS else "",
        )
        for j in range(BANK)
    ]
    chain = {
        f"d{d}.{s:02}": [f"d{d}.{s - 1:02}"] for d in range(DOMAINS) for s in range(1, STANDARDS_OF_DOMAIN)
    }
    parameters = ItemParameters.dichotomous(a, b, np.where(np.arange(BANK) % 3 == 0, 0.2, 0.0))
    return PracticeBank.of(items, parameters, np.tile([0, 2], (BANK, 1)), prerequisites=chain)


def a_learner(bank: PracticeBank) -> Learner:
    """One who has met a hundred items, some of them due again, and is known in every domain."""
    learner, growth = Learner(normal_weights(DEFAULT_GRID)), ASSUMED_EFFECTS.growth
    for index in range(0, 20 * MET, 20):
        learner = updated(learner, bank, index + index // 100 % DOMAINS, index // 20 % 2, growth)
    met = {
        key: Met(missed=one.missed, due=one.missed and n % 4 == 0)
        for n, (key, one) in enumerate(learner.met.items())
    }
    return replace(learner, met=met)


def seconds_of_choices(n: int) -> tuple[float, float, float]:
    """Median and 99th percentile of one choice, and what building the bank's tables takes once."""
    begun = time.perf_counter()
    bank = large_bank()
    built = time.perf_counter() - begun
    rows = np.arange(20)
    exam = Exam.of(
        [bank.items[row].domain for row in rows],
        bank.parameters.select(rows),
        bank.half_points[rows],
        standards=[bank.items[row].standard for row in rows],
        breadth=dict.fromkeys(bank.domain_codes, STANDARDS_OF_DOMAIN),
    )
    learner, taken = a_learner(bank), [3, 77, 1201]
    draws = np.random.default_rng(1).random(n + 20).tolist()
    seconds = []
    for u in draws:
        begun = time.perf_counter()
        next_item(bank, learner, exam, DEFAULT_POLICY, taken, len(taken), 8, u)
        seconds.append(time.perf_counter() - begun)
    return float(np.median(seconds[20:])), float(np.quantile(seconds[20:], 0.99)), built


def report(*, quick: bool = False) -> list[str]:
    n = QUICK_CHOICES if quick else CHOICES
    median, slow, built = seconds_of_choices(n)
    verdict = "reached" if median * 1e3 <= GOAL_MS else "MISSED"
    lines = [
        f"next item for practice of {BANK:,}: median {median * 1e3:.3f} ms, 99 % within {slow * 1e3:.3f} ms; "
        f"wanted {GOAL_MS:g}: {verdict}",
        f"  tables of the bank, once: {built * 1e3:.0f} ms",
    ]
    theirs = ask("choices", draw_abilities(n), *draw_bank(BANK), {"given": 10})
    if theirs is None:
        return [*lines, MISSING]
    ratio = theirs["seconds"] / median
    return [
        *lines,
        f"  catsim's most informative item: {theirs['seconds'] * 1e3:.3f} ms, {ratio:.2f} times ours",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.readiness.speed")
    parser.add_argument("--quick", action="store_true", help="fewer choices")
    sys.stdout.write("\n".join(report(quick=parser.parse_args().quick)) + "\n")


if __name__ == "__main__":
    main()
