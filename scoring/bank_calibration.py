"""Which parameters do a subject's items get from all first responses to them, on the scale of the bank?

Items with responses enough are calibrated together; newer ones come to that scale one by one, through the
abilities of those who met them (`scoring.pretest`); the rest keep what they have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from scoring.calibration_abilities import abilities, occasions, told
from scoring.calibration_types import BankItems, CalibrationData, CalibrationSettings, TooLittle
from scoring.growth import ASSUMED, Dynamics
from scoring.irt import Anchors, CalibrationResult, ItemParameters, Priors, fit
from scoring.irt.linking.scales import ScaleLink, link
from scoring.irt.quality.drift import DriftTable, StandardErrors, drift, propose_anchors
from scoring.irt.responses import resolve_missing
from scoring.irt.types import BoolArray, FloatArray, IntArray, ResponseArray
from scoring.pretest import LEAST_RESPONSES, pretest_item

LEAST_CANDIDATES, LEAST_ITEMS, LEAST_COMMON = 100, 5, 3
_GUESSING_SD = 0.3  # of logit c: responses of hundreds say little about guessing
_PLAIN: Callable[[str], None] = lambda step: None  # noqa: E731


@dataclass(frozen=True, slots=True, eq=False)
class BankCalibration:
    """What comes out for J items; rows of `parameters` are the bank's where `sources` says "".

    codes       (N, J)  with missing responses resolved
    n           (J,)    responses that speak
    known       (J,)    whose abilities were told by these items: calibrated now or before
    posteriors  (N, Q)  of ability from the known items, carried on from trial to trial
    fitted      (N,)    rows that took part in calibrating items together
    drift               of the common items `common` (M,), None on a first calibration
    problems            by item: what kept it from being calibrated
    """

    parameters: ItemParameters
    sources: tuple[str, ...]
    se_a: FloatArray
    se_b: FloatArray
    codes: ResponseArray
    n: IntArray
    n_estimated: IntArray
    known: BoolArray
    posteriors: FloatArray
    fitted: BoolArray
    prior_mean: FloatArray
    prior_sd: FloatArray
    result: CalibrationResult
    scale: str
    link: ScaleLink | None
    common: IntArray
    kept_common: BoolArray
    drift: DriftTable | None
    problems: Mapping[int, str]


def calibrate_bank(
    data: CalibrationData,
    bank: BankItems,
    settings: CalibrationSettings,
    *,
    dynamics: Dynamics = ASSUMED,
    tell: Callable[[str], None] = _PLAIN,
) -> BankCalibration:
    """On a first calibration the pupils' first trial has N(0, 1), as the assumptions say; afterwards the
    scale is that of the bank.

    Together are calibrated items with enough responses on occasions that items in common tie to the first.
    What pupils did on other occasions speaks of items through their abilities, which `dynamics` carry there.
    `tell` hears which step begins. Raises TooLittle.
    """
    codes = resolve_missing(data.codes, bank.parameters.n_categories)
    n = np.asarray((codes >= 0).sum(axis=0), dtype=np.int64)
    occasion = occasions(data, codes)
    main = np.flatnonzero((codes[occasion > 0] >= 0).sum(axis=0) >= settings.wanted)
    if data.n_rows < LEAST_CANDIDATES:
        raise TooLittle("too_few_candidates")
    if main.size < LEAST_ITEMS:
        raise TooLittle("too_few_items")
    tell("fit")
    fitting = _Fitting(codes[occasion > 0], occasion[occasion > 0], bank, main)
    fitted = fitting.run()
    usable = _usable(fitted, bank, main)
    placed = _placed(fitting, bank, settings, main, fitted, usable, tell)
    known = bank.established.copy()
    known[main[placed.usable]] = True
    mean, sd = _population(placed, data)
    own = placed.parameters.select(known)
    posteriors = abilities(data, codes[:, known], own, mean=mean, sd=sd, dynamics=dynamics)
    tell("pretest")
    merged = _with_pretest(placed, bank, codes, posteriors, known, told(data, codes[:, known]))
    return BankCalibration(
        parameters=merged.parameters,
        sources=merged.sources,
        se_a=merged.se_a,
        se_b=merged.se_b,
        codes=codes,
        n=n,
        n_estimated=_n_estimated(placed.result, main, n.size),
        known=known,
        posteriors=posteriors,
        fitted=occasion > 0,
        prior_mean=mean,
        prior_sd=sd,
        result=placed.result,
        scale=placed.scale,
        link=placed.link,
        common=placed.common,
        kept_common=placed.kept_common,
        drift=placed.drift,
        problems=_problems(placed.result, main, usable),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A calibration on the bank's scale. `usable` (M,) among the main items."""

    parameters: ItemParameters
    sources: tuple[str, ...]
    se_a: FloatArray
    se_b: FloatArray
    result: CalibrationResult
    usable: BoolArray
    scale: str
    link: ScaleLink | None
    common: IntArray
    kept_common: BoolArray
    drift: DriftTable | None


