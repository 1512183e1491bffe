"""On which standards has a pupil responded often enough for a verdict?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from exams.models import ItemVersion, Standard
from scoring.domains import (
    USUAL_RULE,
    Verdict,
    VerdictRule,
    expected_share,
    standard_posterior,
    verdict_on,
)
from scoring.growth import Dynamics, carry
from scoring.irt.types import FloatArray
from scoring.models import ScoringRun
from scoring.queries.evidence import SubjectEvidence
from scoring.queries.item_bank import load_bank


@dataclass(frozen=True, slots=True)
class StandardReading:
    """`verdict` is never "not enough": such standards are only counted. `n_items`: responses that speak."""

    standard: Standard
    verdict: Verdict
    n_items: int


def standard_readings(
    evidence: SubjectEvidence,
    *,
    run: ScoringRun,
    dynamics: Dynamics,
    weeks: float,
    silent: bool = False,
    rule: VerdictRule = USUAL_RULE,
) -> tuple[tuple[StandardReading, ...], int]:
    """Standards with evidence enough, in the order of codes, `weeks` after the last hand-in; and how many
    others have some responses that speak, but too few. `silent`: too little is known of the whole subject, on
    which every standard leans, so that none has enough.

    At most two queries, none where no standard has enough.
    """
    series = evidence.series
    parts = {code: series.evidence(series.on_standard(code)) for code in evidence.standards}
    enough = [code for code, part in parts.items() if part.n_items >= rule.min_standard_items]
    told = [] if silent else enough
    shares = _shares(told, run)
    readings = []
    for code in told:
        posterior = carry(standard_posterior(series, code, dynamics, rule=rule), dynamics, weeks=weeks)
        verdict = verdict_on(
            posterior, shares[code], parts[code], rule=rule, min_items=rule.min_standard_items
        )
        readings.append(StandardReading(evidence.standards[code], verdict, parts[code].n_items))
    thin = sum(part.n_items > 0 for part in parts.values()) - len(told)
    return tuple(readings), thin


def _shares(codes: Collection[str], run: ScoringRun) -> dict[str, FloatArray]:
    """For each standard the expected share (Q,) of points on all items on it, each in its newest version."""
    if not codes:
        return {}
    rows = (
        ItemVersion.objects.filter(standard__code__in=codes, calibrations__run=run)
        .order_by("item_id", "number")
        .values_list("item_id", "pk", "standard__code")
    )
    newest = {item: (version, code) for item, version, code in rows}
    bank = load_bank(run, version_ids=[version for version, _ in newest.values()])
    shares = {}
    for code in codes:
        own = bank.select([version for version, standard in newest.values() if standard == code])
        shares[code] = expected_share(own.parameters, own.category_half_points)
    return shares
