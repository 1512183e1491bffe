"""What do all of a pupil's scored responses in a subject say together?"""

from __future__ import annotations

from django.db import transaction

from exams.models import Domain
from scoring.domains import DomainResult, domain_profile
from scoring.irt.ability import eap
from scoring.irt.score_distribution import score_distribution
from scoring.models import DomainEstimate, ItemOutcomeRow, ScoringRun, SubjectEstimate
from scoring.queries.item_bank import ItemBank, domain_references, reference_version_ids
from scoring.queries.response_matrix import codes_of
from scoring.readiness import level_probabilities, predict
from scoring.reference import reference_data


@transaction.atomic
def update_estimate(
    *, person_id: int, subject: str, run: ScoringRun, bank: ItemBank
) -> SubjectEstimate | None:
    """Replaces the person's estimate from all scored sittings of the subject, trial and practice alike.

    None, and no row, when nothing has been scored or the subject's reference form is not published.
    """
    SubjectEstimate.objects.filter(person_id=person_id, subject=subject, run=run).delete()
    outcomes = list(
        ItemOutcomeRow.objects.filter(
            score__run=run, score__sitting__candidate_id=person_id, score__sitting__form__subject=subject
        )
        .select_related("score__sitting")
        .order_by("score__sitting__handed_in_at", "score__sitting_id", "position")
    )
    reference_ids = reference_version_ids(subject)
    if not outcomes or not reference_ids:
        return None
    own = bank.select([row.version_id for row in outcomes])
    reference = bank.select(reference_ids)
    codes = codes_of(outcomes, own)
    ability = eap(codes, own.parameters)
    prediction = predict(
        ability.posterior[0], score_distribution(reference.parameters, reference.category_half_points)
    )
    cuts = [level.cut for level in reference_data().levels.levels if level.cut > 0]
    estimate = SubjectEstimate.objects.create(
        run=run,
        person_id=person_id,
        subject=subject,
        as_of=max(row.score.sitting.handed_in_at for row in outcomes),
        n_items=int(ability.n_items[0]),
        n_sittings=len({row.score_id for row in outcomes}),
        theta=float(ability.theta[0]),
        se=float(ability.se[0]),
        posterior=[float(weight) for weight in ability.posterior[0]],
        expected=prediction.expected,
        low=prediction.low,
        high=prediction.high,
        probability=prediction.probability,
        max_half_points=int(prediction.pmf.size - 1),
        levels=[float(share) for share in level_probabilities(prediction.pmf, cuts)],
    )
    profile = domain_profile(
        codes[0], own.parameters, own.category_half_points, own.domains, domain_references(reference)
    )
    DomainEstimate.objects.bulk_create(_domain_rows(estimate, profile))
    return estimate


def _domain_rows(estimate: SubjectEstimate, profile: tuple[DomainResult, ...]) -> list[DomainEstimate]:
    domains = {
        domain.code: domain for domain in Domain.objects.filter(code__in=[row.domain for row in profile])
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
        for row in profile
    ]
