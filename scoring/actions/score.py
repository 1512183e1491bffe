"""How does a handed-in sitting become a score, and a pupil's sittings an estimate?

Both are found by looking for what is missing or stale, so this may run at any time, any number of times,
and in several processes; what it writes for one sitting is one short transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from exams.actions.responses import project_sitting
from exams.enums import FormPurpose, SittingState
from exams.marking import GivenMark, judge
from exams.models import CurrentResponse, Decision, FormItem, Mark, ResponseEvent, Sitting
from exams.queries.marking import as_given
from scoring.actions.estimate import update_estimate
from scoring.actions.parameters import current_run
from scoring.admission_points import admission_points
from scoring.irt.ability import eap, log_likelihood
from scoring.models import ItemOutcomeRow, ScoringRun, SittingScore
from scoring.queries.item_bank import ItemBank, load_bank
from scoring.queries.response_matrix import codes_of
from scoring.queries.unscored import unscored
from scoring.reference import reference_data


def score_sittings(
    *,
    now: datetime,
    give_way: Callable[[], None] = lambda: None,
    at_most: int | None = None,
    run: ScoringRun | None = None,
) -> int:
    """Score every finished sitting without an up-to-date score, or the first few; how many. Idempotent.

    Under `run`, by default the one in force. `give_way` is called before each pupil's transaction and may
    wait for others to go first.
    """
    run = current_run(now=now) if run is None else run
    stale = unscored(run)[:at_most]
    people: dict[tuple[int, str], list[Sitting]] = {}
    for sitting in [*stale, *_scored_but_not_finished()]:
        people.setdefault((sitting.candidate_id, sitting.form.subject), []).append(sitting)
    if people:
        bank = load_bank(run)
        for (person_id, subject), sittings in people.items():
            give_way()
            _score_person(person_id=person_id, subject=subject, sittings=sittings, run=run, bank=bank)
    return len(stale)


@transaction.atomic
def _score_person(
    *, person_id: int, subject: str, sittings: list[Sitting], run: ScoringRun, bank: ItemBank
) -> None:
    """Scores and the estimate that rests on them change together, or a crash would part them for good.

    What no longer counts goes from every run, and so do the estimates of all of them change: one of those
    runs may be put in force again.
    """
    others: dict[int, ScoringRun] = {}
    for sitting in sittings:
        if sitting.state in (SittingState.VOIDED, SittingState.STARTED):
            gone = SittingScore.objects.filter(sitting=sitting).select_related("run")
            others |= {score.run_id: score.run for score in gone if score.run_id != run.pk}
            gone.delete()
        else:
            score_sitting(sitting=sitting, run=run, bank=bank)
    update_estimate(person_id=person_id, subject=subject, run=run, bank=bank)
    for other in others.values():
        update_estimate(person_id=person_id, subject=subject, run=other, bank=load_bank(other))


@transaction.atomic
def score_sitting(*, sitting: Sitting, run: ScoringRun, bank: ItemBank) -> SittingScore:
    """Replaces the sitting's score in `run`. Rests on the journal alone; see `exams.projection`.

    In practice only items that were seen count, for points and maximum alike.
    """
    events = ResponseEvent.objects.filter(sitting=sitting).count()
    decisions = Decision.objects.filter(
        Q(event__sitting=sitting) | Q(conflict__sitting=sitting), counts=True
    ).count()
    marks = [as_given(mark) for mark in Mark.objects.filter(sitting=sitting)]
    responses = {row.version_id: row for row in project_sitting(sitting=sitting)}
    form_items = list(
        FormItem.objects.filter(form_id=sitting.form_id).select_related("version").order_by("position")
    )
    if sitting.form.purpose == FormPurpose.PRACTICE:
        # What stood by and was never shown is no part of what was practised, and nobody has left it out.
        form_items = [form_item for form_item in form_items if form_item.version_id in responses]
    outcomes = [_outcome(form_item, responses.get(form_item.version_id), marks) for form_item in form_items]
    own = bank.select([row.version_id for row in outcomes])
    codes = codes_of(outcomes, own)
    # With a hint it was not found alone: the points stay, to the model it is the lowest category.
    codes[0, [row.hinted and code > 0 for row, code in zip(outcomes, codes[0], strict=True)]] = 0
    ability = eap(codes, own.parameters)
    half_points = sum(row.half_points for row in outcomes)
    thousandths, regime = _admission(sitting, half_points)
    SittingScore.objects.filter(run=run, sitting=sitting).delete()
    score = SittingScore.objects.create(
        run=run,
        sitting=sitting,
        final=sitting.state == SittingState.SEALED,
        events=events,
        decisions=decisions,
        marks=max((mark.number for mark in marks), default=0),
        half_points=half_points,
        max_half_points=sum(row.max_half_points for row in outcomes),
        pending_half_points=sum(
            row.max_half_points for row in outcomes if row.status == ItemOutcomeRow.Status.PENDING
        ),
        admission_thousandths=thousandths,
        regime=regime,
        theta=float(ability.theta[0]),
        se=float(ability.se[0]),
        log_likelihood=[float(value) for value in log_likelihood(codes, own.parameters)[0]],
    )
    for row in outcomes:
        row.score = score
    ItemOutcomeRow.objects.bulk_create(outcomes)
    return score


def _scored_but_not_finished() -> QuerySet[Sitting]:
    """Voided, or reopened: the score goes, and comes again with the next hand-in."""
    left = Sitting.objects.filter(state__in=[SittingState.VOIDED, SittingState.STARTED], scores__isnull=False)
    return left.select_related("form").distinct().order_by("pk")


def _outcome(
    form_item: FormItem, response: CurrentResponse | None, marks: Sequence[GivenMark]
) -> ItemOutcomeRow:
    version = form_item.version
    judged = judge(version.key, response.value if response else None, version.pk, marks)
    return ItemOutcomeRow(
        version=version,
        position=form_item.position,
        status=judged.status if response else ItemOutcomeRow.Status.NOT_REACHED,
        half_points=judged.half_points,
        max_half_points=judged.max_half_points,
        value=response.value if response else None,
        late=response.late if response else False,
        hinted=response.hinted if response else False,
        mark_id=judged.by.key if judged.by else None,
    )


def _admission(sitting: Sitting, half_points: int) -> tuple[int | None, str]:
    """Admission points by the regime of the day the sitting was handed in; none for practice."""
    if sitting.form.purpose != FormPurpose.TRIAL or sitting.handed_in_at is None:
        return None, ""
    data = reference_data()
    rule = data.subjects[sitting.form.subject]
    day = timezone.localdate(sitting.handed_in_at)
    regime = next(
        regime
        for regime in data.regimes.regimes
        if regime.valid_from <= day and (regime.valid_to is None or day <= regime.valid_to)
    )
    return admission_points(half_points, rule.test_kind, day, data.regimes), regime.identifier
