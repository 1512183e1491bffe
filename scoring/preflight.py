"""Can the points of a planned administration be turned into results? Asked by `exams.preflight`."""

from __future__ import annotations

from collections.abc import Iterator

from exams.preflight import Findings, FormPlan, Plan
from scoring.admission_points import Regime
from scoring.data_file import DataFileError
from scoring.reference import ReferenceData, SubjectRule, reference_data


def check(plan: Plan) -> Findings:
    """Refused: a subject without reference data, a day without a regime, points that no table reaches."""
    data = reference_data()
    rule = data.subjects.get(plan.form.subject)
    if rule is None:
        known = ", ".join(sorted(data.subjects))
        missing = f"there is no reference form for {plan.form.subject} (only for {known})"
        return Findings((f"{missing}; add it to reference.toml",))
    return Findings((*_admission(plan, rule, data), *_levels(plan.form, rule, data)))


def _admission(plan: Plan, rule: SubjectRule, data: ReferenceData) -> Iterator[str]:
    days = {moment.astimezone(plan.zone).date() for moment in (plan.opens_at, plan.closes_at) if moment}
    regimes: dict[str, Regime] = {}
    for day in sorted(days):
        try:
            regime = data.regimes.on(day)
        except DataFileError:
            yield f"no rules for admission points hold on {day}; add a regime to regimes.toml"
        else:
            regimes[regime.identifier] = regime
    for regime in regimes.values():
        if rule.test_kind not in regime.thousandths_per_half_point:
            yield f"regime {regime.identifier} gives no admission points for {rule.test_kind}; add them"
        if plan.form.max_half_points > regime.half_points_max:
            yield (
                f"{plan.form.identifier} brings up to {plan.form.max_half_points} half-points, but regime "
                f"{regime.identifier} counts only {regime.half_points_max}; choose a shorter form"
            )


def _levels(form: FormPlan, rule: SubjectRule, data: ReferenceData) -> Iterator[str]:
    """Levels stand on the reference form, so only there can a cut be out of reach."""
    if form.identifier != rule.reference_form:
        return
    for level in data.levels.levels:
        if level.cut > form.max_half_points:
            yield (
                f"level {level.identifier} begins at {level.cut} half-points, but {form.identifier} brings "
                f"at most {form.max_half_points}; correct levels.toml"
            )
