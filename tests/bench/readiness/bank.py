"""Which items do the simulated cohorts meet, what are their true parameters, and what is known of them?

The structure is that of the real mathematics: trial forms by the blueprint of its form A, 9 items of the
basic, 7 of the intermediate and 4 of the advanced level in five domains, some scored in parts, some to be
picked from choices; and the released items for practice. Truth lies around the parameters that are assumed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from scoring.assumed_parameters import Assumptions, assumed_items, load_assumptions
from scoring.irt.calibration import Model, Priors, fit
from scoring.irt.types import IntArray, ItemParameters, ResponseArray
from scoring.levels import load_levels

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
DIFFICULTY_SD, DISCRIMINATION_SD, GUESSING_SD = 0.4, 0.25, 0.25
"""How far the truth about an item lies from what is assumed of it; the last two are of logarithms."""
TRIALS = 2
BOOKLET = 20
"""So many items a candidate of a calibration meets: one form, or as many practice items."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of an item before anybody has responded."""

    level: int
    domain: int
    half_points: tuple[int, ...]
    n_choices: int


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """J items. `true` is what responses come from; `assumed` what the platform starts with.

    domain (J,) from 0; category_half_points (J, K_max); exam, trials, pool: positions of the form that is
    predicted, of the trial forms and of the items for practice.
    """

    kinds: tuple[Kind, ...]
    true: ItemParameters
    assumed: ItemParameters
    category_half_points: IntArray
    domain: IntArray
    exam: IntArray
    trials: tuple[IntArray, ...]
    pool: IntArray

    @property
    def n_domains(self) -> int:
        return int(self.domain.max()) + 1


def cuts() -> tuple[int, ...]:
    """Least half-points of the second and higher levels."""
    return load_levels(FIXTURES / "scoring" / "levels.toml").cuts


def draw_bank(rng: np.random.Generator) -> Bank:
    """A bank of that structure with a truth of its own."""
    form, pool = _structure()
    kinds = form * (1 + TRIALS) + pool
    known = assumed_items(
        [kind.level for kind in kinds],
        [kind.half_points for kind in kinds],
        _assumptions(),
        n_choices=[kind.n_choices for kind in kinds],
    )
    items, n_form = known.parameters, len(form)
    ends = np.cumsum([0] + [n_form] * (1 + TRIALS) + [len(pool)])
    parts = [np.arange(start, end) for start, end in pairwise(ends)]
    return Bank(
        kinds=kinds,
        true=replace(
            items,
            a=items.a * rng.lognormal(0, DISCRIMINATION_SD, items.n_items),
            b=items.b + rng.normal(0, DIFFICULTY_SD, items.n_items),
            c=np.minimum(items.c * rng.lognormal(0, GUESSING_SD, items.n_items), 0.5),
        ),
        assumed=items,
        category_half_points=known.category_half_points,
        domain=np.array([kind.domain for kind in kinds]),
        exam=parts[0],
        trials=tuple(parts[1 : 1 + TRIALS]),
        pool=parts[-1],
    )


def booklets(bank: Bank, rng: np.random.Generator) -> list[IntArray]:
    """What candidates of a calibration meet: each form, and the practice items in handfuls at random."""
    handfuls = np.array_split(rng.permutation(bank.pool), round(bank.pool.size / BOOKLET))
    return [bank.exam, *bank.trials, *handfuls]


def calibrated(bank: Bank, responses: ResponseArray) -> ItemParameters:
    """The bank's parameters as estimated by the platform from the responses (N, J) of a calibration.

    Its population is N(0, 1): that is what the scale means.
    """
    models = [_model(kind.n_choices, n) for kind, n in zip(bank.kinds, bank.true.n_categories, strict=True)]
    found = fit(responses, models, priors=Priors.weak(), standard_errors=False, tolerance=1e-3)
    if not (found.converged and found.calibrated.all()):
        raise RuntimeError("a calibration of the bench did not end well")
    return ItemParameters(
        a=found.a, b=found.b, steps=found.steps, c=found.c, n_categories=bank.true.n_categories
    )


def _model(n_choices: int, n_categories: int) -> str:
    if n_categories > 2:
        return Model.GPCM.value
    return Model.THREE.value if n_choices else Model.TWO.value


@cache
def _assumptions() -> Assumptions:
    return load_assumptions(FIXTURES / "scoring" / "assumed_parameters.toml")


@cache
def _structure() -> tuple[tuple[Kind, ...], tuple[Kind, ...]]:
    """The kinds of the items of form A, in order, and of all items released for practice."""
    paths = sorted((FIXTURES / "items" / "mathematics").glob("*.toml"))
    rows = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]
    form = tomllib.loads((FIXTURES / "forms" / "mathematics-a.toml").read_text(encoding="utf-8"))["items"]
    by_id = {row["id"]: row for row in rows}
    return (
        _kinds([by_id[identifier] for identifier in form]),
        _kinds([row for row in rows if row["security"] == "released"]),
    )


def _kinds(rows: Sequence[dict]) -> tuple[Kind, ...]:
    kinds = []
    for row in rows:
        _, level, domain, _ = row["standard"].split(".")
        n_choices = len(row["sr"]["choices"]) if row["interaction"] == "choice" else 0
        kinds.append(Kind(int(level), int(domain) - 1, tuple(row["half_points"]), n_choices))
    return tuple(kinds)
