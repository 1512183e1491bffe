"""How ready is the country: who took part, how regions and schools do, and how sure is that?

Results rest on one trial per pupil, the latest they handed in. Regions are in the conditioning model of
their plausible values, schools in theirs. Whatever fewer than ten pupils stand behind is hidden, and so is
whatever would give it away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from django.db.models import Avg, Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast

from accounts.enums import OrganizationKind, Role
from accounts.models import Enrollment, Organization
from accounts.name_order import name_key
from exams.enums import FormPurpose, SittingState
from exams.markup import Language
from exams.models import Sitting
from exams.models.sitting import SittingQuerySet
from scoring.disclosure import suppress
from scoring.domains import Verdict
from scoring.groups import Estimate, GroupResult, group_results
from scoring.irt.score_distribution import score_distribution
from scoring.irt.types import FloatArray
from scoring.models import DomainEstimate, ScoringRun, SittingScore
from scoring.queries.item_bank import ItemBank
from scoring.reference import reference_data

SEED = 1
"""Fixed, so that the same rows give the same page to whoever asks, and again after everything is rebuilt."""
THRESHOLD = 10

_SCHOOL = "candidate__enrollments__class_group__school"
_REGION = f"{_SCHOOL}__parent"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Pupils, not sittings: somebody given two trials counts once. `place` None is the whole country.

    `waiting`: handed in, and some device has not yet said that everything was delivered.
    """

    place: Organization | None
    pupils: int
    invited: int
    started: int
    handed_in: int
    waiting: int

    @property
    def sealed(self) -> int:
        return self.handed_in - self.waiting

    @property
    def share_handed_in(self) -> float | None:
        return self.handed_in / self.pupils if self.pupils else None


@dataclass(frozen=True, slots=True)
class ScoredPupil:
    """A pupil's trial as the results use it: the log-likelihood (Q,) and where the pupil goes to school.

    Texts that wait for a mark are not in the likelihood, neither as earned nor as lost; `pending_half_points`
    says how much that is.
    """

    region: int
    school: int
    log_likelihood: Sequence[float]
    final: bool
    simulated: bool
    pending_half_points: int = 0


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """One region or school; everything but its name is None when it is hidden."""

    place: Organization
    n: int | None
    expected: Estimate | None
    level_shares: tuple[Estimate, ...] | None

    @property
    def hidden(self) -> bool:
        return self.n is None

    @property
    def points(self) -> Estimate | None:
        return None if self.expected is None else in_points(self.expected)


@dataclass(frozen=True, slots=True)
class PlaceResults:
    """All places of one level in the order of their names, and all their pupils together.

    `everybody` is None when there are too few pupils, or none. `n_hidden` places are not shown.
    """

    places: tuple[PlaceResult, ...]
    everybody: GroupResult | None

    @property
    def n_hidden(self) -> int:
        return sum(place.hidden for place in self.places)

    @property
    def shown(self) -> tuple[PlaceResult, ...]:
        return tuple(place for place in self.places if not place.hidden)


@dataclass(frozen=True, slots=True)
class DomainShare:
    """What pupils would earn in a domain of the reference form, and how many are how far in it."""

    title: str
    n: int
    expected: Estimate
    known: float
    shaky: float
    not_yet: float
    not_enough: float


def in_points(half_points: Estimate) -> Estimate:
    return Estimate(half_points.value / 2, half_points.low / 2, half_points.high / 2)


def organizations() -> dict[int, Organization]:
    """Every region and school by id, in the order of names, which no language changes. One query.

    The order decides which random numbers a place gets, so it has to be the same for every reader.
    """
    kinds = [OrganizationKind.REGION, OrganizationKind.SCHOOL]
    places = Organization.objects.filter(kind__in=kinds)
    in_order = sorted(places, key=lambda one: (name_key(one.name, "", latin=False), one.public_id))
    return {place.pk: place for place in in_order}


def coverage_by_region(subject: str, places: Mapping[int, Organization]) -> list[Coverage]:
    """Every region by name, then the country; of a third test, who chose it or was given it. Two queries."""
    enrolled = Enrollment.objects.filter(role=Role.PUPIL).order_by().values("class_group__school__parent")
    if reference_data().subjects[subject].is_chosen:
        given = _trials(subject).order_by().values("candidate")
        enrolled = enrolled.filter(Q(chosen_subject=subject) | Q(person__in=given))
    pupils = {
        row["class_group__school__parent"]: row["n"]
        for row in enrolled.annotate(n=Count("person", distinct=True))
    }
    sat = {row[_REGION]: row for row in _trials(subject).order_by().values(_REGION).annotate(**_STAGES)}
    rows = [
        Coverage(place, pupils.get(key, 0), *(sat.get(key, {}).get(stage, 0) for stage in _STAGES))
        for key, place in places.items()
        if place.kind == OrganizationKind.REGION
    ]
    return [*rows, _together(rows)]


def scored_pupils(subject: str, run: ScoringRun) -> list[ScoredPupil]:
    """One row per pupil with a scored trial, in an order that no scoring run can change. One query."""
    rows = (
        SittingScore.objects.filter(
            run=run,
            sitting__form__subject=subject,
            sitting__form__purpose=FormPurpose.TRIAL,
            sitting__candidate__enrollments__role=Role.PUPIL,
        )
        .exclude(sitting__state=SittingState.VOIDED)
        .order_by("sitting__candidate__public_id", "sitting__handed_in_at", "sitting__public_id")
        .values_list(
            "sitting__candidate_id",
            f"sitting__{_REGION}",
            f"sitting__{_SCHOOL}",
            "log_likelihood",
            "final",
            "sitting__simulated",
            "pending_half_points",
        )
    )
    # The latest of a pupil comes last and replaces the earlier ones; the pupil's place in the order stays.
    latest = {candidate: ScoredPupil(*rest) for candidate, *rest in rows}
    return list(latest.values())


