"""What should a person know of a calibration before they accept it, in figures and in flags?

Everything leaves as plain numbers and texts, because it is stored with the draft and read long after. NaN
becomes None. Imports SciPy through the quality modules, so no web process loads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.bank_calibration import BankCalibration
from scoring.calibration_types import BankItems, CalibrationData
from scoring.irt import DEFAULT_GRID, mean_and_sd, score
from scoring.irt.dif import benjamini_hochberg, logistic_regression, mantel_haenszel
from scoring.irt.quality.curve_gap import curve_gap
from scoring.irt.quality.dependence import q3
from scoring.irt.quality.item_fit import s_x2
from scoring.irt.quality.mean_squares import item_mean_squares
from scoring.irt.types import FloatArray
from scoring.pretest import is_precise

EASY, HARD, WEAK, STEEP = 0.95, 0.10, 0.15, 4.0
MISFIT_P, MISFIT_RMSEA = 0.01, 0.05
WILD, WILD_Z = 1.3, 2.0
DEPENDENT, LEAST_PAIR = 0.2, 200
DIF_LEAST = 100
FIT_LEAST = 200

GRAVE = frozenset({"one_category", "empty_category", "negative_slope", "slope_at_bound", "backwards"})
"""With one of these an item is left out unless a person says otherwise."""

_LEAST_KNOWN = 8
_ROUND_TO = 4
_PLAIN: Callable[[str], None] = lambda step: None  # noqa: E731
Row = dict[str, Any]


def calibration_report(
    data: CalibrationData, bank: BankItems, found: BankCalibration, *, tell: Callable[[str], None] = _PLAIN
) -> dict[str, Any]:
    """`items` by position: figures and `flags`; `dif`, `pairs`, `summary`, `population`."""
    theta, se = mean_and_sd(found.posteriors, DEFAULT_GRID)
    tell("fit_report")
    free = _free_of_bias(found, theta)
    rows = _classical(found, bank)
    _add_fit(rows, data, found, free)
    _add_bank(rows, bank, found)
    tell("dif")
    dif = _dif(data, found, bank, theta, tell)
    pairs = _pairs(found, free)
    _add_flags(rows, found, dif, pairs)
    return {
        "items": rows,
        "dif": dif,
        "pairs": pairs,
        "summary": _summary(data, found, bank, theta, se),
        "population": _populations(found),
    }


def plain(value: object) -> Any:
    """A number as JSON can hold it."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    number = float(value)  # type: ignore[arg-type]
    return round(number, _ROUND_TO) if np.isfinite(number) else None


def _free_of_bias(found: BankCalibration, theta: FloatArray) -> FloatArray:
    """Warm's estimates (N,), where the means of posteriors are drawn to the middle; but those where a row has
    too few known items to speak for itself, as on a later trial whose anchors the pupil had met before.
    """
    codes = found.codes[:, found.known]
    free = score(codes, found.parameters.select(found.known), "wle").theta
    return np.where((codes >= 0).sum(axis=1) >= _LEAST_KNOWN, free, theta)


# ---- Each item -------------------------------------------------------------------------------------


def _classical(found: BankCalibration, bank: BankItems) -> list[Row]:
    """Facility in points and correlation with the share of points on everything else that was met."""
    n_rows = found.codes.shape[0]
    total, available = np.zeros(n_rows), np.zeros(n_rows)
    best = bank.half_points.max(axis=1)
    for item in range(best.size):
        met, points = _points(found, bank, item)
        total += points
        available += met * best[item]
    rows = []
    for item in range(best.size):
        met, points = _points(found, bank, item)
        others = available - met * best[item]
        use = met & (others > 0)
        rest = (total[use] - points[use]) / others[use] if use.any() else np.zeros(0)
        n = int(met.sum())
        facility = float(points.sum() / (n * best[item])) if n else float("nan")
        rows.append({"n": n, "facility": plain(facility), "rest": plain(_correlation(points[use], rest))})
    return rows


def _points(found: BankCalibration, bank: BankItems, item: int) -> tuple[NDArray[np.bool_], FloatArray]:
    codes = found.codes[:, item]
    met = codes >= 0
    return met, np.where(met, bank.half_points[item][np.maximum(codes, 0)], 0).astype(np.float64)