@dataclass(frozen=True, slots=True, eq=False)
class _Fitting:
    """What is calibrated together: codes (R, J), and whose population each row (R,) is of."""

    codes: ResponseArray
    occasion: IntArray
    bank: BankItems
    main: IntArray

    def run(self, anchors: Anchors | None = None) -> CalibrationResult:
        parameters = self.bank.parameters.select(self.main)
        guessed = parameters.c[parameters.c > 0]
        priors = Priors.weak()
        if guessed.size:
            c = float(guessed.mean())
            priors = replace(priors, logit_c=(float(np.log(c / (1 - c))), _GUESSING_SD))
        kinds = zip(parameters.n_categories, parameters.c, strict=True)
        return fit(
            self.codes[:, self.main],
            [_model(int(n_categories), float(c)) for n_categories, c in kinds],
            groups=self.occasion,
            priors=priors,
            anchors=anchors,
        )


def _model(n_categories: int, c: float) -> str:
    if n_categories > 2:
        return "gpcm"
    return "3pl" if c > 0 else "2pl"


def _usable(result: CalibrationResult, bank: BankItems, main: IntArray) -> BoolArray:
    """(M,): estimated, with a standard error, and in all categories that the bank knows."""
    whole = result.n_categories == bank.parameters.n_categories[main]
    return np.asarray(result.calibrated & whole & np.isfinite(result.se_b), dtype=np.bool_)


def _placed(
    fitting: _Fitting,
    bank: BankItems,
    settings: CalibrationSettings,
    main: IntArray,
    result: CalibrationResult,
    usable: BoolArray,
    tell: Callable[[str], None],
) -> _Placed:
    common = main[usable & bank.established[main]]
    if common.size < LEAST_COMMON:
        return _merged(bank, main, result, usable, "first", None)
    tell("link")
    new = _estimates(result, usable)
    rows = np.flatnonzero(np.isin(main[usable], common))
    old = bank.parameters.select(common)
    kept = propose_anchors(bank=old, new=new.select(rows)).keep
    found = link(new.select(rows[kept]), old.select(kept))
    errors = StandardErrors(result.se_a[usable][rows], result.se_b[usable][rows])
    changes = drift(
        bank=old,
        new=new.select(rows),
        bank_se=StandardErrors(bank.se_a[common], bank.se_b[common]),
        new_se=errors,
        link=found,
    )
    if settings.scale == "fixed":
        hold = common[kept & ~_moved(changes)]
        if hold.size >= LEAST_COMMON:
            anchors = Anchors(np.flatnonzero(np.isin(main, hold)), bank.parameters.select(hold).trimmed())
            held = fitting.run(anchors)
            placed = _merged(bank, main, held, _usable(held, bank, main), "fixed", None)
            # What was held says nothing new: such an item keeps what it has.
            sources = tuple("" if item in hold else told for item, told in enumerate(placed.sources))
            kept, as_was = np.isin(common, hold), bank.parameters.select(hold)
            placed = replace(placed, parameters=_over(placed.parameters, hold, as_was))
            return replace(placed, sources=sources, common=common, kept_common=kept, drift=changes)
    placed = _merged(bank, main, result, usable, "linked", found)
    return replace(placed, common=common, kept_common=kept, drift=changes)


def _moved(changes: DriftTable) -> BoolArray:
    """Drifted, by what is known: a bank without standard errors says nothing against an item."""
    return np.asarray(
        (np.abs(np.nan_to_num(changes.z_b)) > 3)
        | (np.abs(np.nan_to_num(changes.z_a)) > 3)
        | (np.sqrt(changes.d_squared) > 0.1)
    )


