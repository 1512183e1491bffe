"""From whom can be learnt what practice brings, and what did they practise? Rows to learners.

Only where chance chose what was practised can more progress after one item than after another be put down
to it: from pupils, therefore, for whom a rule drew that favours nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from django.db.models import Exists, OuterRef

from exams.enums import FINISHED, FormPurpose, PracticeKind
from exams.models import ItemVersion, ResponseEvent, Sitting
from scoring.growth import Dynamics
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.models import ItemOutcomeRow, ScoringRun, SittingScore
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.effects_fit import PractisedLearner
from scoring.practice.learner import Learner
from scoring.practice.learning import learner_from
from scoring.practice.policy import EVEN_POLICY
from scoring.queries.evidence import (
    SubjectEvidence,
    evidence_by_person,
    handed_in,
    subject_evidence,
    weeks_between,
)
from scoring.queries.item_bank import ItemBank, load_bank

FEWEST_LEARNERS = 500
"""With fewer, how the gain depends on the chance of solving is known no better than it was assumed."""
FROM_EVERYTHING = (PracticeKind.QUICK.value, PracticeKind.FULL.value)
"""Pockets are full sets. In the other kinds the pupil says what is practised, whatever the rule."""
_ASKED_FOR = -1.0
_SEEN = (ItemOutcomeRow.Status.ANSWERED, ItemOutcomeRow.Status.OMITTED)


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """places: in the bank, by version."""

    run: ScoringRun
    loaded: ItemBank
    places: dict[int, int]


def learners_by_chance(run: ScoringRun) -> list[tuple[str, int]]:
    """(subject, person), sorted, whose first practice of the subject scored in `run` chance alone drew.

    Sets of which nothing was met do not count.
    """
    met = ItemOutcomeRow.objects.filter(score=OuterRef("pk"), status__in=_SEEN)
    rows = (
        SittingScore.objects.filter(
            Exists(met),
            run=run,
            sitting__form__purpose=FormPurpose.PRACTICE,
            sitting__state__in=FINISHED,
        )
        .order_by("sitting__handed_in_at", "sitting_id")
        .values_list(
            "sitting__form__subject", "sitting__candidate_id",
            "sitting__form__selection__policy", "sitting__form__selection__kind",
        )
    )  # fmt: skip
    first: dict[tuple[str, int], bool] = {}
    for subject, person, policy, kind in rows.iterator():
        first.setdefault((subject, person), _is_even(policy, kind))
    return sorted(learner for learner, even in first.items() if even)


def practised_learners(
    learners: Sequence[tuple[str, int]], *, run: ScoringRun
) -> tuple[PracticeBank, list[PractisedLearner]]:
    """One bank with all items of their subjects in the run, and each of the learners, in their order.

    Everything from the first practice on, trials too, until practice that something else than chance drew;
    `start` rests on what came before, with the run's dynamics. learners: some of `learners_by_chance`.
    """
    bank, known = _bank_of({subject for subject, _ in learners}, run)
    found: list[PractisedLearner] = []
    for subject, own in groupby(learners, key=lambda learner: learner[0]):
        people = [person for _, person in own]
        for evidence in evidence_by_person(people, subject, run=run, bank=known.loaded):
            if evidence.series.practised.any():  # voided or reopened meanwhile
                found.append(_learner(evidence, known))
    return bank, found


def _is_even(policy: object, kind: object) -> bool:
    return policy == EVEN_POLICY.version and kind in FROM_EVERYTHING


def _bank_of(subjects: Collection[str], run: ScoringRun) -> tuple[PracticeBank, _Known]:
    """Codes of domains and standards name their subject, so several subjects can stand in one bank."""
    loaded = load_bank(run)
    rows = list(
        ItemVersion.objects.filter(pk__in=loaded.version_ids, item__subject__in=subjects)
        .order_by("pk")
        .values_list("pk", "ref", "standard__domain__code", "standard__code", "item__family")
    )
    own = loaded.select([row[0] for row in rows])
    items = [BankItem(ref, domain, standard, family) for _, ref, domain, standard, family in rows]
    return PracticeBank.of(items, own.parameters, own.category_half_points), _Known(
        run=run,
        loaded=loaded,
        places={row[0]: place for place, row in enumerate(rows)},
    )


def _learner(evidence: SubjectEvidence, known: _Known) -> PractisedLearner:
    series = evidence.series
    begin = int(np.flatnonzero(series.practised)[0])
    ours = evidence.sittings[begin : _until(evidence)]
    order = _order_of_showing(ours)
    found: list[tuple[int, float, bool, bool, int]] = []
    for number, sitting in enumerate(ours, start=begin):
        taught = sitting.form.purpose == FormPurpose.PRACTICE
        rows = [
            (evidence.rows[n], bool(series.counted[n] >= 0))
            for n in np.flatnonzero(series.sitting == number).tolist()
            if evidence.rows[n].status in _SEEN
            and order.get((sitting.pk, evidence.rows[n].version.ref)) != _ASKED_FOR
        ]
        rows.sort(
            key=lambda one: (
                order.get((one[0].score.sitting_id, one[0].version.ref), math.inf),
                one[0].position,
            )
        )
        for place, (row, counts) in enumerate(rows):
            share = 0.0 if row.hinted else row.half_points / row.max_half_points
            found.append((known.places[row.version_id], share, counts, taught, place if taught else 0))
    return PractisedLearner(
        start=_start(evidence, begin, known),
        item=np.array([row[0] for row in found], dtype=np.int64),
        share=np.array([row[1] for row in found], dtype=np.float64),
        first=np.array([row[2] for row in found], dtype=np.bool_),
        taught=np.array([row[3] for row in found], dtype=np.bool_),
        place=np.array([row[4] for row in found], dtype=np.int64),
    )


def _until(evidence: SubjectEvidence) -> int:
    """The place of the first sitting with practice that chance did not draw, else past the last one."""
    for number, sitting in enumerate(evidence.sittings):
        rule = sitting.form.selection or {}
        if evidence.series.practised[number] and not _is_even(rule.get("policy"), rule.get("kind")):
            return number
    return len(evidence.sittings)


def _order_of_showing(sittings: Sequence[Sitting]) -> dict[tuple[int, str], float]:
    """By sitting and ref, since the phone chooses from a pocket; `_ASKED_FOR` where a similar item was wanted
    after a missed one: that is the pupil's choice, and comes of what was not known before.
    """
    shown = (
        ResponseEvent.objects.filter(sitting__in=sittings, kind="seen")
        .order_by("sitting_id", "epoch", "seq")
        .values_list("sitting_id", "item_ref", "body")
    )
    order: dict[tuple[int, str], float] = {}
    for number, (sitting, ref, body) in enumerate(shown):
        how = json.loads(body).get("value")
        asked_for = isinstance(how, dict) and "for" in how
        order.setdefault((sitting, ref), _ASKED_FOR if asked_for else number)
    return order


def _start(evidence: SubjectEvidence, begin: int, known: _Known) -> Learner:
    """What was known on the day of the first practice, from the sittings before it."""
    flat = normal_weights(DEFAULT_GRID)  # of the subject as a whole nothing is asked
    before = {sitting.pk for sitting in evidence.sittings[:begin]}
    rows = [row for row in evidence.rows if row.score.sitting_id in before]
    told = subject_evidence(evidence.subject, rows, run=known.run, bank=known.loaded)
    if told is None:
        return Learner(posterior=flat)
    weeks = weeks_between(told.as_of, handed_in(evidence.sittings[begin]))
    dynamics = Dynamics.from_table(known.run.dynamics)
    return learner_from(told.series, flat, dynamics, 0.0, weeks=weeks, met={}, verdicts={})