def _correlation(x: FloatArray, y: FloatArray) -> float:
    if x.size < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def _add_fit(rows: list[Row], data: CalibrationData, found: BankCalibration, theta: FloatArray) -> None:
    """Infit and outfit of every item; S-X2 from those forms that enough pupils met as a whole."""
    squares = item_mean_squares(found.codes, found.parameters, theta)
    for item, row in enumerate(rows):
        for name in ("infit", "infit_z", "outfit", "outfit_z"):
            row[name] = plain(getattr(squares, name)[item])
        row.update(sx2=None, sx2_df=0, sx2_p=None, rmsea=None, sx2_n=0)
    for form in np.unique(data.form).tolist():
        own = np.flatnonzero(data.form == form)
        met = (found.codes[own] >= 0).sum(axis=0)
        columns = np.flatnonzero(found.known & (met >= 0.8 * own.size))
        complete = own[(found.codes[np.ix_(own, columns)] >= 0).all(axis=1)]
        if columns.size < 3 or complete.size < FIT_LEAST:
            continue
        fit = s_x2(
            found.codes[np.ix_(complete, columns)],
            found.parameters.select(columns),
            n_parameters=found.n_estimated[columns],
            prior_mean=float(found.prior_mean[complete].mean()),
            prior_sd=float(found.prior_sd[complete].mean()),
        )
        for place, column in enumerate(columns):
            if fit.df[place] > 0 and fit.n_used > rows[column]["sx2_n"]:
                rows[column].update(
                    sx2=plain(fit.statistic[place]),
                    sx2_df=int(fit.df[place]),
                    sx2_p=plain(fit.p[place]),
                    rmsea=plain(fit.rmsea[place]),
                    sx2_n=fit.n_used,
                )


def _add_bank(rows: list[Row], bank: BankItems, found: BankCalibration) -> None:
    gap = curve_gap(bank.parameters, found.parameters, category_points=bank.half_points)
    for item, row in enumerate(rows):
        row["bank"] = {
            "a": plain(bank.parameters.a[item]),
            "b": plain(bank.parameters.b[item]),
            "source": bank.sources[item],
        }
        row["new"] = bool(found.sources[item])
        row["gap"] = plain(gap.mean[item])
        row["gap_size"] = plain(np.sqrt(gap.squared[item]))
        row.update(z_b=None, z_a=None, anchor=False)
    if found.drift is not None:
        for place, item in enumerate(found.common):
            rows[item].update(
                z_b=plain(found.drift.z_b[place]),
                z_a=plain(found.drift.z_a[place]),
                anchor=bool(found.kept_common[place]),
                displacement=plain(found.drift.displacement[place]),
            )


# ---- Groups and pairs ------------------------------------------------------------------------------


def _dif(
    data: CalibrationData,
    found: BankCalibration,
    bank: BankItems,
    theta: FloatArray,
    tell: Callable[[str], None],
) -> list[Row]:
    """One entry for each group that is large enough: who is compared, and the items that differ (B or C)."""
    level = np.round(theta * 4) / 4
    entries = []
    for kind, labels in data.groups.items():
        known = labels != ""
        values, counts = np.unique(labels[known], return_counts=True)
        # Of two groups one comparison says everything; of more, each stands against all others.
        focal = values[np.argsort(counts, kind="stable")]
        for label in focal[:1] if focal.size == 2 else focal:
            tell("dif")
            n_focal, n_others = int((labels == label).sum()), int((known & (labels != label)).sum())
            if min(n_focal, n_others) >= DIF_LEAST:
                entry = _between(found, bank, labels[known] == label, known, level[known])
                entries.append(
                    {"kind": kind, "focal": str(label), "n_focal": n_focal, "n_others": n_others} | entry
                )
    if data.practised.size and (practice := _practice_dif(data, found, theta)):
        entries.append(practice)
    return entries


def _between(
    found: BankCalibration,
    bank: BankItems,
    is_focal: NDArray[np.bool_],
    known: NDArray[np.bool_],
    level: FloatArray,
) -> Row:
    codes = found.codes[known]
    enough = ((codes[is_focal] >= 0).sum(axis=0) >= DIF_LEAST) & (
        (codes[~is_focal] >= 0).sum(axis=0) >= DIF_LEAST
    )
    tested = np.flatnonzero(enough)
    if tested.size == 0:
        return {"n_tested": 0, "items": []}
    result = mantel_haenszel(
        codes[:, tested],
        is_focal,
        focal=True,
        category_points=bank.half_points[tested],
        matching=level,
        adjust=True,
    )
    share = result.smd / bank.half_points[tested].max(axis=1)
    items = [
        {
            "item": int(item),
            "class": result.ets_class[place],
            "difference": plain(share[place]),
            "p": plain(result.adjusted_p_value[place]),
        }
        for place, item in enumerate(tested)
        if result.ets_class[place] in ("B", "C")
    ]
    return {"n_tested": int(tested.size), "items": items}


def _practice_dif(data: CalibrationData, found: BankCalibration, theta: FloatArray) -> Row | None:
    """Is an item easier in practice than in a trial, at equal ability? For items that were met in both."""
    rows: list[tuple[int, str, float, float]] = []
    for item in range(found.codes.shape[1]):
        met = found.codes[:, item] >= 0
        practised = data.practised[met, item]
        if min(int(practised.sum()), int((~practised).sum())) < DIF_LEAST:
            continue
        test = logistic_regression(
            found.codes[met][:, [item]], practised, focal=True, matching=np.round(theta[met], 1)
        )
        p, effect = float(test.total.p_value[0]), float(test.group_effect[0])
        rows.append((item, test.effect_class[0], effect, p))
    if not rows:
        return None
    adjusted = benjamini_hochberg([row[3] for row in rows])
    items = [
        {"item": item, "class": letter, "log_odds": plain(effect), "p": plain(p)}
        for (item, letter, effect, _), p in zip(rows, adjusted, strict=True)
        if letter in ("B", "C") and p < 0.05
    ]
    n = int(data.practised.any(axis=1).sum())
    return {
        "kind": "practice",
        "focal": "",
        "n_focal": n,
        "n_others": data.n_rows,
        "n_tested": len(rows),
        "items": items,
    }