def _estimates(result: CalibrationResult, usable: BoolArray) -> ItemParameters:
    width = max(int(result.n_categories[usable].max(initial=2)) - 1, 1)
    return ItemParameters(
        a=result.a[usable],
        b=result.b[usable],
        steps=result.steps[usable][:, :width],
        c=result.c[usable],
        n_categories=result.n_categories[usable],
    )


def _merged(
    bank: BankItems,
    main: IntArray,
    result: CalibrationResult,
    usable: BoolArray,
    scale: str,
    found: ScaleLink | None,
) -> _Placed:
    """The bank's parameters with those of the calibrated items put over them."""
    new = _estimates(result, usable)
    se_a, se_b = result.se_a[usable], result.se_b[usable]
    if found is not None:
        new, se_a, se_b = found.items(new), se_a / found.slope, se_b * found.slope
    where = main[usable]
    told = "linked" if found is not None else "calibrated"
    sources = tuple(told if place in set(where.tolist()) else "" for place in range(len(bank.sources)))
    n_items = len(bank.sources)
    return _Placed(
        parameters=_over(bank.parameters, where, new),
        sources=sources,
        se_a=_put(n_items, where, se_a),
        se_b=_put(n_items, where, se_b),
        result=result,
        usable=usable,
        scale=scale,
        link=found,
        common=np.zeros(0, dtype=np.int64),
        kept_common=np.zeros(0, dtype=np.bool_),
        drift=None,
    )


def _over(bank: ItemParameters, where: IntArray, new: ItemParameters) -> ItemParameters:
    a, b, c, steps = bank.a.copy(), bank.b.copy(), bank.c.copy(), bank.steps.copy()
    a[where], b[where], c[where] = new.a, new.b, new.c
    steps[where, : new.steps.shape[1]] = new.steps
    return replace(bank, a=a, b=b, c=c, steps=steps)


def _put(n_items: int, where: IntArray, values: FloatArray) -> FloatArray:
    result = np.full(n_items, np.nan)
    result[where] = values
    return result


def _population(placed: _Placed, data: CalibrationData) -> tuple[FloatArray, FloatArray]:
    """Mean and sd (N,) of the population each row comes from, on the bank's scale."""
    population = placed.result.population
    labels = np.array(population.groups, dtype=np.int64)
    # An occasion without one of its own stands with the latest before it; its rows are carried there anyway.
    place = np.maximum(np.searchsorted(labels, data.occasion, side="right") - 1, 0)
    mean, sd = population.mean[place], population.sd[place]
    if placed.link is not None:
        mean, sd = placed.link.theta(mean), placed.link.slope * sd
    return np.asarray(mean), np.asarray(sd)


def _with_pretest(
    placed: _Placed,
    bank: BankItems,
    codes: ResponseArray,
    posteriors: FloatArray,
    known: BoolArray,
    rows_told: BoolArray,
) -> _Placed:
    """Adds newer items: those with responses enough for a prior to be corrected, and nothing better known.

    An item that a category is missing of keeps what it has: a prior would make up where that lies.
    """
    parameters, sources = placed.parameters, list(placed.sources)
    se_a, se_b = placed.se_a.copy(), placed.se_b.copy()
    own = bank.parameters
    for item in np.flatnonzero(~known):
        rows = np.flatnonzero((codes[:, item] >= 0) & rows_told)
        if rows.size < LEAST_RESPONSES or np.unique(codes[rows, item]).size < own.n_categories[item]:
            continue
        start = own.b[item] + own.steps[item, : int(own.n_categories[item]) - 1]
        found = pretest_item(codes[rows, item], posteriors[rows], start_steps=start, c=float(own.c[item]))
        new = ItemParameters.partial_credit([found.a], [found.steps.tolist()])
        new = replace(new, c=np.array([found.c]))
        parameters = _over(parameters, np.array([item]), new)
        sources[item], se_a[item], se_b[item] = "pretest", found.se_a, found.se_b
    return replace(placed, parameters=parameters, sources=tuple(sources), se_a=se_a, se_b=se_b)


def _n_estimated(result: CalibrationResult, main: IntArray, n_items: int) -> IntArray:
    counts = np.zeros(n_items, dtype=np.int64)
    counts[main] = result.n_estimated
    return counts


def _problems(result: CalibrationResult, main: IntArray, usable: BoolArray) -> dict[int, str]:
    found = {int(main[place]): "empty_category" for place in np.flatnonzero(~usable)}
    return found | {int(main[flag.item]): str(flag.kind) for flag in result.flags}
