"""Which responses may a calibration rest on? First presentations of a subject's items, as a matrix of codes.

A row is what one pupil did from one trial up to the next: practice joins the trial before it, whose abilities
it shares, and what was practised before any trial is left out, since nothing ties it to the scale. Only the
first time that a pupil meets an item counts; the second time is memory. Rows come from the database one after
the other, and the matrix grows by blocks: one byte for each pupil and item, and nothing else of that size.

For DIF there is what is known of pupils: the region of their school, and whether they had extra time. Gender,
mother tongue and the language of teaching are stored nowhere, so nothing can be said about them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np

from accounts.enums import Role
from accounts.models import Enrollment
from exams.enums import FormPurpose, SittingState
from scoring.calibration_types import BankItems, CalibrationData
from scoring.irt.types import NOT_PRESENTED, NOT_REACHED, OMITTED, ResponseArray
from scoring.models import CalibratedItem, Calibration, ItemCalibration, ItemOutcomeRow, ScoringRun
from scoring.queries.item_bank import load_bank

_BLOCK = 2048
_CHUNK = 20_000
_Status = ItemOutcomeRow.Status
_MISSING = {
    _Status.OMITTED.value: OMITTED,
    _Status.NOT_REACHED.value: NOT_REACHED,
    _Status.PENDING.value: NOT_PRESENTED,
}


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What was counted, and what was left out and why: for the page that explains a calibration."""

    n_pupils: int = 0
    n_trials: int = 0
    n_practice: int = 0
    n_repeated: int = 0
    n_before_trial: int = 0
    n_hinted: int = 0
    n_simulated: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def as_table(self) -> dict[str, int | str | None]:
        table: dict[str, int | str | None] = {
            name: getattr(self, name) for name in self.__slots__ if name not in ("first", "last")
        }
        for name, at in (("first", self.first), ("last", self.last)):
            table[name] = at.isoformat() if at else None
        return table


class _Outcome(NamedTuple):
    candidate: int
    sitting: int
    at: datetime
    form: int
    purpose: str
    time_percent: int
    simulated: bool
    version: int
    status: str
    half_points: int
    hinted: bool


@dataclass(slots=True)
class _Mark:
    """What is told of one row beside its codes; `between`: items practised after its trial."""

    candidate: int
    form: int
    occasion: int
    at: datetime
    extra_time: bool
    between: int = 0


def bank_items(run: ScoringRun, version_ids: tuple[int, ...]) -> BankItems:
    """What the run holds of these items, with the standard errors of the calibration that it has them from.

    A calibration that never came in force, or of which one has gone back, says nothing of other parameters.
    """
    bank = load_bank(run, version_ids=version_ids).select(version_ids)
    held = {
        row.version_id: row for row in ItemCalibration.objects.filter(run=run, version_id__in=version_ids)
    }
    sources = {version_id: row.source for version_id, row in held.items()}
    decided = [Calibration.State.ACCEPTED, Calibration.State.IN_FORCE]
    errors: dict[int, tuple[float | None, float | None]] = {}
    estimated = CalibratedItem.objects.filter(
        calibration__state__in=decided, included=True, version_id__in=version_ids
    ).order_by("calibration__decided_at", "calibration_id")
    for item in estimated:
        own = held[item.version_id]
        if (item.a, item.c, item.steps) == (own.a, own.c, own.steps):
            errors[item.version_id] = (item.se_a, item.se_b)
    known = [
        errors.get(version_id, (None, None)) if sources[version_id] != "assumed" else (None, None)
        for version_id in version_ids
    ]
    return BankItems(
        parameters=bank.parameters,
        half_points=bank.category_half_points,
        sources=tuple(sources[version_id] for version_id in version_ids),
        se_a=np.array([np.nan if se_a is None else se_a for se_a, _ in known]),
        se_b=np.array([np.nan if se_b is None else se_b for _, se_b in known]),
    )


def calibration_data(
    subject: str, *, run: ScoringRun, practice: bool
) -> tuple[CalibrationData, BankItems, DataFacts]:
    """Responses scored under `run` in finished sittings, and what the run holds of their items.

    An item on which a hint was asked counts as not solved, as it does for ability.
    """
    version_ids = tuple(
        _outcomes(subject, run, practice=practice)
        .order_by("version_id")
        .values_list("version_id", flat=True)
        .distinct()
    )
    bank = bank_items(run, version_ids)
    gathered = _Gathered(version_ids, _categories(bank), practice=practice)
    for outcomes in _by_candidate(subject, run, practice=practice):
        gathered.take(outcomes)
    return gathered.data(), bank, gathered.facts()


def _outcomes(subject: str, run: ScoringRun, *, practice: bool):  # type: ignore[no-untyped-def]
    purposes = [FormPurpose.TRIAL, *[FormPurpose.PRACTICE] * practice]
    return ItemOutcomeRow.objects.filter(
        score__run=run,
        score__sitting__form__subject=subject,
        score__sitting__form__purpose__in=purposes,
        score__sitting__state__in=[SittingState.HANDED_IN, SittingState.SEALED],
    )


def _by_candidate(subject: str, run: ScoringRun, *, practice: bool) -> Iterator[list[_Outcome]]:
    """One pupil's outcomes at a time, in the order in which they were given."""
    rows = (
        _outcomes(subject, run, practice=practice)
        .order_by(
            "score__sitting__candidate_id",
            "score__sitting__handed_in_at",
            "score__sitting_id",
            "position",
        )
        .values_list(
            "score__sitting__candidate_id",
            "score__sitting_id",
            "score__sitting__handed_in_at",
            "score__sitting__form_id",
            "score__sitting__form__purpose",
            "score__sitting__time_percent",
            "score__sitting__simulated",
            "version_id",
            "status",
            "half_points",
            "hinted",
        )
        .iterator(chunk_size=_CHUNK)
    )
    for _, own in groupby((_Outcome(*row) for row in rows), key=lambda row: row.candidate):
        yield list(own)


