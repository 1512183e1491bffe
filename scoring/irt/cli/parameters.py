"""Which items with which parameters does a run hand on to later ones?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from scoring.irt.calibration.result import CalibrationResult, Model, Population
from scoring.irt.cli.problems import Problem
from scoring.irt.types import FloatArray, IntArray, ItemParameters


@dataclass(frozen=True, slots=True, eq=False)
class ItemErrors:
    """Standard errors of J items, NaN where unknown: a, b, c (J,) and steps (J, K_max - 1)."""

    a: FloatArray
    b: FloatArray
    c: FloatArray
    steps: FloatArray

    @classmethod
    def unknown(cls, items: ItemParameters) -> ItemErrors:
        nothing = np.full(items.n_items, np.nan)
        return cls(nothing, nothing, nothing, np.full(items.steps.shape, np.nan))


@dataclass(frozen=True, slots=True, eq=False)
class KnownItems:
    """J items by name, with the population they were calibrated in and the facts of that run, if known.

    covariates      names of the population's coefficients
    not_calibrated  items of the run that got no parameters
    run             facts such as "log_likelihood", for people to read
    """

    names: tuple[str, ...]
    models: tuple[str, ...]
    parameters: ItemParameters
    errors: ItemErrors
    population: Population | None = None
    covariates: tuple[str, ...] = ()
    not_calibrated: tuple[str, ...] = ()
    run: Mapping[str, object] = field(default_factory=dict)

    def positions(self, wanted: Sequence[str]) -> IntArray:
        """Where these items stand; KeyError for one that is not known."""
        place = {name: position for position, name in enumerate(self.names)}
        return np.array([place[name] for name in wanted], dtype=np.int64)

    def chosen(self, wanted: Sequence[str]) -> ItemParameters:
        """These items in this order, with no more room for steps than they need among themselves."""
        return self.parameters.select(self.positions(wanted)).trimmed()


def known_items(
    result: CalibrationResult,
    names: Sequence[str],
    *,
    covariates: Sequence[str] = (),
    run: Mapping[str, object] | None = None,
) -> KnownItems:
    """What a calibration of the items called `names` (J) found."""
    kept = result.calibrated
    items = result.items
    width = items.steps.shape[1]
    of_all = zip(names, result.models, kept, strict=True)
    chosen = [(name, str(model)) for name, model, calibrated in of_all if calibrated]
    return KnownItems(
        names=tuple(name for name, _ in chosen),
        models=tuple(model for _, model in chosen),
        parameters=items,
        errors=ItemErrors(
            a=result.se_a[kept],
            b=result.se_b[kept],
            c=result.se_c[kept],
            steps=result.se_steps[kept][:, :width],
        ),
        population=result.population,
        covariates=tuple(covariates),
        not_calibrated=tuple(name for name, calibrated in zip(names, kept, strict=True) if not calibrated),
        run={**facts(result), **(run or {})},
    )


def facts(result: CalibrationResult) -> dict[str, object]:
    """The run in figures."""
    points = result.grid.points
    return {
        "n_candidates": result.n_candidates,
        "log_likelihood": result.log_likelihood,
        "n_parameters": result.n_parameters,
        "aic": result.aic,
        "bic": result.bic,
        "converged": result.converged,
        "iterations": result.iterations,
        "gradient_norm": result.gradient_norm,
        "grid": {"points": result.grid.size, "low": float(points[0]), "high": float(points[-1])},
    }


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item as a file has it; what is not there is None. `place` says where, for messages."""

    place: str
    name: str
    a: float
    b: float
    model: str | None = None
    c: float = 0.0
    steps: tuple[float, ...] = ()
    se_a: float = float("nan")
    se_b: float = float("nan")
    se_c: float = float("nan")
    se_steps: tuple[float, ...] = ()


def assembled(rows: Sequence[ItemRow], path: Path) -> tuple[tuple[str, ...], ItemParameters, ItemErrors]:
    """Models, parameters and standard errors of the items read from a file.

    Steps need not sum to zero there: what counts is the difficulty b + step. Raises Problem with the item and
    field that cannot be.
    """
    if not rows:
        raise Problem(f"{path.name}: no item in it has parameters")
    models = tuple(_check(row) for row in rows)
    width = max(max(len(row.steps) for row in rows), 1)
    steps = np.full((len(rows), width), np.nan)
    se_steps = steps.copy()
    for number, row in enumerate(rows):
        steps[number, : max(len(row.steps), 1)] = row.steps or 0.0
        se_steps[number, : len(row.se_steps)] = row.se_steps
    middle = np.nanmean(steps, axis=1)
    middle[np.abs(middle) < 1e-12] = 0.0  # so that what was written comes back to the last digit
    parameters = ItemParameters(
        a=np.array([row.a for row in rows]),
        b=np.array([row.b for row in rows]) + middle,
        steps=steps - middle[:, None],
        c=np.array([row.c for row in rows]),
        n_categories=np.array([max(len(row.steps), 1) + 1 for row in rows]),
        graded=np.array([model == Model.GRM for model in models]),
    )
    errors = ItemErrors(
        a=np.array([row.se_a for row in rows]),
        b=np.array([row.se_b for row in rows]),
        c=np.array([row.se_c for row in rows]),
        steps=se_steps,
    )
    return models, parameters, errors


def _check(row: ItemRow) -> str:
    """The item's model, taken from its parameters where the file does not say."""
    many = len(row.steps) > 1
    model = row.model or (Model.GPCM if many else Model.THREE if row.c > 0 else Model.TWO)
    if model not in set(Model):
        raise Problem(f'{row.place}, field "model": "{model}" is no model. There are {", ".join(Model)}')
    if row.a <= 0:
        raise Problem(f'{row.place}, field "a": {row.a:g}; a discrimination is above 0')
    if not 0 <= row.c < 1:
        raise Problem(f'{row.place}, field "c": {row.c:g}; guessing lies from 0 to below 1')
    if row.c > 0 and model != Model.THREE:
        raise Problem(f'{row.place}, field "c": only a 3pl item can have guessing, and this one is {model}')
    if many and Model(model).dichotomous_only:
        raise Problem(f'{row.place}, field "steps": a {model} item has none; pcm, gpcm and grm have')
    if model == Model.GRM and any(after <= before for before, after in pairwise(row.steps)):
        raise Problem(f'{row.place}, field "steps": those of a grm item have to ascend')
    if row.se_steps and len(row.se_steps) != max(len(row.steps), 1):
        raise Problem(f'{row.place}, field "se_steps": needs one number for every step')
    return str(model)
