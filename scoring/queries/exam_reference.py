"""On what is readiness in a subject predicted: how do its points depend on ability?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.irt.probabilities import item_information
from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import FloatArray
from scoring.models import ScoringRun
from scoring.queries.item_bank import domain_half_points, domain_references, reference_bank


@dataclass(frozen=True, slots=True, eq=False)
class ExamReference:
    """The subject's reference form on the grid.

    table         P(half-points | theta), (Q, S)
    information   of one of its items on average, (Q,)
    shares        for each domain the expected share of its points, (Q,)
    half_points   for each domain what it carries
    """

    table: FloatArray
    information: FloatArray
    shares: dict[str, FloatArray]
    half_points: dict[str, int]

    @property
    def maximum(self) -> int:
        return int(self.table.shape[1]) - 1


def exam_reference(subject: str, run: ScoringRun) -> ExamReference | None:
    """None while the form is not published, or not in the run. Two queries."""
    bank = reference_bank(subject, run)
    if bank is None:
        return None
    each = item_information(DEFAULT_GRID.points, bank.parameters)
    return ExamReference(
        table=score_distribution(bank.parameters, bank.category_half_points),
        information=np.asarray(each.mean(axis=1)),
        shares=domain_references(bank),
        half_points=domain_half_points(bank),
    )
