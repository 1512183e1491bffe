"""What came of a sitting, item by item, and which sittings of a pupil have a result?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q

from accounts.models import Person
from exams.enums import FormPurpose, ItemRole
from exams.markup import Language
from exams.models import Domain, FormItem, ItemText, Sitting, Standard
from exams.queries.shown import items_checked, items_shown
from exams.queries.sittings import results_released
from scoring.item_review import Review, review
from scoring.models import ItemOutcomeRow, ScoringRun, SittingScore
from scoring.queries.estimates import points_by_ability, prediction_from
from scoring.queries.history import Movement, movement_by
from scoring.queries.runs import Difficulties, difficulties_in, difficulties_of_form
from scoring.readiness import Readiness
from scoring.reference import reference_data

VERDICTS = ("right", "partly", "wrong", "pending", "omitted", "not_reached")
HARD = 0.4
"""An item is hard for a pupil when it was less likely than this to bring all its points."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item as it went. `verdict` is one of VERDICTS; `chance` as predicted when it was chosen.

    `position` counts what is shown, from 1; `number` is what the phone called it: a similar one has that of
    the item it is like, "2+". `hinted`: solved after a hint, so not alone. `similar`: a second item like one
    that was missed. `checked`: of practice, its solution was seen at once. `note`: what whoever marked it
    wrote to the pupil, as typed.
    """

    position: int
    number: str
    domain: Domain
    standard: Standard
    verdict: str
    half_points: int
    max_half_points: int
    late: bool
    hinted: bool
    similar: bool
    checked: bool
    stem: str
    review: Review
    explanation: str
    chance: float | None
    note: str

    @property
    def hard_and_solved(self) -> bool:
        """Did it bring all its points, alone, although that was rather not to be expected?"""
        return self.verdict == "right" and not self.hinted and self.chance is not None and self.chance < HARD


@dataclass(frozen=True, slots=True)
class DomainPoints:
    """`pending_half_points` of the maximum wait for a mark: neither earned nor lost."""

    domain: Domain
    half_points: int
    max_half_points: int
    pending_half_points: int

    @property
    def lost(self) -> int:
        return self.max_half_points - self.half_points - self.pending_half_points


@dataclass(frozen=True, slots=True)
class Admission:
    """Points for admission in thousandths, under the regime in force on the day of the sitting."""

    thousandths: int
    maximum: int
    regime: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class SittingReport:
    """`prediction` is what this sitting alone predicts, `level` the level of its expected points.

    `final`: everything has arrived. While `pending_half_points` wait for marks, the points are still the
    least that the sitting brings. `difficulties`: of the items that what is predicted here rests on.
    """

    final: bool
    half_points: int
    max_half_points: int
    pending_half_points: int
    admission: Admission | None
    prediction: Readiness | None
    level: str
    levels_provisional: bool
    movement: Movement | None
    difficulties: Difficulties
    domains: tuple[DomainPoints, ...]
    items: tuple[ItemResult, ...]
    counts: Mapping[str, int]

    @property
    def has_marks(self) -> bool:
        """Do people mark some of it, so that marking again may change its points?"""
        return any(item.review.interaction == "extended_text" for item in self.items)

    @property
    def weakest(self) -> DomainPoints | None:
        """Where most points were left; None when none were."""
        worst = max(self.domains, key=lambda row: row.lost, default=None)
        return worst if worst and worst.lost else None

    @property
    def mastered(self) -> tuple[DomainPoints, ...]:
        return tuple(row for row in self.domains if not row.lost and not row.pending_half_points)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A finished sitting in a list; points are None until they are counted or may be seen.

    `pending_half_points` of the maximum wait for marks, 0 as well while nothing may be seen.
    """

    sitting: Sitting
    released: bool
    half_points: int | None
    max_half_points: int | None
    pending_half_points: int
    final: bool


def results_of(person: Person, *, run: ScoringRun | None, now: datetime) -> list[ResultLine]:
    """Every finished sitting of the person, the latest first, in one query."""
    mine = FilteredRelation("scores", condition=Q(scores__run=run))
    rows = (
        Sitting.objects.filter(candidate=person)
        .finished()
        .select_related("administration", "form")
        .annotate(mine=mine)
        .annotate(
            earned=F("mine__half_points"),
            possible=F("mine__max_half_points"),
            pending=F("mine__pending_half_points"),
            is_final=F("mine__final"),
        )
        .order_by("-handed_in_at", "public_id")
    )
    return [_line(row, now) for row in rows]


def sitting_report(sitting: Sitting, *, run: ScoringRun | None, language: Language) -> SittingReport | None:
    """Everything the result page says; None while the sitting is not scored in `run`."""
    score = SittingScore.objects.filter(run=run, sitting=sitting).first()
    if score is None or run is None:
        return None
    outcomes = list(
        ItemOutcomeRow.objects.filter(score=score)
        .select_related("version__standard__domain", "mark")
        .order_by("position")
    )
    items = _items(sitting, outcomes, language)
    table = points_by_ability(sitting.form.subject, run=run)
    prediction = None if table is None else prediction_from(score.log_likelihood, table)
    levels = reference_data().levels
    is_practice = sitting.form.purpose == FormPurpose.PRACTICE
    return SittingReport(
        final=score.final,
        half_points=score.half_points,
        max_half_points=score.max_half_points,
        pending_half_points=score.pending_half_points,
        admission=_admission(score, sitting.form.subject),
        prediction=prediction,
        level=levels.at(prediction.expected).identifier if prediction else "",
        levels_provisional=levels.provisional,
        movement=movement_by(sitting, run=run) if is_practice else None,
        difficulties=_difficulties(sitting, run),
        domains=_domains(outcomes),
        items=items,
        counts=_counts(items),
    )


