"""Do the stored responses and the score say what the journal says, and are the points those of the keys?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exams.enums import FormPurpose
from exams.marking import Judged, judge, mark_values
from exams.models import CurrentResponse, FormItem
from exams.projection import Projection
from exams.verification import Finding, SittingRecord
from scoring.models import ItemOutcomeRow, ScoringRun, SittingScore

_FINISHED = ("handed_in", "sealed")


@dataclass(frozen=True, slots=True)
class _Item:
    """`practice`: it counts only where it was seen."""

    ref: str
    version: int
    key: Mapping[str, Any]
    practice: bool


@dataclass(frozen=True, slots=True)
class _Response:
    value: Any
    late: bool
    hinted: bool

    @classmethod
    def of(cls, item: _Item, projection: Projection) -> _Response:
        return cls(
            projection.responses.get(item.ref), item.ref in projection.late, item.ref in projection.hinted
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """`scored`: the score rests on what the journal says now; None for a sitting that is not to be scored."""

    scored: bool | None
    findings: tuple[Finding, ...]


class ScoreReader:
    """Compares what is derived in `run` with the journal; remembers keys, which never change."""

    def __init__(self, run: ScoringRun | None) -> None:
        self.run = run
        self._items: dict[int, list[_Item]] = {}

    def read(self, keys: Collection[int]) -> ScoresOfChunk:
        """To be called inside the snapshot in which the records are read."""
        responses: dict[int, dict[int, _Response]] = defaultdict(dict)
        rows = CurrentResponse.objects.filter(sitting__in=keys)
        for row in rows:
            responses[row.sitting_id][row.version_id] = _Response(row.value, row.late, row.hinted)
        scores = {
            score.sitting_id: score
            for score in SittingScore.objects.filter(run=self.run, sitting__in=keys).defer("log_likelihood")
        }
        outcomes: dict[int, dict[int, ItemOutcomeRow]] = defaultdict(dict)
        for outcome in ItemOutcomeRow.objects.filter(score__in=[score.pk for score in scores.values()]):
            outcomes[outcome.score_id][outcome.version_id] = outcome
        return ScoresOfChunk(self, responses, scores, outcomes)

    def items_of(self, form: int) -> list[_Item]:
        if form not in self._items:
            rows = FormItem.objects.filter(form=form).select_related("version", "form").order_by("position")
            self._items[form] = [
                _Item(
                    row.version.ref,
                    row.version_id,
                    row.version.key,
                    practice=row.form.purpose == FormPurpose.PRACTICE,
                )
                for row in rows
            ]
        return self._items[form]


class ScoresOfChunk:
    def __init__(
        self,
        reader: ScoreReader,
        responses: Mapping[int, Mapping[int, _Response]],
        scores: Mapping[int, SittingScore],
        outcomes: Mapping[int, Mapping[int, ItemOutcomeRow]],
    ) -> None:
        self._items_of = reader.items_of
        self._responses = responses
        self._scores = scores
        self._outcomes = outcomes

    def check(self, record: SittingRecord) -> Checked:
        """A score that has not caught up with the journal is not compared: it is not yet, not wrong."""
        score = self._scores.get(record.key)
        if record.state not in _FINISHED:
            return Checked(None, ())
        if score is None or not _up_to_date(score, record):
            return Checked(False, ())
        projection = record.projection()
        items = self._items_of(record.form)
        stored = self._responses.get(record.key, {})
        outcomes = self._outcomes.get(score.pk, {})
        found: list[Finding] = []
        for item in items:
            found += _response_findings(record, item, projection, stored)
            found += _outcome_findings(record, item, projection, outcomes)
            found += _mark_findings(record, item, outcomes)
        found += _score_findings(record, score, items, stored, outcomes)
        return Checked(True, tuple(found))


def _up_to_date(score: SittingScore, record: SittingRecord) -> bool:
    """What arrives after the seal counts only where a person decides so; people mark when they can."""
    if score.final is not (record.state == "sealed") or score.decisions != record.n_counting:
        return False
    if score.marks != max((mark.number for mark in record.marks), default=0):
        return False
    return score.final or score.events == len(record.kept)


def _response_findings(
    record: SittingRecord, item: _Item, projection: Projection, stored: Mapping[int, _Response]
) -> Iterator[Finding]:
    expected = _Response.of(item, projection) if item.ref in projection.seen else None
    if stored.get(item.version) != expected:
        what = f"{item.ref}: the journal says {_said(expected)}, stored is {_said(stored.get(item.version))}"
        yield Finding(record.public_id, "responses", what)


def _outcome_findings(
    record: SittingRecord, item: _Item, projection: Projection, outcomes: Mapping[int, ItemOutcomeRow]
) -> Iterator[Finding]:
    row = outcomes.get(item.version)
    counts = item.ref in projection.seen or not item.practice
    if row is None or not counts:
        if counts or row is not None:
            what = "no outcome in the score" if counts else "an outcome in the score, though it was not seen"
            yield Finding(record.public_id, "outcome", f"{item.ref}: {what}")
        return
    value = projection.responses.get(item.ref)
    right = judge(item.key, value, item.version, record.marks)
    expected = (
        value, item.ref in projection.late, item.ref in projection.hinted, _status(item, projection, right),
        right.half_points, right.max_half_points, right.by.key if right.by else None,
    )  # fmt: skip
    present = (
        row.value, row.late, row.hinted, row.status, row.half_points, row.max_half_points, row.mark_id,
    )  # fmt: skip
    if present != expected:
        what = f"{item.ref}: journal and key give {expected}, scored was {present}"
        yield Finding(record.public_id, "outcome", what)


def _status(item: _Item, projection: Projection, right: Judged) -> str:
    return right.status if item.ref in projection.seen else ItemOutcomeRow.Status.NOT_REACHED.value


def _mark_findings(
    record: SittingRecord, item: _Item, outcomes: Mapping[int, ItemOutcomeRow]
) -> Iterator[Finding]:
    """Only told: a text that waits is not wrong. Wrong: a mark that the item's own table does not have."""
    row = outcomes.get(item.version)
    if row is not None and row.status == ItemOutcomeRow.Status.PENDING:
        yield Finding(record.public_id, "unmarked", f"{item.ref}: a text waits for a mark", wrong=False)
    for mark in record.marks:
        if mark.version == item.version and mark.half_points not in mark_values(item.key):
            what = f"{item.ref}: mark {mark.number} gives {mark.half_points} half-points"
            yield Finding(record.public_id, "mark", f"{what}, the item {mark_values(item.key)}")