def _pairs(found: BankCalibration, theta: FloatArray) -> list[Row]:
    """Items that go together beyond ability: what ties them is their content, and one adds little."""
    columns = np.flatnonzero(found.known & (found.n >= LEAST_PAIR))
    if columns.size < 3:
        return []
    dependence = q3(found.codes[:, columns], found.parameters.select(columns), theta)
    return [
        {"first": int(columns[pair.first]), "second": int(columns[pair.second]), "excess": plain(pair.excess)}
        for pair in dependence.pairs_above(DEPENDENT)
        if dependence.n[pair.first, pair.second] >= LEAST_PAIR
    ]


# ---- Flags and the whole ---------------------------------------------------------------------------


def _add_flags(rows: list[Row], found: BankCalibration, dif: list[Row], pairs: list[Row]) -> None:
    for item, row in enumerate(rows):
        flags = [found.problems[item]] if item in found.problems else []
        if row["new"]:
            flags += _of_figures(row, float(found.parameters.a[item]))
            if found.sources[item] == "pretest" and not is_precise(found.se_b[item]):
                flags.append("imprecise")
        row["flags"] = flags
    for entry in dif:
        for one in entry["items"]:
            _mark(rows[one["item"]], f"dif_{entry['kind']}")
    for pair in pairs:
        for place in (pair["first"], pair["second"]):
            _mark(rows[place], "pair")


def _mark(row: Row, flag: str) -> None:
    if flag not in row["flags"]:
        row["flags"].append(flag)


def _of_figures(row: Row, a: float) -> list[str]:
    facility, rest = row["facility"], row["rest"]
    tests: Mapping[str, bool] = {
        "easy": facility is not None and facility > EASY,
        "hard": facility is not None and facility < HARD,
        "backwards": rest is not None and rest < 0,
        "weak": rest is not None and 0 <= rest < WEAK,
        "steep": a > STEEP,
        "misfit": row["sx2_p"] is not None and row["sx2_p"] < MISFIT_P and row["rmsea"] > MISFIT_RMSEA,
        "wild": _is_wild(row, "infit") or _is_wild(row, "outfit"),
        "drift": _drifts(row),
    }
    return [name for name, found in tests.items() if found]


def _is_wild(row: Row, name: str) -> bool:
    return row[name] is not None and row[name] > WILD and (row[f"{name}_z"] or 0) > WILD_Z


def _drifts(row: Row) -> bool:
    """Against the bank's own calibration; assumed parameters were only a guess, and cannot drift."""
    if "displacement" not in row:
        return False
    return bool(abs(row["z_b"] or 0) > 3 or abs(row["z_a"] or 0) > 3 or (row["gap_size"] or 0) > 0.1)


def _summary(
    data: CalibrationData, found: BankCalibration, bank: BankItems, theta: FloatArray, se: FloatArray
) -> Row:
    new = np.array([bool(source) for source in found.sources])
    own, old = found.parameters.b[new], bank.parameters.b[new]
    told = [source for source in found.sources if source]
    spread = float(theta.var())
    return {
        "n_rows": data.n_rows,
        "n_carried": int((~found.fitted).sum()),
        "n_responses": int(found.n.sum()),
        "n_items": int((found.n > 0).sum()),
        "n_calibrated": sum(source in ("calibrated", "linked") for source in told),
        "n_pretest": told.count("pretest"),
        "n_kept": int((found.n > 0).sum()) - len(told),
        "scale": found.scale,
        "slope": plain(found.link.slope) if found.link else None,
        "intercept": plain(found.link.intercept) if found.link else None,
        "n_common": int(found.common.size),
        "n_common_kept": int(found.kept_common.sum()),
        "converged": bool(found.result.converged),
        "iterations": int(found.result.iterations),
        "log_likelihood": plain(found.result.log_likelihood),
        "reliability": plain(spread / (spread + float((se**2).mean()))),
        "correlation_b": plain(_correlation(own, old)),
        "mean_change": plain((own - old).mean()) if own.size else None,
        "rms_change": plain(np.sqrt(((own - old) ** 2).mean())) if own.size else None,
    }


def _populations(found: BankCalibration) -> list[Row]:
    """Of each occasion with one of its own, on the scale of the result; rows without are carried there."""
    means, sds = found.prior_mean[found.fitted], found.prior_sd[found.fitted]
    pairs = np.unique(np.stack([means, sds]), axis=1)
    counts = [int(((means == mean) & (sds == sd)).sum()) for mean, sd in pairs.T]
    return [
        {"mean": plain(mean), "sd": plain(sd), "n": n} for (mean, sd), n in zip(pairs.T, counts, strict=True)
    ]
