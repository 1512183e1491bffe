"""What do the pages about calibrations show? Every calibration is fetched through `get_calibration`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, QuerySet

from accounts.errors import AccessDenied
from accounts.queries.people import Asker, signed_in_psychometrician
from exams.models import Domain, Sitting
from scoring.models import CalibratedItem, Calibration, ItemCalibration, ScoringRun
from scoring.practice.effects import KNOTS, PracticeEffects
from scoring.queries.calibration_difference import n_scored
from scoring.queries.practised_learners import FEWEST_LEARNERS
from scoring.reference import reference_data

_GRAVE_FIRST = ("backwards", "negative_slope", "slope_at_bound", "one_category", "empty_category")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of a draft with what the report says of it. `new`: it would get other parameters.

    b and `b_before` are locations; `change` their difference; `to_go`: responses until it is calibrated with
    the others, 0 where it is.
    """

    version_id: int
    ref: str
    standard: str
    source: str
    source_before: str
    new: bool
    included: bool
    n: int
    to_go: int
    a: float
    b: float
    c: float
    se_a: float | None
    se_b: float | None
    a_before: float
    b_before: float
    figures: Mapping[str, Any]
    flags: tuple[str, ...]

    @property
    def change(self) -> float:
        return self.b - self.b_before


@dataclass(frozen=True, slots=True)
class SubjectState:
    """Where the parameters in force come from: items of one subject, by source."""

    subject: str
    n_items: int
    n_assumed: int
    n_pretest: int
    n_calibrated: int


@dataclass(frozen=True, slots=True)
class EffectAt:
    """Of theta for each practised item whose chance of being solved is `chance`; se None where assumed."""

    chance: float
    domain: float
    domain_se: float | None
    standard: float
    standard_se: float | None


@dataclass(frozen=True, slots=True)
class EffectsTold:
    """What a draft says of practice: its own estimate from `n_learners`, or what the run had.

    asked: was it to estimate it at all? assumed: nobody ever did. fewest: from so many pupils on it can.
    """

    rows: tuple[EffectAt, ...]
    asked: bool
    estimated: bool
    assumed: bool
    n_learners: int
    fewest: int = FEWEST_LEARNERS


SORTS: dict[str, Any] = {
    "flags": lambda row: (-_gravity(row), -len(row.flags), not row.new, row.ref),
    "item": lambda row: row.ref,
    "responses": lambda row: (-row.n, row.ref),
    "facility": lambda row: (_last(row.figures["facility"]), row.ref),
    "rest": lambda row: (_last(row.figures["rest"]), row.ref),
    "difficulty": lambda row: (row.b, row.ref),
    "change": lambda row: (-abs(row.change), row.ref),
}


def calibrations() -> QuerySet[Calibration]:
    """All, the latest first."""
    return Calibration.objects.select_related("requested_by", "run").order_by("-requested_at", "-pk")


def get_calibration(person: Asker, public_id: UUID) -> Calibration:
    """The doorway to a calibration, for psychometricians. Raises AccessDenied, also when there is none."""
    signed_in_psychometrician(person)
    found = (
        Calibration.objects.filter(public_id=public_id)
        .select_related("requested_by", "decided_by", "run", "base_run")
        .first()
    )
    if found is None:
        raise AccessDenied
    return found


def calibrations_in_force(run: ScoringRun | None) -> frozenset[int]:
    """Ids of those that pages read by now, `run` being in force: of each subject the latest whose items came
    into it. What a run has of the other subjects it took over from the one that it was accepted beside. A run
    under newer rules keeps the parameters, with their version, of the one it follows. One query.
    """
    made = {
        one.run.parameter_version: one
        for one in Calibration.objects.filter(run__isnull=False).select_related("run", "base_run")
        if one.run
    }
    found: dict[str, int] = {}
    version = run.parameter_version if run else ""
    while (one := made.pop(version, None)) is not None:
        found.setdefault(one.subject, one.pk)
        version = one.base_run.parameter_version
    return frozenset(found.values())


