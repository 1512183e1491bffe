"""What does a readiness statement rest on, and what would change it?"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Person
from scoring.domains import VerdictRule
from scoring.histogram import Histogram, histogram
from scoring.models import ScoringRun
from scoring.queries.estimates import Evidence, SubjectReading, evidence_of, predicted_points, readings_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """`rule`: when a verdict on a domain is given."""

    reading: SubjectReading
    evidence: Evidence
    picture: Histogram | None
    rule: VerdictRule


def explanations_of(person: Person, *, run: ScoringRun | None) -> list[Explanation]:
    if run is None:
        return []
    return [_explanation(person, reading, run) for reading in readings_of(person, run=run)]


def _explanation(person: Person, reading: SubjectReading, run: ScoringRun) -> Explanation:
    pmf = predicted_points(person, reading.subject, run=run)
    return Explanation(
        reading=reading,
        evidence=evidence_of(person, reading.subject, run=run),
        picture=None if pmf is None else histogram(pmf.tolist(), reading.low, reading.high),
        rule=VerdictRule(),
    )
