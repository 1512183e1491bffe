"""Does it hold in the demo world, through the real rows? Every second trial, predicted from all before it.

Whoever sat form B of mathematics is predicted on it from form A a month earlier and from whatever they
practised until they began, by the code that pages use. The items' parameters are the assumed ones, from which
the simulated truth differs, and the pupils have learned something in that month: so once with the dynamics in
force, and once with dynamics estimated from the other half of the pupils.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.core.management import call_command
from django.utils import timezone

from exams.models import FormItem, Sitting
from examsite.demo.simulation import FIRST_FORM, SECOND_FORM
from examsite.demo.world import build_world
from scoring.domains import USUAL_RULE
from scoring.evidence_rule import sufficiency
from scoring.growth import Dynamics, Observation, carry, estimate_dynamics, filtered
from scoring.irt.probabilities import item_information
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import FloatArray
from scoring.models import ItemOutcomeRow, ScoringRun, SittingScore
from scoring.queries.evidence import handed_in, outcome_rows, subject_evidence, weeks_between
from scoring.queries.item_bank import ItemBank, domain_half_points, load_bank
from scoring.queries.runs import run_in_force
from tests.bench.readiness import baselines
from tests.bench.readiness.judged import Judged, Truth
from tests.bench.readiness.predictions import targets

SUBJECT = "mathematics"
SEED = 20_261


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """Predictions by name, of how many pupils, how many of whom had practised, and who was left out."""

    judged: dict[str, Judged]
    n_pupils: int
    n_practised: int
    n_silent: int


@dataclass(frozen=True, slots=True, eq=False)
class _Second:
    """One second trial: what there was to go by, what the form before brought, and what came.

    learner   all sittings of the pupil in the subject, from which dynamics may be estimated
    earlier   those before the trial; `weeks` lie between the last of them and the trial
    """

    learner: list[Observation]
    earlier: list[Observation]
    weeks: float
    posterior: FloatArray
    earned_before: int
    practised: int
    came: int
    enough: bool


def measure(schools: int | None, say: Callable[[str], None]) -> Predicted:
    """Builds the demo world, or its first schools, in the database of this process, and predicts in it."""
    call_command("migrate", verbosity=0)
    build_world(now=timezone.now(), report=say, schools=schools)
    run = run_in_force()
    if run is None:
        raise RuntimeError("the demo world has no scores")
    form = _form(run)
    table = score_distribution(form.parameters, form.category_half_points)
    found = [second for second in _seconds(run, form, table) if second]
    spoken = [second for second in found if second.enough]
    return Predicted(
        judged=_judged(spoken, table, _trial_error(run)),
        n_pupils=len(found),
        n_practised=sum(second.practised > 0 for second in spoken),
        n_silent=len(found) - len(spoken),
    )


def _form(run: ScoringRun) -> ItemBank:
    ids = list(
        FormItem.objects.filter(form__identifier=SECOND_FORM)
        .order_by("position")
        .values_list("version_id", flat=True)
    )
    return load_bank(run, version_ids=ids).select(ids)


def _seconds(run: ScoringRun, form: ItemBank, table: FloatArray) -> list[_Second | None]:
    information = np.asarray(item_information(DEFAULT_GRID.points, form.parameters).mean(axis=1))
    scores = SittingScore.objects.filter(run=run, sitting__form__identifier=SECOND_FORM, final=True)
    rows: dict[int, list[ItemOutcomeRow]] = {}
    pupils = scores.values_list("sitting__candidate_id", flat=True)
    every = outcome_rows(run).filter(
        score__sitting__form__subject=SUBJECT, score__sitting__candidate_id__in=pupils
    )
    for row in every:
        rows.setdefault(row.score.sitting.candidate_id, []).append(row)
    exam = domain_half_points(form)
    bank = load_bank(run, version_ids={row.version_id for own in rows.values() for row in own})
    return [
        _second(score, rows[score.sitting.candidate_id], run, bank, table, information, exam)
        for score in scores.select_related("sitting").order_by("sitting__candidate_id")
    ]


def _second(
    score: SittingScore,
    rows: list[ItemOutcomeRow],
    run: ScoringRun,
    bank: ItemBank,
    table: FloatArray,
    information: FloatArray,
    exam: dict[str, int],
) -> _Second | None:
    """None where nothing was sat before it."""
    began = _began(score.sitting)
    earlier = [row for row in rows if handed_in(row.score.sitting) <= began]
    evidence = subject_evidence(SUBJECT, earlier, run=run, bank=bank)
    if evidence is None:
        return None
    whole = subject_evidence(SUBJECT, rows, run=run, bank=bank) or evidence
    observed = evidence.series.observations_for(exam, domain_sd=USUAL_RULE.domain_sd)
    weeks = weeks_between(evidence.as_of, began)
    posterior = _believed(observed, weeks, Dynamics.from_table(run.dynamics))
    first = [row for row in evidence.rows if row.score.sitting.form.identifier == FIRST_FORM]
    return _Second(
        learner=whole.series.observations_for(exam, domain_sd=USUAL_RULE.domain_sd),
        earlier=observed,
        weeks=weeks,
        posterior=posterior,
        earned_before=sum(row.half_points for row in first),
        practised=int(evidence.series.practised.sum()),
        came=score.half_points,
        enough=sufficiency(posterior, evidence.series.n_items, table, information).enough,
    )


def _believed(earlier: list[Observation], weeks: float, dynamics: Dynamics) -> FloatArray:
    """(Q,) on the day of the trial."""
    return carry(filtered(earlier, dynamics).after[-1], dynamics, weeks=weeks)


def _with_estimated_dynamics(seconds: list[_Second]) -> FloatArray:
    """(N, Q): each half with the dynamics that the other half tells."""
    result = np.empty((len(seconds), DEFAULT_GRID.size))
    for half in (0, 1):
        others = [second.learner for second in seconds[1 - half :: 2]]
        dynamics = estimate_dynamics(others).dynamics
        for place in range(half, len(seconds), 2):
            own = seconds[place]
            result[place] = _believed(own.earlier, own.weeks, dynamics)
    return result


def _began(sitting: Sitting) -> datetime:
    if sitting.started_at is None:
        raise ValueError(f"sitting {sitting.public_id} has a score and never began")
    return sitting.started_at


def _trial_error(run: ScoringRun) -> float:
    """Classical standard error of the first form, in half-points, from all who sat it."""
    scores: dict[int, list[int]] = {}
    rows = ItemOutcomeRow.objects.filter(score__run=run, score__sitting__form__identifier=FIRST_FORM)
    for score, half_points in rows.order_by("score_id", "position").values_list("score_id", "half_points"):
        scores.setdefault(score, []).append(half_points)
    return baselines.standard_error_of_measurement(np.array(list(scores.values())))


def _judged(seconds: list[_Second], table: FloatArray, standard_error: float) -> dict[str, Judged]:
    rng = np.random.default_rng(SEED)
    n_totals = table.shape[1]
    n_points = (n_totals - 1) // 2
    before = np.array([second.earned_before for second in seconds])
    truth = Truth(
        half_points=np.array([second.came for second in seconds]),
        group=np.array([int(second.practised > 0) for second in seconds]),
        target=targets(before / (n_totals - 1), n_points, rng),
        uniform=rng.random(len(seconds)),
    )
    posterior = np.array([second.posterior for second in seconds])
    prior = normal_weights(DEFAULT_GRID)
    said = {
        "readiness": posterior @ table,
        "readiness, dynamics estimated": _with_estimated_dynamics(seconds) @ table,
        "prior only": baselines.prior_only(table, prior, len(seconds)),
        "last trial ± SEM": baselines.last_trial(before, standard_error, n_totals),
        "plug-in theta": baselines.plug_in(posterior, table),
    }
    return {name: Judged(pmf, truth) for name, pmf in said.items()}
