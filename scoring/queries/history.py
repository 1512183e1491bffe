"""How did the prediction move from sitting to sitting?

The same beliefs as in the estimate, looked at around each sitting: before it what everything earlier had
said, carried to that day, and after it the same with its responses.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from accounts.models import Person
from exams.models import Sitting
from scoring.domains import USUAL_RULE
from scoring.evidence_rule import Sufficiency, sufficiency
from scoring.growth import Dynamics, carry, filtered
from scoring.growth_picture import shown
from scoring.irt.types import FloatArray
from scoring.models import ItemOutcomeRow, ScoringRun
from scoring.queries.evidence import SubjectEvidence, evidence_in, handed_in
from scoring.queries.exam_reference import ExamReference, exam_reference
from scoring.readiness import Readiness, predict

LARGE_STEP = 2
"""Half-points, as pages write them: of six sets about five move what is expected by a point at most."""


@dataclass(frozen=True, slots=True)
class Movement:
    """The prediction from everything before a sitting and with it.

    `before` is None where it was the first or there was too little to say anything; `enough`: there is
    enough now, otherwise `after` must not be shown either, and about `needed` more responses are missing.
    """

    before: Readiness | None
    after: Readiness
    enough: bool
    needed: int

    @property
    def large(self) -> bool:
        """Did a single sitting move it further than most do? None that could be compared with is none."""
        if self.before is None:
            return False
        return abs(shown(self.after.expected) - shown(self.before.expected)) > LARGE_STEP


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """One finished sitting; `before`, `after` and `enough` as in `Movement`.

    `kind` of practice, "" for trials. Of `n_items` on the paper (in practice: met) `n_right` brought all
    their points without a hint, which is a result: whether it is released is for the reader to ask.
    """

    at: datetime
    sitting: UUID
    purpose: str
    kind: str
    n_items: int
    n_right: int
    before: Readiness | None
    after: Readiness
    enough: bool


def history_of(person: Person, subject: str, *, run: ScoringRun | None) -> tuple[HistoryPoint, ...]:
    """In the order in which they were handed in; empty where nothing is known. Four queries."""
    evidence = None if run is None else evidence_in(person.pk, subject, run=run)
    reference = None if run is None or evidence is None else exam_reference(subject, run)
    if run is None or evidence is None or reference is None:
        return ()
    moved = movements(evidence, reference, Dynamics.from_table(run.dynamics))
    met = Counter(row.score.sitting_id for row in evidence.rows)
    right = Counter(row.score.sitting_id for row in evidence.rows if _is_right(row))
    return tuple(
        HistoryPoint(
            at=handed_in(sitting),
            sitting=sitting.public_id,
            purpose=sitting.form.purpose,
            kind=(sitting.form.selection or {}).get("kind", ""),
            n_items=met[sitting.pk],
            n_right=right[sitting.pk],
            before=movement.before,
            after=movement.after,
            enough=movement.enough,
        )
        for sitting, movement in zip(evidence.sittings, moved, strict=True)
    )


def movement_by(sitting: Sitting, *, run: ScoringRun) -> Movement | None:
    """How the prediction moved with this sitting; None while it is not scored.

    Sittings count in the order in which they were handed in, whenever they were scored.
    """
    evidence = evidence_in(sitting.candidate_id, sitting.form.subject, run=run)
    reference = exam_reference(sitting.form.subject, run)
    if evidence is None or reference is None:
        return None
    moved = movements(evidence, reference, Dynamics.from_table(run.dynamics))
    of = {one.pk: movement for one, movement in zip(evidence.sittings, moved, strict=True)}
    return of.get(sitting.pk)


def movements(
    evidence: SubjectEvidence, reference: ExamReference, dynamics: Dynamics
) -> tuple[Movement, ...]:
    """One for each sitting of the evidence.

    What is believed before a practice set does not contain what the set is expected to teach: that is part
    of the move.
    """
    series = evidence.series
    observations = series.observations_for(reference.half_points, domain_sd=USUAL_RULE.domain_sd)
    after = filtered(observations, dynamics).after
    weeks = np.diff(series.weeks, prepend=0.0)
    speaking = np.cumsum(np.bincount(series.sitting[series.counted >= 0], minlength=len(evidence.sittings)))
    found: list[Movement] = []
    for place, posterior in enumerate(after):
        before = None
        if place:
            carried = carry(after[place - 1], dynamics, weeks=weeks[place])
            if _evidence(carried, int(speaking[place - 1]), reference).enough:
                before = predict(carried, reference.table)
        now = _evidence(posterior, int(speaking[place]), reference)
        found.append(
            Movement(
                before=before,
                after=predict(posterior, reference.table),
                enough=now.enough,
                needed=now.needed,
            )
        )
    return tuple(found)


def _evidence(posterior: FloatArray, n_items: int, reference: ExamReference) -> Sufficiency:
    return sufficiency(posterior, n_items, reference.table, reference.information)


def _is_right(row: ItemOutcomeRow) -> bool:
    whole = row.half_points == row.max_half_points
    return row.status == ItemOutcomeRow.Status.ANSWERED and whole and not row.hinted
