"""What do we believe about a pupil in each subject, in figures that may be shown to them?

Never theta: what leaves here is points on the reference form, shares and verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import Count, Prefetch, Q

from accounts.models import Person
from exams.enums import FormPurpose
from exams.models import Domain, Sitting
from scoring.domains import Verdict
from scoring.irt.posterior import posterior_weights
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import FloatArray
from scoring.models import DomainEstimate, ItemOutcomeRow, ScoringRun, SittingScore, SubjectEstimate
from scoring.queries.item_bank import reference_bank
from scoring.readiness import Readiness, predict
from scoring.reference import reference_data


@dataclass(frozen=True, slots=True)
class DomainReading:
    """One domain: shares are of points on the reference form's items of it, own points as earned so far."""

    domain: Domain
    verdict: Verdict
    expected_share: float
    low_share: float
    high_share: float
    n_items: int
    half_points: int
    max_half_points: int


@dataclass(frozen=True, slots=True)
class SubjectReading:
    """Points in half-points; `mark` is `expected`, held inside the interval for a picture.

    `levels`: (identifier, probability), lowest first, provisional as long as `levels_provisional`.
    `assumed`: item parameters were not estimated from responses.
    """

    subject: str
    expected: float
    mark: float
    low: int
    high: int
    probability: float
    maximum: int
    n_items: int
    n_sittings: int
    levels: tuple[tuple[str, float], ...]
    levels_provisional: bool
    assumed: bool
    domains: tuple[DomainReading, ...]

    @property
    def likeliest_level(self) -> tuple[str, float]:
        return max(self.levels, key=lambda level: level[1])


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an estimate rests on, counted."""

    trials: int
    practice_sets: int
    responses: int
    simulated: int


@dataclass(frozen=True, slots=True)
class Movement:
    """The prediction from everything before a sitting (None if it was the first) and with it."""

    before: Readiness | None
    after: Readiness


def readings_of(person: Person, *, run: ScoringRun | None) -> list[SubjectReading]:
    """One reading for each subject with an estimate in `run`, in the order of subjects."""
    domains = Prefetch("domains", DomainEstimate.objects.select_related("domain").defer("posterior"))
    rows = (
        SubjectEstimate.objects.filter(person=person, run=run)
        .select_related("run")
        .prefetch_related(domains)
        .order_by("subject")
        .defer("posterior")
    )
    return [_reading(row) for row in rows] if run is not None else []


def reading_of(person: Person, subject: str, *, run: ScoringRun | None) -> SubjectReading | None:
    return next((row for row in readings_of(person, run=run) if row.subject == subject), None)


def evidence_of(person: Person, subject: str, *, run: ScoringRun) -> Evidence:
    answered = ItemOutcomeRow.Status.ANSWERED
    counted = SittingScore.objects.filter(
        run=run, sitting__candidate=person, sitting__form__subject=subject
    ).aggregate(
        trials=Count("pk", filter=Q(sitting__form__purpose=FormPurpose.TRIAL), distinct=True),
        practice_sets=Count("pk", filter=Q(sitting__form__purpose=FormPurpose.PRACTICE), distinct=True),
        responses=Count("outcomes", filter=Q(outcomes__status=answered), distinct=True),
        simulated=Count("pk", filter=Q(sitting__simulated=True), distinct=True),
    )
    return Evidence(**counted)


def predicted_points(person: Person, subject: str, *, run: ScoringRun) -> FloatArray | None:
    """Posterior predictive probability of each total of half-points on the reference form, (S,)."""
    row = SubjectEstimate.objects.filter(person=person, run=run, subject=subject).first()
    table = points_by_ability(subject, run=run)
    if row is None or table is None:
        return None
    return predict(np.array(row.posterior), table).pmf


def points_by_ability(subject: str, *, run: ScoringRun) -> FloatArray | None:
    """P(half-points | theta) on the reference form, (Q, S); None while there is no such form."""
    reference = reference_bank(subject, run)
    if reference is None:
        return None
    return score_distribution(reference.parameters, reference.category_half_points)


def prediction_from(log_likelihood: list[float] | FloatArray, table: FloatArray) -> Readiness:
    """What responses with this log-likelihood (Q,) alone predict, from the N(0, 1) prior."""
    posterior = posterior_weights(np.asarray(log_likelihood)[None, :], normal_weights(DEFAULT_GRID))
    return predict(posterior[0], table)


def movement_by(sitting: Sitting, *, run: ScoringRun, table: FloatArray) -> Movement | None:
    """How the prediction moved with this sitting; None while it is not scored.

    Sittings count in the order in which they were handed in, whenever they were scored.
    """
    rows = sorted(
        SittingScore.objects.filter(
            run=run, sitting__candidate_id=sitting.candidate_id, sitting__form__subject=sitting.form.subject
        ).values_list("sitting__handed_in_at", "sitting__public_id", "log_likelihood"),
        key=lambda row: row[:2],
    )
    place = next((index for index, row in enumerate(rows) if row[1] == sitting.public_id), None)
    if place is None:
        return None
    likelihoods = np.array([row[2] for row in rows])
    return Movement(
        before=prediction_from(likelihoods[:place].sum(axis=0), table) if place else None,
        after=prediction_from(likelihoods[: place + 1].sum(axis=0), table),
    )


def _reading(row: SubjectEstimate) -> SubjectReading:
    rules = reference_data().levels
    names = [level.identifier for level in rules.levels]
    return SubjectReading(
        subject=row.subject,
        expected=row.expected,
        mark=min(max(row.expected, row.low), row.high),
        low=row.low,
        high=row.high,
        probability=row.probability,
        maximum=row.max_half_points,
        n_items=row.n_items,
        n_sittings=row.n_sittings,
        levels=tuple(zip(names, row.levels, strict=True)),
        levels_provisional=rules.provisional,
        assumed=row.run.assumed,
        domains=tuple(_domain_reading(domain) for domain in row.domains.all()),
    )


def _domain_reading(row: DomainEstimate) -> DomainReading:
    return DomainReading(
        domain=row.domain,
        verdict=Verdict(row.verdict),
        expected_share=row.expected_share,
        low_share=row.low_share,
        high_share=row.high_share,
        n_items=row.n_items,
        half_points=row.half_points,
        max_half_points=row.max_half_points,
    )
