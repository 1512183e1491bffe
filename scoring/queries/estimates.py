"""What do we believe about a pupil in each subject today, in figures that may be shown to them?

Never theta: what leaves here for pages is points on the reference form, shares and verdicts. What is stored
holds for the last hand-in and is carried on to today first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Person
from exams.enums import FormPurpose
from exams.models import Domain, Target
from scoring.admission_points import admission_interval
from scoring.domains import DomainResult, Verdict, domain_result
from scoring.evidence_rule import sufficiency
from scoring.explanation import DomainGain, what_would_change
from scoring.growth import Dynamics, carry
from scoring.irt.posterior import posterior_weights
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import FloatArray
from scoring.models import DomainEstimate, ItemOutcomeRow, ScoringRun, SittingScore, SubjectEstimate
from scoring.queries.evidence import SubjectEvidence, evidence_by_subject, evidence_in, weeks_between
from scoring.queries.exam_reference import ExamReference, exam_reference
from scoring.queries.runs import Difficulties, difficulties_by_subject
from scoring.queries.standards import StandardReading, standard_readings
from scoring.readiness import Readiness, level_probabilities, predict
from scoring.reference import reference_data
from scoring.response_series import ResponseSeries


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
class TargetReading:
    """The half-points the pupil aims at, and the probability of reaching at least these."""

    half_points: int
    probability: float


@dataclass(frozen=True, slots=True)
class AdmissionReading:
    """Thousandths of admission points for `low` to `high`, under the regime of today."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class SubjectReading:
    """Points in half-points; `mark` is `expected`, held inside the interval for a picture.

    Unless there is `enough` evidence only counts may be shown, and that about `needed` more responses are
    missing; then no domain and no standard has a verdict either, for these rest on the whole subject.
    `points`: probability of each total of half-points, from 0. `levels`: (identifier, probability), lowest
    first, provisional as long as `levels_provisional`. `difficulties`: are those of the items measured?
    `as_of`: the last hand-in it rests on. `standards`: those with evidence enough, beside which
    `standards_thin` others have some, but too little. `changes`: what domains would bring, most first.
    """

    subject: str
    enough: bool
    needed: int
    as_of: datetime
    expected: float
    mark: float
    low: int
    high: int
    probability: float
    maximum: int
    points: tuple[float, ...]
    n_items: int
    n_sittings: int
    levels: tuple[tuple[str, float], ...]
    levels_provisional: bool
    difficulties: Difficulties
    domains: tuple[DomainReading, ...]
    standards: tuple[StandardReading, ...]
    standards_thin: int
    changes: tuple[DomainGain, ...]
    target: TargetReading | None
    admission: AdmissionReading | None

    @property
    def likeliest_level(self) -> tuple[str, float]:
        return max(self.levels, key=lambda level: level[1])

    @property
    def assumed(self) -> bool:
        """Is how hard any of the items is still assumed?"""
        return self.difficulties is not Difficulties.MEASURED