def results_by_region(
    pupils: Sequence[ScoredPupil], places: Mapping[int, Organization], score_by_theta: FloatArray
) -> PlaceResults:
    regions = [place for place in places.values() if place.kind == OrganizationKind.REGION]
    return _results(pupils, [pupil.region for pupil in pupils], regions, score_by_theta)


def results_by_school(
    pupils: Sequence[ScoredPupil],
    places: Mapping[int, Organization],
    score_by_theta: FloatArray,
    *,
    region: Organization,
) -> PlaceResults:
    """Schools of one region. Only for a region that is itself shown: schools would add up to a hidden one."""
    own = [pupil for pupil in pupils if pupil.region == region.pk]
    schools = [place for place in places.values() if place.parent_id == region.pk]
    return _results(own, [pupil.school for pupil in own], schools, score_by_theta)


def expected_by_theta(reference: ItemBank) -> FloatArray:
    """Expected half-points (Q,) on the reference form at each point of the ability grid."""
    table = score_distribution(reference.parameters, reference.category_half_points)
    return np.asarray(table @ np.arange(table.shape[1]), dtype=np.float64)


def domain_shares(subject: str, run: ScoringRun, *, language: Language) -> list[DomainShare]:
    """Domains over all pupils with an estimate; nothing when they are fewer than ten. One query.

    The interval holds what the responses leave open about these very pupils: each pupil's 70 % interval is
    taken as that of a normal distribution, and the pupils' errors as independent.
    """
    title = "domain__title_en" if language == "en" else "domain__title_sr"
    width = Cast(F("high_share") - F("low_share"), FloatField())
    rows = (
        DomainEstimate.objects.filter(estimate__run=run, estimate__subject=subject)
        .order_by("domain__code")
        .values("domain__code", title)
        .annotate(
            n=Count("pk"),
            mean=Avg("expected_share"),
            squares=Sum(width * width),
            **{verdict.value: Count("pk", filter=Q(verdict=verdict.value)) for verdict in Verdict},
        )
    )
    return [_domain_share(row, row[title]) for row in rows if row["n"] >= THRESHOLD]


def _trials(subject: str) -> SittingQuerySet:
    return Sitting.objects.filter(
        form__subject=subject, form__purpose=FormPurpose.TRIAL, candidate__enrollments__role=Role.PUPIL
    ).exclude(state=SittingState.VOIDED)


def _pupils_whose(condition: Q) -> Count:
    return Count("candidate", distinct=True, filter=condition)


_STAGES = {
    "invited": Count("candidate", distinct=True),
    "started": _pupils_whose(~Q(state=SittingState.READY)),
    "handed_in": _pupils_whose(Q(state__in=[SittingState.HANDED_IN, SittingState.SEALED])),
    "waiting": _pupils_whose(Q(state=SittingState.HANDED_IN)),
}


def _together(rows: Sequence[Coverage]) -> Coverage:
    stages = ("pupils", *_STAGES)
    return Coverage(None, *(sum(getattr(row, stage) for row in rows) for stage in stages))


def _results(
    pupils: Sequence[ScoredPupil],
    keys: Sequence[int],
    places: Sequence[Organization],
    score_by_theta: FloatArray,
) -> PlaceResults:
    """`keys`: the place of each pupil, by id. Where nobody was scored there is nothing to show or to hide."""
    position = {place.pk: index for index, place in enumerate(places)}
    codes = np.array([position[key] for key in keys], dtype=np.int64)
    counts = np.bincount(codes, minlength=len(places))
    filled = np.flatnonzero(counts)
    if not filled.size:
        return PlaceResults(tuple(PlaceResult(place, 0, None, None) for place in places), None)
    hidden = suppress(counts[filled][:, None], threshold=THRESHOLD)
    results = group_results(
        np.array([pupil.log_likelihood for pupil in pupils]),
        codes,
        score_by_theta,
        reference_data().levels.cuts,
        seed=SEED,
        census=True,
    )
    shown = {
        int(index): group
        for index, group, cell, total in zip(
            filled, results.groups, hidden.cells[:, 0], hidden.row_totals, strict=True
        )
        if not (cell or total)
    }
    return PlaceResults(
        tuple(
            _place_result(place, int(counts[index]), shown.get(index)) for index, place in enumerate(places)
        ),
        None if hidden.total or hidden.column_totals[0] else results.everybody,
    )


def _place_result(place: Organization, n: int, group: GroupResult | None) -> PlaceResult:
    if group is None:
        return PlaceResult(place, None if n else 0, None, None)
    return PlaceResult(place, n, group.expected_half_points, group.level_shares)


_WIDTH_OF_SD = 2 * NormalDist().inv_cdf(0.85)
"""How wide a central interval of 70 % is, in standard deviations."""


def _domain_share(row: Mapping[str, Any], title: str) -> DomainShare:
    half_width = NormalDist().inv_cdf(0.975) * math.sqrt(row["squares"]) / _WIDTH_OF_SD / row["n"]
    mean = row["mean"]
    return DomainShare(
        title,
        row["n"],
        Estimate(mean, max(mean - half_width, 0.0), min(mean + half_width, 1.0)),
        *(row[verdict.value] / row["n"] for verdict in Verdict),
    )
