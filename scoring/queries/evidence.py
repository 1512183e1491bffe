"""What has a person responded in a subject, in the order in which they responded? Rows to series.

Everything scored in the run counts, trial and practice alike, by the day of the hand-in and whenever it was
scored. Time is counted in whole days, so that a page says the same all day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from exams.enums import FINISHED, FormPurpose
from exams.models import Domain, Sitting, Standard
from scoring.models import ItemOutcomeRow, ScoringRun
from scoring.queries.item_bank import ItemBank, load_bank
from scoring.queries.response_matrix import codes_of
from scoring.response_series import ResponseSeries, response_series

_AT_ONCE = 100
"""Persons whose rows are in memory together."""


@dataclass(frozen=True, slots=True, eq=False)
class SubjectEvidence:
    """`sittings` in the order of the series; `rows` are its responses."""

    subject: str
    sittings: tuple[Sitting, ...]
    rows: tuple[ItemOutcomeRow, ...]
    series: ResponseSeries

    @property
    def standards(self) -> dict[str, Standard]:
        """By code, those that any item was on, in the order of codes."""
        found = {row.version.standard.code: row.version.standard for row in self.rows}
        return dict(sorted(found.items()))

    @property
    def domains(self) -> dict[str, Domain]:
        found = {row.version.standard.domain.code: row.version.standard.domain for row in self.rows}
        return dict(sorted(found.items()))

    @property
    def as_of(self) -> datetime:
        """When the last of it was handed in."""
        return handed_in(self.sittings[-1])


def weeks_between(earlier: datetime, later: datetime) -> float:
    """Days by the country's calendar, in weeks; 0 where `later` is not later."""
    return max(0, (timezone.localdate(later) - timezone.localdate(earlier)).days) / 7


def evidence_in(
    person_id: int, subject: str, *, run: ScoringRun, bank: ItemBank | None = None
) -> SubjectEvidence | None:
    """None where nothing has been scored. `bank`: where the items are loaded already, one query is saved."""
    rows = outcome_rows(run).filter(
        score__sitting__candidate_id=person_id, score__sitting__form__subject=subject
    )
    return subject_evidence(subject, rows, run=run, bank=bank)


def evidence_by_subject(person_id: int, *, run: ScoringRun) -> dict[str, SubjectEvidence]:
    """All subjects in which anything has been scored; two queries."""
    by_subject: dict[str, list[ItemOutcomeRow]] = {}
    for row in outcome_rows(run).filter(score__sitting__candidate_id=person_id):
        by_subject.setdefault(row.score.sitting.form.subject, []).append(row)
    ids = {row.version_id for rows in by_subject.values() for row in rows}
    bank = load_bank(run, version_ids=ids)
    found = {
        subject: subject_evidence(subject, rows, run=run, bank=bank) for subject, rows in by_subject.items()
    }
    return {subject: evidence for subject, evidence in sorted(found.items()) if evidence}


def evidence_by_person(
    people: Sequence[int], subject: str, *, run: ScoringRun, bank: ItemBank
) -> Iterator[SubjectEvidence]:
    """Of those with anything scored, in the order of `people`, keys ascending. One query for a hundred."""
    for start in range(0, len(people), _AT_ONCE):
        rows = outcome_rows(run).filter(
            score__sitting__candidate__in=people[start : start + _AT_ONCE],
            score__sitting__form__subject=subject,
        )
        for _, own in groupby(rows, key=lambda row: row.score.sitting.candidate_id):
            evidence = subject_evidence(subject, own, run=run, bank=bank)
            if evidence is not None:
                yield evidence


def subject_evidence(
    subject: str, rows: Iterable[ItemOutcomeRow], *, run: ScoringRun, bank: ItemBank | None = None
) -> SubjectEvidence | None:
    """From the `outcome_rows` of one person and subject."""
    kept = tuple(rows)
    if not kept:
        return None
    version_ids = [row.version_id for row in kept]
    own = (bank or load_bank(run, version_ids=version_ids)).select(version_ids)
    sittings = tuple({row.score.sitting_id: row.score.sitting for row in kept}.values())
    place = {sitting.pk: number for number, sitting in enumerate(sittings)}
    first = handed_in(sittings[0])
    series = response_series(
        codes_of(kept, own)[0],
        own.parameters,
        own.category_half_points,
        items=version_ids,
        domains=own.domains,
        standards=[row.version.standard.code for row in kept],
        sitting=[place[row.score.sitting_id] for row in kept],
        weeks=[weeks_between(first, handed_in(sitting)) for sitting in sittings],
        practised=_practised(kept, sittings),
        hinted=[row.hinted for row in kept],
    )
    return SubjectEvidence(subject=subject, sittings=sittings, rows=kept, series=series)


def handed_in(sitting: Sitting) -> datetime:
    """When a scored sitting was handed in: only finished ones are scored."""
    if sitting.handed_in_at is None:
        raise ValueError(f"sitting {sitting.public_id} is not handed in")
    return sitting.handed_in_at


def outcome_rows(run: ScoringRun) -> QuerySet[ItemOutcomeRow]:
    """Outcomes with all that a series needs, person by person in the order in which they responded.

    Of finished sittings: one that was reopened keeps its score until the next round of scoring, and must not
    be counted, nor stop its pupil, meanwhile.
    """
    return (
        ItemOutcomeRow.objects.filter(score__run=run, score__sitting__state__in=FINISHED)
        .select_related("score__sitting__form", "version__standard__domain")
        .defer("value", "score__log_likelihood", "version__key")
        .order_by(
            "score__sitting__candidate_id",
            "score__sitting__handed_in_at",
            "score__sitting_id",
            "position",
        )
    )


def _practised(rows: Sequence[ItemOutcomeRow], sittings: Sequence[Sitting]) -> list[int]:
    """Items practised in each sitting: met, and explained at once. A trial explains nothing by itself."""
    met = Counter(row.score.sitting_id for row in rows if row.status != ItemOutcomeRow.Status.NOT_REACHED)
    return [met[sitting.pk] if sitting.form.purpose == FormPurpose.PRACTICE else 0 for sitting in sittings]