def _categories(bank: BankItems) -> list[dict[int, int]]:
    """Of each item: half-points → category."""
    return [
        {int(points): k for k, points in enumerate(row[:n])}
        for row, n in zip(bank.half_points, bank.parameters.n_categories, strict=True)
    ]


@dataclass(slots=True)
class _Gathered:
    """Rows as they come, in blocks; and counts."""

    version_ids: tuple[int, ...]
    categories: list[dict[int, int]]
    practice: bool
    place: dict[int, int] = field(init=False)
    codes: list[ResponseArray] = field(default_factory=list)
    practised: list[np.ndarray[tuple[int, int], np.dtype[np.bool_]]] = field(default_factory=list)
    used: int = 0
    marks: list[_Mark] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    times: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place = {version_id: column for column, version_id in enumerate(self.version_ids)}

    def take(self, outcomes: list[_Outcome]) -> None:
        """All outcomes of one pupil, in order of time."""
        met: set[int] = set()
        occasion, begun = 0, False
        for _, sitting in groupby(outcomes, key=lambda row: row.sitting):
            own = list(sitting)
            is_trial = own[0].purpose == FormPurpose.TRIAL
            if is_trial:
                occasion += 1
                self._begin_row(own[0], occasion)
            self._count("n_trials" if is_trial else "n_practice_sets", 1)
            self._count("n_simulated", int(own[0].simulated))
            self._put(own, met, is_trial=is_trial, has_row=occasion > 0)
            begun = begun or occasion > 0
        self._count("n_pupils", int(begun))

    def _put(self, own: list[_Outcome], met: set[int], *, is_trial: bool, has_row: bool) -> None:
        if has_row and not is_trial:
            self.marks[-1].between += len(own)
        for row in own:
            if row.version in met:
                self._count("n_repeated", 1)
                continue
            if row.status != _Status.NOT_REACHED:
                met.add(row.version)
            if not has_row:
                self._count("n_before_trial", 1)
                continue
            column, at = self.place[row.version], (self.used - 1) % _BLOCK
            self.codes[-1][at, column] = self._code(row, column)
            self._count("n_hinted", int(row.hinted))
            if not is_trial:
                self.practised[-1][at, column] = True
                self._count("n_practice", 1)
        self.times = [min([*self.times, own[0].at]), max([*self.times, own[0].at])]

    def _code(self, row: _Outcome, column: int) -> int:
        if row.status in _MISSING:
            return _MISSING[row.status]
        return 0 if row.hinted else self.categories[column][row.half_points]

    def _begin_row(self, first: _Outcome, occasion: int) -> None:
        if self.used % _BLOCK == 0:
            shape = (_BLOCK, len(self.version_ids))
            self.codes.append(np.full(shape, NOT_PRESENTED, dtype=np.int8))
            self.practised.append(np.zeros((shape[0], shape[1] if self.practice else 0), dtype=np.bool_))
        self.used += 1
        self.marks.append(_Mark(first.candidate, first.form, occasion, first.at, first.time_percent > 100))

    def _count(self, name: str, by: int) -> None:
        self.counts[name] = self.counts.get(name, 0) + by

    def data(self) -> CalibrationData:
        n_items = len(self.version_ids)
        codes = np.concatenate([np.zeros((0, n_items), dtype=np.int8), *self.codes])[: self.used]
        width = n_items if self.practice else 0
        practised = np.concatenate([np.zeros((0, width), dtype=np.bool_), *self.practised])[: self.used]
        marks = self.marks
        again = np.array([mark.occasion > 1 for mark in marks], dtype=np.bool_)
        above = np.arange(self.used) - 1
        weeks = [0.0, *(_weeks(one.at, two.at) for one, two in pairwise(marks))]
        regions = _regions()
        return CalibrationData(
            version_ids=self.version_ids,
            codes=codes,
            practised=practised,
            form=np.array([mark.form for mark in marks], dtype=np.int64),
            occasion=np.array([mark.occasion for mark in marks], dtype=np.int64),
            before=np.where(again, above, -1).astype(np.int64),
            weeks=np.where(again, weeks[: self.used], 0.0),
            between=np.where(again, [0, *(mark.between for mark in marks)][: self.used], 0).astype(np.int64),
            groups={
                "region": np.array([regions.get(mark.candidate, "") for mark in marks], dtype=np.str_),
                "extra_time": np.array(
                    ["extra" if mark.extra_time else "usual" for mark in marks], dtype=np.str_
                ),
            },
        )

    def facts(self) -> DataFacts:
        names = (
            "n_pupils",
            "n_trials",
            "n_practice",
            "n_repeated",
            "n_before_trial",
            "n_hinted",
            "n_simulated",
        )
        counted = {name: self.counts.get(name, 0) for name in names}
        first, last = self.times if self.times else (None, None)
        return DataFacts(**counted, first=first, last=last)


def _weeks(earlier: datetime, later: datetime) -> float:
    return max(0.0, (later - earlier).total_seconds() / 604_800)


def _regions() -> dict[int, str]:
    """Pupil → name of the region of their school."""
    return dict(
        Enrollment.objects.filter(role=Role.PUPIL, class_group__school__parent__isnull=False).values_list(
            "person_id", "class_group__school__parent__name"
        )
    )