def get_run(person: Asker, run_id: int) -> ScoringRun:
    """The doorway to a run, for psychometricians. Raises AccessDenied, also when there is none."""
    signed_in_psychometrician(person)
    found = ScoringRun.objects.filter(pk=run_id).first()
    if found is None:
        raise AccessDenied
    return found


def subject_states(run: ScoringRun | None) -> list[SubjectState]:
    """Every subject with a test, in the order of the reference data."""
    counts: dict[tuple[str, str], int] = {}
    if run is not None:
        rows = ItemCalibration.objects.filter(run=run).order_by()
        counted = rows.values_list("version__item__subject", "source").annotate(n=Count("pk"))
        counts = {(subject, source): n for subject, source, n in counted}
    states = []
    for subject in reference_data().subjects:
        of = {source: counts.get((subject, source), 0) for source in ItemCalibration.Source.values}
        known = of["calibrated"] + of["linked"]
        states.append(SubjectState(subject, sum(of.values()), of["assumed"], of["pretest"], known))
    return states


def item_rows(calibration: Calibration, *, sort: str = "flags") -> list[ItemRow]:
    """Every item of a computed calibration, sorted by one of SORTS, else with the gravest flags first."""
    figures: Mapping[str, Any] = calibration.report.get("items", {})
    wanted = int(calibration.settings.get("wanted", 0))
    items = calibration.items.select_related("version__standard")
    rows = [_row(item, figures[str(item.version_id)], wanted) for item in items]
    return sorted(rows, key=SORTS.get(sort, SORTS["flags"]))


def refs_of(calibration: Calibration) -> dict[int, str]:
    """Item version → how it is called, for what the report names by number."""
    return dict(calibration.items.values_list("version_id", "version__ref"))


def effects_told(calibration: Calibration) -> EffectsTold | None:
    """None for drafts from before practice was estimated."""
    found = calibration.report.get("effects")
    if found is None:
        return None
    effects = PracticeEffects.from_table(found["table"])
    unknown = [None] * len(KNOTS)
    columns = (
        KNOTS,
        effects.domain,
        found["domain_se"] or unknown,
        effects.standard,
        found["standard_se"] or unknown,
    )
    return EffectsTold(
        rows=tuple(EffectAt(*row) for row in zip(*columns, strict=True)),
        asked=bool(calibration.settings.get("dynamics")),
        estimated=found["estimated"],
        assumed=not found["table"],
        n_learners=found["n_learners"],
    )


def domain_titles(subject: str) -> dict[str, Domain]:
    return {domain.code: domain for domain in Domain.objects.filter(subject=subject)}


def rescoring(calibration: Calibration) -> tuple[int, int]:
    """How many sittings have been scored under an accepted calibration's run, and of how many."""
    run = calibration.run
    return (0 if run is None else n_scored(run), Sitting.objects.finished().count())


def _row(item: CalibratedItem, figures: Mapping[str, Any], wanted: int) -> ItemRow:
    before = figures["bank"]
    known = item.source in ("calibrated", "linked")
    return ItemRow(
        version_id=item.version_id,
        ref=item.version.ref,
        standard=item.version.standard.code,
        source=item.source,
        source_before=before["source"],
        new=figures["new"],
        included=item.included,
        n=item.n_responses,
        to_go=0 if known else max(0, wanted - item.n_responses),
        a=item.a,
        b=float(np.mean(item.steps)),
        c=item.c,
        se_a=item.se_a,
        se_b=item.se_b,
        a_before=before["a"],
        b_before=before["b"],
        figures=figures,
        flags=tuple(item.flags),
    )


def _gravity(row: ItemRow) -> int:
    return sum(flag in _GRAVE_FIRST for flag in row.flags)


def _last(value: float | None) -> float:
    return float("inf") if value is None else value
