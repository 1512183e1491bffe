"""Who of an experiment's pupils took part so far, and did the halves stand alike before it? Without filters.

Cheap enough for a page that is looked at while the experiment runs: nothing here works out any change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from exams.enums import FINISHED, FormPurpose
from scoring.irt.posterior import posterior_weights
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import FloatArray
from scoring.models import ItemOutcomeRow, ScoringRun, SittingScore
from scoring.queries.exam_reference import exam_reference

_SPEAK = (ItemOutcomeRow.Status.ANSWERED, ItemOutcomeRow.Status.OMITTED)


@dataclass(frozen=True, slots=True, eq=False)
class TakingPart:
    """`before` (N,): expected half-points of each person before the start.

    `measured`, `practised`: ids of those with a response that speaks, and with a practised item, since.
    `n_scores`, `earned`: how many of their sittings are counted, and half-points in them all.
    """

    before: FloatArray
    measured: frozenset[int]
    practised: frozenset[int]
    n_scores: int
    earned: int
    simulated: bool


def taking_part(
    people: Sequence[int], subject: str, *, run: ScoringRun, since: datetime, until: datetime
) -> TakingPart | None:
    """None while the subject has no reference form. The number of queries does not depend on the people."""
    reference = exam_reference(subject, run)
    if reference is None:
        return None
    score_by_theta = reference.table @ np.arange(reference.maximum + 1)
    scores = SittingScore.objects.filter(
        run=run,
        sitting__candidate__in=people,
        sitting__form__subject=subject,
        sitting__handed_in_at__lte=until,
        sitting__state__in=FINISHED,
    )
    rows = ItemOutcomeRow.objects.filter(score__in=scores, score__sitting__handed_in_at__gt=since).order_by()
    totals = scores.aggregate(all=Count("pk"), earned=Sum("half_points"))
    return TakingPart(
        before=_posteriors(people, scores.filter(sitting__handed_in_at__lte=since)) @ score_by_theta,
        measured=_people(rows.filter(status__in=_SPEAK).exclude(Exists(_met_before(run, since)))),
        practised=_people(
            rows.filter(score__sitting__form__purpose=FormPurpose.PRACTICE).exclude(
                status=ItemOutcomeRow.Status.NOT_REACHED
            )
        ),
        n_scores=totals["all"],
        earned=totals["earned"] or 0,
        simulated=scores.filter(sitting__simulated=True).exists(),
    )


def _posteriors(people: Sequence[int], scores: QuerySet[SittingScore]) -> FloatArray:
    """(N, Q), all sittings of a person taken alike, whenever they were."""
    place = {person: row for row, person in enumerate(people)}
    total = np.zeros((len(people), DEFAULT_GRID.size))
    for person, log_likelihood in scores.values_list("sitting__candidate", "log_likelihood"):
        total[place[person]] += log_likelihood
    return posterior_weights(total, normal_weights(DEFAULT_GRID))


def _met_before(run: ScoringRun, since: datetime) -> QuerySet[ItemOutcomeRow]:
    """An item speaks only the first time it is met."""
    return ItemOutcomeRow.objects.filter(
        score__run=run,
        score__sitting__candidate=OuterRef("score__sitting__candidate"),
        score__sitting__handed_in_at__lte=since,
        score__sitting__state__in=FINISHED,
        version=OuterRef("version"),
        status__in=_SPEAK,
    )


def _people(rows: QuerySet[ItemOutcomeRow]) -> frozenset[int]:
    return frozenset(rows.values_list("score__sitting__candidate", flat=True).distinct())