def _score_findings(
    record: SittingRecord,
    score: SittingScore,
    items: list[_Item],
    stored: Mapping[int, Any],
    outcomes: Mapping[int, ItemOutcomeRow],
) -> Iterator[Finding]:
    versions = {item.version for item in items}
    if foreign := sorted(set(stored) - versions):
        yield Finding(record.public_id, "responses", f"responses to item versions {foreign}, not on the form")
    if foreign := sorted(set(outcomes) - versions):
        yield Finding(record.public_id, "outcome", f"outcomes of item versions {foreign}, not on the form")
    if foreign := sorted({mark.version for mark in record.marks} - versions):
        yield Finding(record.public_id, "mark", f"marks on item versions {foreign}, not on the form")
    rows = outcomes.values()
    waiting = [row.max_half_points for row in rows if row.status == ItemOutcomeRow.Status.PENDING]
    expected = (
        sum(row.half_points for row in rows), sum(row.max_half_points for row in rows), sum(waiting)
    )  # fmt: skip
    present = (score.half_points, score.max_half_points, score.pending_half_points)
    if present != expected:
        what = (
            f"{present[0]} of {present[1]} half-points, {present[2]} waiting for marks, but its outcomes are "
            f"{expected[0]} of {expected[1]}, {expected[2]} waiting"
        )
        yield Finding(record.public_id, "score", what)


def _said(response: _Response | None) -> str:
    if response is None:
        return "nothing"
    return f"{response.value!r}{' (late)' if response.late else ''}{' (hinted)' if response.hinted else ''}"
