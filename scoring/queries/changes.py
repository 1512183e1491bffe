"""How did pupils change between two moments, and what did they practise in between? Rows to changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import numpy as np
from django.utils import timezone

from exams.enums import FormPurpose
from exams.models import Domain
from scoring.change import Change, change_since, unassuming
from scoring.domains import USUAL_RULE
from scoring.growth import Dynamics, carry, filtered
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import FloatArray
from scoring.models import ItemOutcomeRow, ScoringRun
from scoring.queries.evidence import (
    SubjectEvidence,
    handed_in,
    outcome_rows,
    subject_evidence,
    weeks_between,
)
from scoring.queries.exam_reference import ExamReference, exam_reference
from scoring.queries.item_bank import load_bank

_PUPILS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Practised:
    """What of practice was handed in between the two moments. `days` by the country's clock."""

    sets: int
    items: int
    days: int
    last: date | None
    domains: tuple[tuple[Domain, int], ...]


NOTHING = Practised(0, 0, 0, None, ())


@dataclass(frozen=True, slots=True)
class PupilChange:
    """`before`: expected half-points at the earlier moment, from `n_before` responses that speak.

    `change` is None without a response since then that speaks. `n_since`: how many do. `simulated`: any of
    the sittings is.
    """

    before: float
    n_before: int
    n_since: int
    change: Change | None
    practised: Practised
    simulated: bool


def changes_of(
    person_ids: Sequence[int], subject: str, *, run: ScoringRun, since: datetime, until: datetime
) -> dict[int, PupilChange]:
    """By person id; pupils of whom nothing was scored by `until` are not in it.

    Empty while the subject has no reference form. A few queries for each 200 pupils; what was handed in at
    the moment `since` itself was before.
    """
    reference = exam_reference(subject, run)
    if reference is None:
        return {}
    dynamics = Dynamics.from_table(run.dynamics)
    return {
        person_id: _change(evidence, dynamics, reference, since=since, until=until)
        for person_id, evidence in _evidence(person_ids, subject, run=run, until=until)
    }


def expected_from_nothing(subject: str, *, run: ScoringRun) -> float | None:
    """Expected half-points of a pupil of whom nothing is known; None without a reference form."""
    reference = exam_reference(subject, run)
    return None if reference is None else float(normal_weights(DEFAULT_GRID) @ _score_by_theta(reference))


def _score_by_theta(reference: ExamReference) -> FloatArray:
    """Expected half-points on the reference form at each ability of the grid, (Q,)."""
    return np.asarray(reference.table @ np.arange(reference.maximum + 1), dtype=np.float64)


def _evidence(
    person_ids: Sequence[int], subject: str, *, run: ScoringRun, until: datetime
) -> Iterator[tuple[int, SubjectEvidence]]:
    for first in range(0, len(person_ids), _PUPILS_AT_ONCE):
        some = person_ids[first : first + _PUPILS_AT_ONCE]
        rows = list(
            outcome_rows(run).filter(
                score__sitting__candidate__in=some,
                score__sitting__form__subject=subject,
                score__sitting__handed_in_at__lte=until,
            )
        )
        bank = load_bank(run, version_ids={row.version_id for row in rows})
        for person_id, own in groupby(rows, key=lambda row: row.score.sitting.candidate_id):
            evidence = subject_evidence(subject, own, run=run, bank=bank)
            if evidence is not None:
                yield person_id, evidence


def _change(
    evidence: SubjectEvidence,
    dynamics: Dynamics,
    reference: ExamReference,
    *,
    since: datetime,
    until: datetime,
) -> PupilChange:
    score_by_theta = _score_by_theta(reference)
    observations = evidence.series.observations_for(reference.half_points, domain_sd=USUAL_RULE.domain_sd)
    n_before = sum(handed_in(sitting) <= since for sitting in evidence.sittings)
    belief = normal_weights(DEFAULT_GRID)
    if n_before:
        still = unassuming(dynamics)
        belief = filtered(observations[:n_before], still).after[-1]
        belief = carry(belief, still, weeks=weeks_between(handed_in(evidence.sittings[n_before - 1]), since))
    speaks = evidence.series.counted >= 0
    early = evidence.series.sitting < n_before
    n_since = int((speaks & ~early).sum())
    return PupilChange(
        before=float(belief @ score_by_theta),
        n_before=int((speaks & early).sum()),
        n_since=n_since,
        change=change_since(belief, observations[n_before:], dynamics, score_by_theta) if n_since else None,
        practised=_practised(evidence, n_before),
        simulated=any(sitting.simulated for sitting in evidence.sittings),
    )


def _practised(evidence: SubjectEvidence, n_before: int) -> Practised:
    sets = [one for one in evidence.sittings[n_before:] if one.form.purpose == FormPurpose.PRACTICE]
    own = {one.pk for one in sets}
    met = [
        row
        for row in evidence.rows
        if row.score.sitting_id in own and row.status != ItemOutcomeRow.Status.NOT_REACHED
    ]
    if not met:
        return NOTHING
    codes = [row.version.standard.domain.code for row in met]
    days = {timezone.localdate(handed_in(one)) for one in sets}
    domains = tuple((domain, codes.count(code)) for code, domain in evidence.domains.items() if code in codes)
    return Practised(len(sets), len(met), len(days), max(days), domains)