def _difficulties(sitting: Sitting, run: ScoringRun) -> Difficulties:
    """A trial is read alone; a practice set moves what everything before it has said."""
    if sitting.form.purpose == FormPurpose.PRACTICE:
        return difficulties_in(run, sitting.form.subject)
    return difficulties_of_form(run, sitting.form)


def _line(sitting: Any, now: datetime) -> ResultLine:
    released = results_released(sitting, now=now)
    return ResultLine(
        sitting=sitting,
        released=released,
        half_points=sitting.earned if released else None,
        max_half_points=sitting.possible if released else None,
        pending_half_points=(sitting.pending or 0) if released else 0,
        final=bool(sitting.is_final),
    )


def _items(
    sitting: Sitting, outcomes: Sequence[ItemOutcomeRow], language: Language
) -> tuple[ItemResult, ...]:
    texts = {
        text.version_id: text
        for text in ItemText.objects.filter(
            version_id__in=[row.version_id for row in outcomes], language=language
        )
    }
    picked = _picked(sitting)
    numbers = _numbers(picked)
    checked = items_checked(sitting) if sitting.form.purpose == FormPurpose.PRACTICE else frozenset()
    return tuple(
        _item(
            place,
            row,
            texts[row.version_id],
            picked.get(row.version.ref, {}),
            language,
            number=numbers.get(row.version.ref, str(place)),
            checked=row.version.ref in checked,
        )
        for place, row in enumerate(_in_order(outcomes, picked), start=1)
    )


def _picked(sitting: Sitting) -> dict[str, Mapping[str, Any]]:
    """How each item came into the set, by ref, in the order of the set.

    That is in the form; of a pocket set it is what the phone noted down when it chose.
    """
    if sitting.form.pocket:
        shown = items_shown(sitting)
        return {
            ref: told | {"role": ItemRole.SPARE} if "for" in told else told for ref, told in shown.items()
        }
    rows = FormItem.objects.filter(form_id=sitting.form_id).order_by("position")
    return {ref: selection or {} for ref, selection in rows.values_list("version__ref", "selection")}


def _numbers(picked: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The number of each item by ref, as on the phone: those asked for beside another are not counted."""
    counted = [ref for ref, told in picked.items() if told.get("role") != ItemRole.SPARE]
    own = {ref: str(number) for number, ref in enumerate(counted, start=1)}
    similar = {ref: own.get(told.get("for", "")) for ref, told in picked.items() if ref not in own}
    return own | {ref: f"{number}+" for ref, number in similar.items() if number}


def _in_order(
    outcomes: Sequence[ItemOutcomeRow], picked: Mapping[str, Mapping[str, Any]]
) -> list[ItemOutcomeRow]:
    """As in the set, but each similar item right after the one that was missed."""
    places = {ref: place for place, ref in enumerate(picked)}

    def place(row: ItemOutcomeRow) -> tuple[int, bool, int]:
        own = places.get(row.version.ref, len(places))
        missed = places.get(picked.get(row.version.ref, {}).get("for", ""), own)
        return missed, missed != own, own

    return sorted(outcomes, key=place)


def _item(
    place: int,
    row: ItemOutcomeRow,
    text: ItemText,
    selection: Mapping[str, Any],
    language: Language,
    *,
    number: str,
    checked: bool,
) -> ItemResult:
    return ItemResult(
        position=place,
        number=number,
        domain=row.version.standard.domain,
        standard=row.version.standard,
        verdict=_verdict(row),
        half_points=row.half_points,
        max_half_points=row.max_half_points,
        late=row.late,
        hinted=row.hinted,
        similar=selection.get("role") == ItemRole.SPARE,
        checked=checked,
        stem=text.content["stem"],
        review=review(row.version.key, text.content, text.solution["misconceptions"], row.value, language),
        explanation=text.solution["explanation"],
        chance=selection.get("probability"),
        note=row.mark.note if row.mark else "",
    )


def _verdict(row: ItemOutcomeRow) -> str:
    if row.status != ItemOutcomeRow.Status.ANSWERED:
        return str(row.status)
    if row.half_points == row.max_half_points:
        return "right"
    return "partly" if row.half_points else "wrong"


def _counts(items: Sequence[ItemResult]) -> dict[str, int]:
    """How many items went which way, best first, without those that none did."""
    found = Counter(item.verdict for item in items)
    return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}


def _domains(outcomes: Sequence[ItemOutcomeRow]) -> tuple[DomainPoints, ...]:
    by_code: dict[str, list[ItemOutcomeRow]] = {}
    for row in outcomes:
        by_code.setdefault(row.version.standard.domain.code, []).append(row)
    return tuple(
        DomainPoints(
            domain=rows[0].version.standard.domain,
            half_points=sum(row.half_points for row in rows),
            max_half_points=sum(row.max_half_points for row in rows),
            pending_half_points=sum(
                row.max_half_points for row in rows if row.status == ItemOutcomeRow.Status.PENDING
            ),
        )
        for _, rows in sorted(by_code.items())
    )


def _admission(score: SittingScore, subject: str) -> Admission | None:
    if score.admission_thousandths is None:
        return None
    data = reference_data()
    regime = next(row for row in data.regimes.regimes if row.identifier == score.regime)
    rate = regime.thousandths_per_half_point[data.subjects[subject].test_kind]
    return Admission(
        thousandths=score.admission_thousandths,
        maximum=rate * regime.half_points_max,
        regime=regime.identifier,
        valid_from=regime.valid_from,
    )
