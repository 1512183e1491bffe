"""How is one row measured: who takes which turn, and is what came out equally good?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.irt import referee
from tests.bench.irt.data_sets import DataSets
from tests.bench.irt.process import Measured, Worker
from tests.bench.irt.referee import Solution
from tests.bench.irt.rows import NAMES, Row

SAME_LOG_LIKELIHOOD, SAME_THETA = 0.01, 0.001
OURS = ("ours", "floor")
RESPONSES_ALONE = ("fit", "e_step")  # other tasks get the items, too


@dataclass(frozen=True, slots=True)
class Quality:
    """How far off we and the peer are, how far off we may be, and that in words."""

    ours: float = 0.0
    theirs: float = 0.0
    allowed: float = 0.0
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What both needed for a row of that size, and how good what they found is."""

    row: Row
    size: str
    ours: Measured
    theirs: Measured
    quality: Quality

    @property
    def ratio(self) -> float:
        """Of the best runs: theirs to ours, or ours to theirs where a goal is an upper limit."""
        ratio = self.theirs.best / self.ours.best
        return 1 / ratio if self.row.at_most else ratio

    @property
    def verdict(self) -> str:
        if self.quality.ours > self.quality.allowed:
            return "INEXACT"
        if self.row.goal is None:
            return ""
        good = self.ratio <= self.row.goal if self.row.at_most else self.ratio >= self.row.goal
        return "reached" if good else "MISSED"

    def figures(self) -> dict[str, Any]:
        return {
            "title": self.row.title,
            "peer": self.row.peer,
            "size": self.size,
            "ours": self.ours.figures(),
            "theirs": self.theirs.figures(),
            "ratio": self.ratio,
            "goal": self.row.goal,
            "verdict": self.verdict,
            "quality": asdict(self.quality),
        }


class Bench:
    """Runs rows in a folder; `python` is the interpreter of the peers' environment."""

    def __init__(self, folder: Path, python: Path, data: DataSets, say: Callable[[str], None]) -> None:
        self._folder, self._python, self.data, self._say = folder, python, data, say
        self._best: dict[tuple[Any, ...], float] = {}
        self._means: dict[str, NDArray[np.float64]] = {}

    def race(self, row: Row) -> Outcome:
        with (
            self._worker("ours", row.task, row.data, row.both) as ours,
            self._worker(row.peer, row.task, row.data, {**row.both, **row.theirs}) as theirs,
        ):
            take_turns(ours, theirs, row.turns)
            found = ours.finish(), theirs.finish()
        quality = self._judged(row, found[0].found, found[1].found)
        outcome = Outcome(row, self.data.size(row.data), *found, quality)
        self._say(f"{row.title}, {outcome.size}, against {NAMES[row.peer]}: {outcome.ratio:.3g}")
        return outcome

    def alone(self, task: str, data: str, options: Mapping[str, Any]) -> Measured:
        """A task that only we do, once, in a process that has done nothing else."""
        with self._worker("ours", task, data, options, warm=False) as ours:
            ours.turn()
            return ours.finish()

    def _worker(
        self, program: str, task: str, data: str, options: Mapping[str, Any], *, warm: bool = True
    ) -> Worker:
        python = Path(sys.executable) if program in OURS else self._python
        files = self.data.files(data)
        inputs = {"responses": files["responses"]} if task in RESPONSES_ALONE else files
        return Worker(self._folder, python, program, task, inputs=inputs, options=options, warm=warm)

    def _judged(self, row: Row, ours: dict[str, Any], theirs: dict[str, Any]) -> Quality:
        if row.task == "fit":
            return self._log_likelihoods(row, ours, theirs)
        if row.task == "eap":
            errors = self._error_of_theta(row, ours), self._error_of_theta(row, theirs)
            told = f"largest error of theta: {errors[0]:.0e}, peer {errors[1]:.0e}"
            return Quality(*errors, SAME_THETA, told)
        if row.task == "adaptive":
            true = self.data.load("bank", "theta")
            told = [
                f"{found['length'].mean():.1f} items, RMSE {_rms(found['theta'] - true):.3f}"
                for found in (ours, theirs)
            ]
            return Quality(remark=f"{told[0]}; peer {told[1]}")
        return Quality()

    def _error_of_theta(self, row: Row, found: dict[str, Any]) -> float:
        if row.data not in self._means:
            a, b = (self.data.load(row.data, name) for name in ("a", "b"))
            drawn = Solution(a, b[:, None], 0 * a)
            self._means[row.data] = referee.posterior_means(self.data.load(row.data), drawn)
        return float(np.abs(np.ravel(found["theta"]) - self._means[row.data]).max())

    def _log_likelihoods(self, row: Row, ours: dict[str, Any], theirs: dict[str, Any]) -> Quality:
        """How far below the best log-likelihood known each of them is; with a prior, log-posterior."""
        responses = self.data.load(row.data)
        prior = row.both.get("guessing_prior")

        def judged(found: dict[str, Any]) -> float:
            solution = Solution.of(found)
            if "own_scale" in found:
                solution = referee.with_best_population(responses, solution)
            extra = referee.log_prior_of_guessing(solution, *prior) if prior else 0.0
            return referee.log_likelihood(responses, solution) + extra

        key = (row.data, row.both["model"], prior)
        if key not in self._best:
            options = {name: value for name, value in row.both.items() if name != "standard_errors"}
            self._best[key] = judged(self.alone("fit", row.data, {**options, "tight": True}).found)
        both = judged(ours), judged(theirs)
        best = max(self._best[key], *both)
        below = best - both[0], best - both[1]
        told = f"log-likelihood below the best: {below[0]:.4f}, peer {below[1]:.4f}"
        return Quality(*below, SAME_LOG_LIKELIHOOD, told)


def take_turns(ours: Worker, theirs: Worker, turns: int) -> None:
    """In pairs, each beginning every other one, so that noise and warmth fall on both alike."""
    if turns == 1:
        for worker in (ours, theirs, ours, ours):
            worker.turn()
        return
    for turn in range(turns):
        for worker in (ours, theirs) if turn % 2 == 0 else (theirs, ours):
            worker.turn()


def _rms(differences: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(differences**2)))
