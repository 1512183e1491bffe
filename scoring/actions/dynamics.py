"""How do the abilities of the pupils themselves change between sittings? Estimated from all who came back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from django.db.models import Count

from scoring.domains import USUAL_RULE
from scoring.growth import Dynamics, EstimatedDynamics, Observation, estimate_dynamics
from scoring.models import ScoringRun, SittingScore
from scoring.queries.evidence import evidence_by_person
from scoring.queries.exam_reference import exam_reference
from scoring.queries.item_bank import load_bank

FEWEST_LEARNERS = 100
"""With 100 who came back twice to five times the mean change in a week is known to about 0.01, and before
that assumptions are the better guess."""

MOST_LEARNERS = 3000


@dataclass(frozen=True, slots=True)
class RunDynamics:
    """`dynamics` to use: the estimated ones, or, where `estimated` is None because only `n_learners` have
    come back, those that the run had.

    A learner is one pupil in one subject with at least two scored sittings; of more than could be used a
    random sample was.
    """

    dynamics: Dynamics
    estimated: EstimatedDynamics | None
    n_learners: int


def estimate_run_dynamics(
    *, run: ScoringRun, fewest: int = FEWEST_LEARNERS, at_most: int = MOST_LEARNERS, seed: int = 1
) -> RunDynamics:
    """From everything scored in `run`, with its parameters. Writes nothing; loads SciPy; up to a minute."""
    learners = _learners(run)
    if len(learners) < fewest:
        return RunDynamics(Dynamics.from_table(run.dynamics), None, len(learners))
    chosen = np.random.default_rng(seed).permutation(len(learners))[:at_most]
    estimated = estimate_dynamics(list(_series([learners[place] for place in sorted(chosen)], run)))
    return RunDynamics(estimated.dynamics, estimated, len(learners))


def _learners(run: ScoringRun) -> list[tuple[str, int]]:
    """(subject, person) with two sittings or more."""
    rows = (
        SittingScore.objects.filter(run=run, outcomes__isnull=False)
        .values("sitting__form__subject", "sitting__candidate")
        .annotate(number=Count("pk", distinct=True))
        .filter(number__gte=2)
        .order_by("sitting__form__subject", "sitting__candidate")
    )
    return [(row["sitting__form__subject"], row["sitting__candidate"]) for row in rows]


def _series(learners: list[tuple[str, int]], run: ScoringRun) -> Iterator[list[Observation]]:
    bank = load_bank(run)
    for subject, own in groupby(learners, key=lambda learner: learner[0]):
        reference = exam_reference(subject, run)
        if reference is None:
            continue
        people = [person for _, person in own]
        for evidence in evidence_by_person(people, subject, run=run, bank=bank):
            yield evidence.series.observations_for(reference.half_points, domain_sd=USUAL_RULE.domain_sd)
