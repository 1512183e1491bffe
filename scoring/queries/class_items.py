"""How did a class do on each item of a form, beside everybody, and what did most of the wrong ones put?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import Person
from exams.markup import Language
from exams.models import Administration, Form, FormItem
from scoring.common_errors import CommonError, common_error
from scoring.models import ItemOutcomeRow, ScoringRun
from scoring.queries.class_results import FEWEST_PUPILS

_PENDING = Q(status=ItemOutcomeRow.Status.PENDING)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """Facilities are shares of points over all who sat, with what was left out counting as none.

    `n_pending` texts of the class wait for a mark, and `n_all_pending` of everybody: they are in neither
    share. `stimulus`: what the item shares with others ("title", "html"), None for nothing.
    """

    position: int
    language: Language
    standard: str
    standard_title: str
    stimulus: Mapping[str, str] | None
    stem: str
    key_text: str
    n: int
    facility: float | None
    n_all: int
    facility_all: float | None
    n_omitted: int
    n_not_reached: int
    n_pending: int
    n_all_pending: int
    common_error: CommonError | None

    @property
    def n_counted(self) -> int:
        """On how many of the class the share rests."""
        return self.n - self.n_pending

    @property
    def percent(self) -> int:
        return round(100 * (self.facility or 0.0))

    @property
    def percent_all(self) -> int | None:
        return None if self.facility_all is None else round(100 * self.facility_all)

    @property
    def behind(self) -> float:
        """By how much the class is behind everybody on this item."""
        if self.facility is None or self.facility_all is None:
            return 0.0
        return self.facility_all - self.facility


@dataclass(frozen=True, slots=True)
class FormContent:
    """Items of a form in order, with the half-points each domain (by id) carries."""

    items: tuple[FormItem, ...]
    half_points_by_domain: Mapping[int, int]

    @property
    def half_points(self) -> int:
        return sum(self.half_points_by_domain.values())


def form_content(form: Form) -> FormContent:
    """Two queries."""
    items = (
        FormItem.objects.filter(form=form)
        .select_related("version__standard__domain")
        .prefetch_related("version__texts")
        .order_by("position")
    )
    points: Counter[int] = Counter()
    for item in items:
        points[item.version.standard.domain_id] += max(item.version.key["half_points"])
    return FormContent(tuple(items), dict(points))


def item_rows(
    content: FormContent,
    *,
    administration: Administration,
    pupils: Iterable[Person],
    run: ScoringRun,
    language: Language,
) -> list[ItemRow]:
    """Every item of the administration's form. Two queries: the class's outcomes, and everybody's sums."""
    outcomes: dict[int, list[ItemOutcomeRow]] = {}
    for row in ItemOutcomeRow.objects.filter(
        score__run=run,
        score__sitting__administration=administration,
        score__sitting__candidate__in=[pupil.pk for pupil in pupils],
    ).order_by("score__sitting__public_id", "position"):
        outcomes.setdefault(row.version_id, []).append(row)
    everybody = {
        row["version"]: row
        for row in ItemOutcomeRow.objects.filter(
            score__run=run, score__sitting__form_id=administration.form_id
        )
        .order_by()
        .values("version")
        .annotate(
            n=Count("pk"),
            n_pending=Count("pk", filter=_PENDING),
            earned=Sum("half_points", filter=~_PENDING, default=0),
            possible=Sum("max_half_points", filter=~_PENDING, default=0),
        )
    }
    return [
        _row(item, outcomes.get(item.version_id, []), everybody.get(item.version_id), language)
        for item in content.items
    ]


def furthest_behind(rows: Iterable[ItemRow], *, at_least: float = 0.1) -> ItemRow | None:
    """The item on which the class is furthest behind everybody, if by at least that share of points.

    None as well when so few of the class have points on it that chance would choose the item.
    """
    candidates = [row for row in rows if row.behind >= at_least and row.n_counted >= FEWEST_PUPILS]
    return max(candidates, key=lambda row: row.behind, default=None)


def _row(
    item: FormItem, outcomes: list[ItemOutcomeRow], everybody: Mapping[str, Any] | None, language: Language
) -> ItemRow:
    version = item.version
    text = next(text for text in version.texts.all() if text.language == language)
    standard = version.standard
    statuses = Counter(row.status for row in outcomes)
    counted = [row for row in outcomes if row.status != ItemOutcomeRow.Status.PENDING]
    return ItemRow(
        position=item.position,
        language=language,
        standard=standard.code,
        standard_title=standard.title_en if language == "en" else standard.title_sr,
        stimulus=text.content.get("stimulus"),
        stem=text.content["stem"],
        key_text=text.solution["key_text"],
        n=len(outcomes),
        facility=_share(sum(row.half_points for row in counted), sum(row.max_half_points for row in counted)),
        n_all=everybody["n"] if everybody else 0,
        facility_all=_share(everybody["earned"], everybody["possible"]) if everybody else None,
        n_omitted=statuses[ItemOutcomeRow.Status.OMITTED],
        n_not_reached=statuses[ItemOutcomeRow.Status.NOT_REACHED],
        n_pending=statuses[ItemOutcomeRow.Status.PENDING],
        n_all_pending=everybody["n_pending"] if everybody else 0,
        common_error=common_error(
            version.key,
            text.content,
            text.solution["misconceptions"],
            [row.value for row in outcomes],
            language,
        ),
    )


def _share(earned: int, possible: int) -> float | None:
    return earned / possible if possible else None
