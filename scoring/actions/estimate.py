"""What do all of a pupil's scored responses in a subject say together?"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from exams.models import Domain
from scoring.domains import USUAL_RULE, DomainResult, profile_over_time
from scoring.growth import Dynamics, filtered
from scoring.irt.posterior import mean_and_sd
from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.score_distribution import score_distribution
from scoring.models import DomainEstimate, ScoringRun, SubjectEstimate
from scoring.queries.evidence import SubjectEvidence, evidence_in
from scoring.queries.item_bank import (
    ItemBank,
    domain_half_points,
    domain_references,
    reference_version_ids,
)
from scoring.readiness import level_probabilities, predict
from scoring.reference import reference_data


@transaction.atomic
def update_estimate(
    *, person_id: int, subject: str, run: ScoringRun, bank: ItemBank
) -> SubjectEstimate | None:
    """Replaces the person's estimate from all scored sittings of the subject, trial and practice alike.

    It holds for the last hand-in; what came before is carried there by the run's dynamics. None, and no row,
    when nothing has been scored, or the subject's reference form is not published or not wholly in the bank:
    an older run knows no newer items.
    """
    SubjectEstimate.objects.filter(person_id=person_id, subject=subject, run=run).delete()
    evidence = evidence_in(person_id, subject, run=run, bank=bank)
    reference_ids = reference_version_ids(subject)
    if evidence is None or not reference_ids or not set(bank.version_ids).issuperset(reference_ids):
        return None
    reference = bank.select(reference_ids)
    dynamics = Dynamics.from_table(run.dynamics)
    estimate = _estimate(person_id, evidence, run, dynamics, reference)
    profile = profile_over_time(evidence.series, domain_references(reference), dynamics)
    DomainEstimate.objects.bulk_create(_domain_rows(estimate, profile))
    return estimate


def _estimate(
    person_id: int, evidence: SubjectEvidence, run: ScoringRun, dynamics: Dynamics, reference: ItemBank
) -> SubjectEstimate:
    observations = evidence.series.observations_for(
        domain_half_points(reference), domain_sd=USUAL_RULE.domain_sd
    )
    posterior = filtered(observations, dynamics).after[-1]
    theta, se = mean_and_sd(posterior, DEFAULT_GRID)
    prediction = predict(posterior, score_distribution(reference.parameters, reference.category_half_points))
    cuts = reference_data().levels.cuts
    return SubjectEstimate.objects.create(
        run=run,
        person_id=person_id,
        subject=evidence.subject,
        as_of=evidence.as_of,
        n_items=evidence.series.n_items,
        n_sittings=len(evidence.sittings),
        theta=float(theta),
        se=float(se),
        posterior=[float(weight) for weight in posterior],
        expected=prediction.expected,
        low=prediction.low,
        high=prediction.high,
        probability=prediction.probability,
        max_half_points=int(prediction.pmf.size - 1),
        levels=[float(share) for share in level_probabilities(prediction.pmf, cuts)],
    )


def _domain_rows(estimate: SubjectEstimate, profile: Iterable[DomainResult]) -> list[DomainEstimate]:
    results = list(profile)
    domains = {
        domain.code: domain for domain in Domain.objects.filter(code__in=[row.domain for row in results])
    }
    return [
        DomainEstimate(
            estimate=estimate,
            domain=domains[row.domain],
            verdict=row.verdict.value,
            expected_share=row.expected_share,
            low_share=row.low_share,
            high_share=row.high_share,
            n_items=row.n_items,
            half_points=row.half_points,
            max_half_points=row.max_half_points,
            posterior=[float(weight) for weight in row.posterior],
        )
        for row in results
    ]
