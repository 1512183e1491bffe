"""What could be practised in a subject, with the tables that every choice needs? Built once, kept in memory.

The key of what is kept is everything it was made of: another run, a newer version, other parameters, a
released or retired item or a changed prerequisite give another bank, and nothing has to be thrown away.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import FilteredRelation, Q

from exams.enums import InteractionType, Security
from exams.models import Administration, FormItem, ItemVersion, Standard
from scoring.irt.types import BoolArray
from scoring.models import ScoringRun
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.exam import Exam
from scoring.queries.item_bank import load_bank, reference_version_ids

KEPT = 24
"""Banks in memory: those of all subjects under a few runs."""
_kept: OrderedDict[tuple[Any, ...], SubjectBank] = OrderedDict()
# Of a version: key, identifier of its item, ref, family, standard, domain, a, c, steps, half-points.
_Row = tuple[int, str, str, str, str, str, float, float, tuple[float, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class SubjectBank:
    """The bank of a subject, whose items are named by the refs of their versions, and its exam.

    version_ids, items  (J,) primary key of each version, and the identifier of the item it is a version of
    """

    bank: PracticeBank
    exam: Exam
    version_ids: tuple[int, ...]
    items: tuple[str, ...]

    def part(self, indices: list[int], *, families: bool = True) -> PracticeBank:
        """The bank of these items alone; without `families` every variant stands for itself."""
        chosen = np.array(indices, dtype=np.int64)
        rows = [self.bank.items[index] for index in indices]
        return PracticeBank.of(
            rows if families else [BankItem(row.identifier, row.domain, row.standard) for row in rows],
            self.bank.parameters.select(chosen),
            self.bank.half_points[chosen],
            prerequisites=self.bank.prerequisites,
        )


def subject_bank(subject: str, *, run: ScoringRun) -> SubjectBank | None:
    """The newest versions of the released items, in the order of their identifiers, that have parameters.

    Without those that people mark: practice tells the pupil at once. None when there are no such items, or
    the subject's reference form is not published or not in the run. Three queries, three more when something
    has changed.
    """
    reference = reference_version_ids(subject)
    rows = _newest(subject, run)
    needs = _prerequisites(subject)
    if not reference or not rows:
        return None
    key = (run.pk, tuple(reference), tuple(rows), needs)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    made = _made(rows, reference, needs, run)
    if made is not None:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def free_of_trials(bank: SubjectBank, *, now: datetime) -> BoolArray:
    """Mask (J,) of the items no version of which is in a trial that is open or still to come."""
    live = Administration.objects.filter(Q(closes_at=None) | Q(closes_at__gt=now))
    taken = set(
        FormItem.objects.filter(form__administrations__in=live)
        .order_by()
        .values_list("version__item__identifier", flat=True)
        .distinct()
    )
    return np.array([identifier not in taken for identifier in bank.items], dtype=np.bool_)


def _newest(subject: str, run: ScoringRun) -> list[_Row]:
    own = FilteredRelation("calibrations", condition=Q(calibrations__run=run))
    rows = (
        ItemVersion.objects.filter(item__subject=subject, item__security=Security.RELEASED)
        .exclude(interaction=InteractionType.EXTENDED_TEXT)
        .annotate(own=own)
        .order_by("item__identifier", "number")
        .values_list(
            "pk", "item__identifier", "ref", "item__family", "standard__code", "standard__domain__code",
            "own__a", "own__c", "own__steps", "own__half_points",
        )
    )  # fmt: skip
    newest = {row[1]: row for row in rows}
    return [(*row[:8], tuple(row[8]), tuple(row[9])) for row in newest.values() if row[6] is not None]


def _prerequisites(subject: str) -> tuple[tuple[str, str], ...]:
    """Pairs (a standard, one on which it builds) of the subject."""
    pairs = Standard.prerequisites.through.objects.filter(from_standard__domain__subject=subject)
    return tuple(sorted(pairs.values_list("from_standard__code", "to_standard__code")))


def _breadth(rows: list[_Row]) -> dict[str, int]:
    """How many standards of each domain there are items of."""
    return dict(Counter(domain for domain, _ in {(row[5], row[4]) for row in rows}))


def _made(
    rows: list[_Row], reference: list[int], needs: tuple[tuple[str, str], ...], run: ScoringRun
) -> SubjectBank | None:
    version_ids = [row[0] for row in rows]
    loaded = load_bank(run, version_ids=[*version_ids, *reference])
    if not set(loaded.version_ids).issuperset(reference):
        return None
    asked = dict(ItemVersion.objects.filter(pk__in=reference).values_list("pk", "standard__code"))
    offered, form = loaded.select(version_ids), loaded.select(reference)
    prerequisites: dict[str, list[str]] = {}
    for code, before in needs:
        prerequisites.setdefault(code, []).append(before)
    return SubjectBank(
        bank=PracticeBank.of(
            [BankItem(ref, domain, standard, family) for _, _, ref, family, standard, domain, *_ in rows],
            offered.parameters,
            offered.category_half_points,
            prerequisites=prerequisites,
        ),
        exam=Exam.of(
            form.domains,
            form.parameters,
            form.category_half_points,
            standards=[asked[version_id] for version_id in reference],
            breadth=_breadth(rows),
        ),
        version_ids=tuple(version_ids),
        items=tuple(row[1] for row in rows),
    )
