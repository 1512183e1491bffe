"""What does a calibration take besides responses, and what does it give back?"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.quadrature import Grid
from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters, MissingRule

Normal = tuple[float, float]  # mean and standard deviation


class Model(StrEnum):
    """The models by the names of `fit(model=…)`."""

    RASCH = "rasch"  # slope 1; the spread of the population is estimated
    ONE = "1pl"  # one slope for all items of this name, estimated
    TWO = "2pl"
    THREE = "3pl"
    PCM = "pcm"  # partial credit with slope 1
    GPCM = "gpcm"
    GRM = "grm"

    @property
    def slope_is_fixed(self) -> bool:
        return self in (Model.RASCH, Model.PCM)

    @property
    def has_own_slope(self) -> bool:
        return not self.slope_is_fixed and self is not Model.ONE

    @property
    def dichotomous_only(self) -> bool:
        return self in (Model.RASCH, Model.ONE, Model.TWO, Model.THREE)


@dataclass(frozen=True, slots=True)
class Priors:
    """Normal priors (mean, sd) that every free item gets; None leaves that parameter to the responses.

    log_a       of the logarithm of the slope, which also keeps slopes positive
    difficulty  of every step difficulty (b, where there is one step)
    logit_c     of logit c, three-parameter items only
    """

    log_a: Normal | None = None
    difficulty: Normal | None = None
    logit_c: Normal | None = (-1.39, 0.5)

    def __post_init__(self) -> None:
        for name in ("log_a", "difficulty", "logit_c"):
            prior = getattr(self, name)
            if prior is not None and not (np.isfinite(prior).all() and prior[1] > 0):
                raise ValueError(f"prior {name}: needs a finite mean and a positive sd, got {prior}")

    @classmethod
    def weak(cls) -> Priors:
        """For some hundreds of candidates or fewer, where slopes without a prior run away."""
        return cls(log_a=(0.0, 0.5), difficulty=(0.0, 2.0))

    @classmethod
    def none(cls) -> Priors:
        """Maximum likelihood even for guessing, which then is often at 0 or far off."""
        return cls(logit_c=None)


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """Items whose parameters stay as they are; `index` says in which columns: (M,), or a mask (J,)."""

    index: IntArray
    parameters: ItemParameters

    def __post_init__(self) -> None:
        given = np.asarray(self.index)
        index = np.flatnonzero(given) if given.dtype == np.bool_ else given.astype(np.int64)
        if index.shape != (self.parameters.n_items,) or np.unique(index).size != index.size:
            raise ValueError("anchors: index needs one position, each its own, for every item of parameters")
        object.__setattr__(self, "index", index)

    @property
    def models(self) -> list[Model]:
        """The model each item follows, whatever name it was calibrated under."""
        items = self.parameters
        several = items.n_categories > 2
        return [
            (Model.GRM if graded else Model.GPCM) if many else (Model.THREE if c > 0 else Model.TWO)
            for many, graded, c in zip(several, items.graded, items.c, strict=True)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Normal populations of ability, one a group, or a regression on covariates; SE is 0 where held fixed.

    groups                (G,)  labels as given, sorted
    mean, sd              (G,)  with covariates: the intercept and the residual sd
    coefficients          (P,)  of the covariates; empty without
    """

    groups: tuple[Hashable, ...]
    mean: FloatArray
    sd: FloatArray
    se_mean: FloatArray
    se_sd: FloatArray
    coefficients: FloatArray
    se_coefficients: FloatArray

    def of_groups(self, groups: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Mean and sd (N,) for candidates of these groups (N,), as `score` takes them.

        Raises ValueError naming the first candidate whose group was not calibrated.
        """
        place = {label: at for at, label in enumerate(self.groups)}
        labels = np.asarray(groups).tolist()
        unknown = [row for row, label in enumerate(labels) if label not in place]
        if unknown:
            raise ValueError(f"candidate {unknown[0]}: group {labels[unknown[0]]!r} was not calibrated")
        at = np.array([place[label] for label in labels], dtype=np.int64)
        return self.mean[at], self.sd[at]

    def of_covariates(self, covariates: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Predicted mean (N,) and the residual sd (1,) for candidates with these covariates (N, P)."""
        values = np.asarray(covariates, dtype=np.float64)
        values = values[:, None] if values.ndim == 1 else values
        if values.ndim != 2 or values.shape[1] != self.coefficients.size:
            raise ValueError(f"covariates have shape {values.shape}, expected (N, {self.coefficients.size})")
        return self.mean[0] + values @ self.coefficients, self.sd

    @classmethod
    def fixed(cls, mean: float = 0.0, sd: float = 1.0) -> Population:
        """One population that `fit(population=…)` shall not estimate."""
        zero, none = np.zeros(1), np.zeros(0)
        return cls(("",), np.array([mean]), np.array([sd]), zero, zero, none, none)


FlagKind = Literal[
    "never_presented", "one_category", "empty_category", "identical", "negative_slope", "slope_at_bound"
]


class ItemFlag(NamedTuple):
    """Something about item number `item` (from 0) that a person should look at."""

    item: int
    kind: FlagKind
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationResult:
    """Estimates for J items; NaN where an item was not calibrated or has no such step.

    a, b, c, se_*        (J,)  on the logistic scale without a constant; SE 0 where held fixed
    steps, se_steps      (J, K_max - 1)  deviations from b that sum to zero; SE is that of b + steps
    calibrated           (J,)  False: see `flags`; such items are missing from `items`
    n_estimated          (J,)  parameters of the item alone that were estimated; 0 of an anchor
    omitted, not_reached what these responses counted as; `score` keeps to it
    converged            False also where the grid or a limit on populations kept the search from its end
    log_likelihood       marginal, without priors, in float64
    gradient_norm        Euclidean, of the log-likelihood with priors by slopes and intercepts, at the end
    iterations           passes through the responses
    n_candidates         those with a response, counted by their weights
    """

    models: tuple[str, ...]
    n_categories: IntArray
    a: FloatArray
    b: FloatArray
    steps: FloatArray
    c: FloatArray
    se_a: FloatArray
    se_b: FloatArray
    se_steps: FloatArray
    se_c: FloatArray
    calibrated: BoolArray
    n_estimated: IntArray
    flags: tuple[ItemFlag, ...]
    population: Population
    log_likelihood: float
    n_parameters: int
    n_candidates: float
    converged: bool
    iterations: int
    gradient_norm: float
    grid: Grid
    omitted: MissingRule = MissingRule.CATEGORY_ZERO
    not_reached: MissingRule = MissingRule.NOT_PRESENTED

    @property
    def aic(self) -> float:
        return 2 * self.n_parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        return float(self.n_parameters * np.log(self.n_candidates) - 2 * self.log_likelihood)

    @property
    def items(self) -> ItemParameters:
        """The calibrated items, in order; `calibrated` says which they are."""
        kept = self.calibrated
        n_categories = self.n_categories[kept]
        width = max(int(n_categories.max(initial=2)) - 1, 1)
        return ItemParameters(
            a=self.a[kept],
            b=self.b[kept],
            steps=self.steps[kept][:, :width],
            c=self.c[kept],
            n_categories=n_categories,
            graded=np.array([model == Model.GRM for model in self.models], dtype=np.bool_)[kept],
        )