@dataclass(frozen=True, slots=True, eq=False)
class KnownAbility:
    """What choosing practice needs to know, as of today.

    posterior   (Q,) in the subject
    verdicts    by code of domain, of those on the reference form
    series      everything responded, `weeks` before today at the latest
    """

    posterior: FloatArray
    verdicts: dict[str, Verdict]
    series: ResponseSeries
    weeks: float

    @property
    def n_items(self) -> int:
        """Responses that speak."""
        return self.series.n_items


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an estimate rests on, counted."""

    trials: int
    practice_sets: int
    responses: int
    simulated: int


def readings_of(person: Person, *, run: ScoringRun | None, now: datetime) -> list[SubjectReading]:
    """One reading for each subject with an estimate in `run`, in the order of subjects, as of `now`.

    The number of queries depends on the number of subjects only, not on how much was sat.
    """
    if run is None:
        return []
    rows = list(_estimates(person, run).order_by("subject"))
    if not rows:
        return []
    evidence = evidence_by_subject(person.pk, run=run)
    targets = dict(Target.objects.filter(person=person).values_list("subject", "half_points"))
    measured = difficulties_by_subject(run)
    found = (
        _reading(
            row,
            evidence[row.subject],
            run=run,
            target=targets.get(row.subject),
            difficulties=measured.get(row.subject, Difficulties.ASSUMED),
            now=now,
        )
        for row in rows
        if row.subject in evidence
    )
    return [reading for reading in found if reading is not None]


def posterior_now(
    person: Person, subject: str, *, run: ScoringRun | None, now: datetime
) -> KnownAbility | None:
    """None where nothing is known: no run yet, or nothing scored in the subject."""
    if run is None:
        return None
    row = _estimates(person, run).filter(subject=subject).first()
    evidence = evidence_in(person.pk, subject, run=run) if row else None
    reference = exam_reference(subject, run) if evidence else None
    if row is None or evidence is None or reference is None:
        return None
    today = _Today.of(row, evidence, reference, run, now)
    return KnownAbility(
        posterior=today.posterior,
        verdicts={result.domain: result.verdict for result in today.profile},
        series=evidence.series,
        weeks=today.weeks,
    )


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


def points_by_ability(subject: str, *, run: ScoringRun) -> FloatArray | None:
    """P(half-points | theta) on the reference form, (Q, S); None while there is no such form."""
    reference = exam_reference(subject, run)
    return None if reference is None else reference.table


def prediction_from(log_likelihood: list[float] | FloatArray, table: FloatArray) -> Readiness:
    """What responses with this log-likelihood (Q,) alone predict, from the N(0, 1) prior."""
    posterior = posterior_weights(np.asarray(log_likelihood)[None, :], normal_weights(DEFAULT_GRID))
    return predict(posterior[0], table)


# ---- From rows to readings -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Today:
    """An estimate carried to today: the posterior (Q,) of the subject, and what it means for each domain."""

    posterior: FloatArray
    profile: tuple[DomainResult, ...]
    dynamics: Dynamics
    weeks: float

    @classmethod
    def of(
        cls,
        row: SubjectEstimate,
        evidence: SubjectEvidence,
        reference: ExamReference,
        run: ScoringRun,
        now: datetime,
    ) -> _Today:
        dynamics = Dynamics.from_table(run.dynamics)
        weeks = weeks_between(row.as_of, now)
        series = evidence.series
        profile = tuple(
            domain_result(
                own.domain.code,
                carry(own.posterior, dynamics, weeks=weeks),
                reference.shares[own.domain.code],
                series.evidence(series.in_domain(own.domain.code)),
            )
            for own in row.domains.all()
            if own.domain.code in reference.shares
        )
        return cls(carry(row.posterior, dynamics, weeks=weeks), profile, dynamics, weeks)


def _estimates(person: Person, run: ScoringRun) -> QuerySet[SubjectEstimate]:
    domains = Prefetch("domains", DomainEstimate.objects.select_related("domain"))
    return SubjectEstimate.objects.filter(person=person, run=run).prefetch_related(domains)


def _reading(
    row: SubjectEstimate,
    evidence: SubjectEvidence,
    *,
    run: ScoringRun,
    target: int | None,
    difficulties: Difficulties,
    now: datetime,
) -> SubjectReading | None:
    """None where there is no reference form any more."""
    reference = exam_reference(row.subject, run)
    if reference is None:
        return None
    today = _Today.of(row, evidence, reference, run, now)
    prediction = predict(today.posterior, reference.table)
    said = sufficiency(today.posterior, evidence.series.n_items, reference.table, reference.information)
    standards, thin = standard_readings(
        evidence, run=run, dynamics=today.dynamics, weeks=today.weeks, silent=not said.enough
    )
    rules = reference_data().levels
    levels = level_probabilities(prediction.pmf, rules.cuts)
    domains = {own.domain.code: own.domain for own in row.domains.all()}
    return SubjectReading(
        subject=row.subject,
        enough=said.enough,
        needed=said.needed,
        as_of=row.as_of,
        expected=prediction.expected,
        mark=min(max(prediction.expected, prediction.low), prediction.high),
        low=prediction.low,
        high=prediction.high,
        probability=prediction.probability,
        maximum=reference.maximum,
        points=tuple(prediction.pmf.tolist()),
        n_items=evidence.series.n_items,
        n_sittings=row.n_sittings,
        levels=tuple(zip((level.identifier for level in rules.levels), levels.tolist(), strict=True)),
        levels_provisional=rules.provisional,
        difficulties=difficulties,
        domains=tuple(_domain_reading(result, domains, silent=not said.enough) for result in today.profile),
        standards=standards,
        standards_thin=thin,
        changes=what_would_change(today.profile, reference.shares, reference.half_points),
        target=_target(target, prediction),
        admission=_admission(row.subject, prediction, now),
    )


def _domain_reading(result: DomainResult, domains: Mapping[str, Domain], *, silent: bool) -> DomainReading:
    return DomainReading(
        domain=domains[result.domain],
        verdict=Verdict.NOT_ENOUGH if silent else result.verdict,
        expected_share=result.expected_share,
        low_share=result.low_share,
        high_share=result.high_share,
        n_items=result.n_items,
        half_points=result.half_points,
        max_half_points=result.max_half_points,
    )


def _target(half_points: int | None, prediction: Readiness) -> TargetReading | None:
    if half_points is None:
        return None
    return TargetReading(half_points, float(prediction.pmf[half_points:].sum()))


def _admission(subject: str, prediction: Readiness, now: datetime) -> AdmissionReading | None:
    data = reference_data()
    maximum = prediction.pmf.size - 1
    kind = data.subjects[subject].test_kind
    day = timezone.localdate(now)
    interval = admission_interval(prediction.low, prediction.high, maximum, kind, day, data.regimes)
    return None if interval is None else AdmissionReading(*interval)
