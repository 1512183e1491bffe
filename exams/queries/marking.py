"""Which written texts of a teacher's classes wait for a mark, and which have one?

Blind: texts come in an order, and under addresses, that follow from a secret and not from the class list; who
wrote one is not read here at all. A text and its mark belong together as in `exams.marking`, so the pages
and the scores always agree on what waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts.enums import Role
from accounts.models import ClassGroup
from exams.enums import FormPurpose, SittingState
from exams.marking import MARKED_INTERACTION, GivenMark, standing_mark, text_digest, waits_for_mark
from exams.models import Administration, CurrentResponse, FormItem, Mark, Sitting
from exams.queries.sittings import administration_released

_BLIND = "exams.queries.marking"


@dataclass(frozen=True, slots=True)
class WrittenText:
    """`name` is what the text is called in addresses and ordered by; `mark` the one that stands."""

    name: str
    sitting: int
    text: str
    text_sha256: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class MarkingTask:
    """The texts of one class to one item of one administration, in the order in which they are marked."""

    class_group: ClassGroup
    administration: Administration
    item: FormItem
    texts: tuple[WrittenText, ...]
    opened: bool

    def named(self, name: str) -> WrittenText | None:
        return next((text for text in self.texts if text.name == name), None)

    def place_of(self, text: WrittenText) -> int:
        """Counted from 1."""
        return self.texts.index(text) + 1

    @property
    def n_marked(self) -> int:
        return sum(text.mark is not None for text in self.texts)

    @property
    def n_waiting(self) -> int:
        return len(self.texts) - self.n_marked

    def after(self, name: str) -> WrittenText | None:
        """The next text that waits, beginning after `name` and going round; None when none waits."""
        later = [text for text in self.texts if text.name > name]
        earlier = [text for text in self.texts if text.name < name]
        return next((text for text in [*later, *earlier] if text.mark is None), None)


def marking_opened(administration: Administration, *, now: datetime) -> bool:
    """May texts be marked? The page shows the model solution, so not while others still write the exam."""
    if administration_released(administration, now=now):
        return True
    if administration.closes_at is None or now < administration.closes_at:
        return False
    return not Sitting.objects.filter(administration=administration, state=SittingState.STARTED).exists()


def marking_tasks(class_groups: Iterable[ClassGroup], *, now: datetime) -> list[MarkingTask]:
    """Everything written in these classes, by class, day of the exam and place of the item.

    A number of queries that grows with neither pupils nor texts.
    """
    groups = {group.pk: group for group in class_groups}
    written: dict[tuple[int, int, int], list[Any]] = defaultdict(list)
    for row in _responses(groups):
        written[row["group"], row["sitting__administration"], row["version"]].append(row)
    administrations = Administration.objects.select_related("form").in_bulk({key[1] for key in written})
    opened = {key: marking_opened(one, now=now) for key, one in administrations.items()}
    items = _items([one.form_id for one in administrations.values()])
    marks = _marks({row["sitting"] for rows in written.values() for row in rows})
    tasks = []
    for (group, administration, version), rows in written.items():
        one = administrations[administration]
        item = items[one.form_id, version]
        if texts := _texts(item, rows, marks):
            tasks.append(MarkingTask(groups[group], one, item, texts, opened[administration]))
    return sorted(tasks, key=_place)


def marking_task(
    class_group: ClassGroup, administration: object, position: int, *, now: datetime
) -> MarkingTask | None:
    """That of one item; `administration` by public id. None where nothing was written, or not opened yet."""
    tasks = marking_tasks([class_group], now=now)
    return next(
        (
            task
            for task in tasks
            if task.opened
            and task.administration.public_id == administration
            and task.item.position == position
        ),
        None,
    )


def sitting_of(text: WrittenText) -> Sitting:
    """Who wrote it: for the mark and the record of who looked, never for a page."""
    return Sitting.objects.select_related("candidate").get(pk=text.sitting)


def number_to_mark(tasks: Iterable[MarkingTask]) -> int:
    """How many texts wait that may be marked now."""
    return sum(task.n_waiting for task in tasks if task.opened)


def _responses(groups: Collection[int]) -> Iterable[Any]:
    """What the pupils of these classes wrote in trials that they have handed in."""
    return (
        CurrentResponse.objects.filter(
            version__interaction=MARKED_INTERACTION,
            sitting__state__in=[SittingState.HANDED_IN, SittingState.SEALED],
            sitting__form__purpose=FormPurpose.TRIAL,
            sitting__administration__isnull=False,
            sitting__candidate__enrollments__class_group__in=groups,
            sitting__candidate__enrollments__role=Role.PUPIL,
        )
        .annotate(group=F("sitting__candidate__enrollments__class_group"))
        .values("group", "sitting", "sitting__public_id", "sitting__administration", "version", "value")
        .order_by("sitting", "version")
    )


def _items(forms: Collection[int]) -> dict[tuple[int, int], FormItem]:
    rows = (
        FormItem.objects.filter(form__in=forms, version__interaction=MARKED_INTERACTION)
        .select_related("version__standard__domain")
        .prefetch_related("version__texts")
    )
    return {(row.form_id, row.version_id): row for row in rows}


def _marks(sittings: Collection[int]) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(sitting__in=sittings):
        found[mark.sitting_id].append(mark)
    return found


def _texts(
    item: FormItem, rows: Sequence[dict[str, Any]], marks: dict[int, list[Mark]]
) -> tuple[WrittenText, ...]:
    texts = []
    for row in rows:
        if not waits_for_mark(item.version.key, row["value"]):
            continue
        own = marks[row["sitting"]]
        standing = standing_mark(row["value"], item.version_id, map(as_given, own))
        texts.append(
            WrittenText(
                name=_blind_name(str(row["sitting__public_id"]), item.version.ref),
                sitting=row["sitting"],
                text=row["value"],
                text_sha256=text_digest(row["value"]),
                mark=next((mark for mark in own if standing and mark.pk == standing.key), None),
            )
        )
    return tuple(sorted(texts, key=lambda text: text.name))


def as_given(mark: Mark) -> GivenMark:
    return GivenMark(mark.pk, mark.number, mark.version_id, mark.text_sha256, mark.half_points)


def _blind_name(sitting: str, ref: str) -> str:
    """The same for ever, and no way back to the sitting without the installation's secret."""
    return salted_hmac(_BLIND, f"{ref}/{sitting}", algorithm="sha256").hexdigest()[:24]


def _place(task: MarkingTask) -> tuple[Any, ...]:
    group, administration = task.class_group, task.administration
    return (group.name, group.pk, administration.opens_at, administration.pk, task.item.position)
