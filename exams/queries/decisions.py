"""What waits for a person's decision in a room, what would it change, and what was decided already?

Both sides are told: what the pupil's phone says of the moment, by its clocks, and what the server knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple, TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from exams.counting import Kept, Number, counted
from exams.enums import FormPurpose, Verdict
from exams.errors import AlreadyDecided
from exams.intake.journal import ENDING_KINDS
from exams.intake.protocol import EventBody, WireError, parse_event
from exams.models import ConflictingEvent, Decision, FormItem, ResponseEvent, Sitting, SittingDevice
from exams.models.sitting import SittingQuerySet
from exams.projection import Projection, project, value_of
from exams.response_parts import Part, parts_of

T = TypeVar("T", bound=Model)
CONFLICT = "conflict"
"""Why other bytes under a known number wait; every other cause is a reason of the journal."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event. `by_phone`: what the phone's date showed; `estimated_at`: what the server makes of it."""

    seq: int
    kind: str
    position: int | None
    parts: tuple[Part, ...]
    by_phone: datetime | None
    estimated_at: datetime | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What counting would do to one item; empty parts stand for no response."""

    position: int
    present: tuple[Part, ...]
    would: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What one device sent and what waits for one cause: decided together, or line by line.

    `conflict` is set when other bytes came under the number of `kept`; such a group has one line, and it can
    no longer count when that number is `settled`.
    """

    device: str
    why: str
    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    last_contact: datetime | None
    conflict: int | None = None
    kept: Line | None = None
    settled: bool = False

    @property
    def first_received(self) -> datetime:
        return min(line.received_at for line in self.lines)

    @property
    def by_phone(self) -> tuple[datetime, datetime] | None:
        return _span(line.by_phone for line in self.lines)

    @property
    def estimated(self) -> tuple[datetime, datetime] | None:
        return _span(line.estimated_at for line in self.lines)


@dataclass(frozen=True, slots=True)
class Waiting:
    sitting: Sitting
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """One person's word, on one event or on several at once."""

    sitting: Sitting
    device: str
    why: str
    n_events: int
    counts: bool
    reason: str
    by: Person
    at: datetime


def waiting_in_room(class_group: ClassGroup) -> list[Waiting]:
    """Trial sittings in which something waits, by the pupils' names; a fixed number of queries."""
    keys = _where_something_waits(class_group)
    sittings = list(_trials(class_group).filter(pk__in=keys))
    events = _by_sitting(ResponseEvent.objects.filter(sitting__in=keys).order_by("device", "seq"))
    conflicts = _by_sitting(ConflictingEvent.objects.filter(sitting__in=keys).order_by("device", "seq", "pk"))
    devices = _by_sitting(SittingDevice.objects.filter(sitting__in=keys))
    decisions = list(Decision.objects.filter(Q(event__sitting__in=keys) | Q(conflict__sitting__in=keys)))
    places = _places({sitting.form_id for sitting in sittings})
    return [
        Waiting(
            sitting,
            _Record(
                events[sitting.pk], conflicts[sitting.pk], devices[sitting.pk], decisions,
                places[sitting.form_id],
            ).groups(),
        )
        for sitting in sittings
    ]  # fmt: skip


def number_waiting(class_group: ClassGroup) -> int:
    """For how many pupils of the room something waits."""
    sittings = Sitting.objects.filter(pk__in=_where_something_waits(class_group))
    return sittings.order_by().values("candidate").distinct().count()


def decided_in_room(class_group: ClassGroup) -> list[Decided]:
    """The latest first; what was decided in one go is one row."""
    sittings = {sitting.pk: sitting for sitting in _trials(class_group)}
    concerned = Q(event__sitting__in=sittings) | Q(conflict__sitting__in=sittings)
    found: dict[tuple[int, str, str, datetime, bool], list[Decision]] = defaultdict(list)
    decisions = Decision.objects.filter(concerned).select_related("event", "conflict", "decided_by")
    for decision in decisions:
        why = decision.event.reason if decision.event else CONFLICT
        thing = decision.event or decision.conflict
        if thing is not None:
            at = decision.decided_at
            found[thing.sitting_id, thing.device, why, at, decision.counts].append(decision)
    rows = [
        Decided(sittings[key], device, why, len(own), counts, own[0].reason, own[0].decided_by, at)
        for (key, device, why, at, counts), own in found.items()
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def get_waiting_event(sitting: Sitting, device: str, seq: int) -> ResponseEvent:
    """Raises AlreadyDecided where nothing waits under this number: whoever asks saw it waiting."""
    found = ResponseEvent.objects.filter(
        sitting=sitting, device=device, seq=seq, verdict=Verdict.QUARANTINED, decision=None
    ).first()
    if found is None:
        raise AlreadyDecided(f"event {seq} of device {device}")
    return found


def get_waiting_conflict(sitting: Sitting, key: int) -> ConflictingEvent:
    """Raises AlreadyDecided where nothing waits under this key."""
    found = ConflictingEvent.objects.filter(sitting=sitting, pk=key, decision=None).first()
    if found is None:
        raise AlreadyDecided(f"conflict {key}")
    return found


class _Place(NamedTuple):
    position: int
    interaction: str


class _Record:
    """Everything that is kept of one sitting, and what it amounts to."""

    def __init__(
        self,
        events: list[ResponseEvent],
        conflicts: list[ConflictingEvent],
        devices: list[SittingDevice],
        decisions: list[Decision],
        places: dict[str, _Place],
    ) -> None:
        self.events = events
        self.conflicts = conflicts
        self.devices = {device.device: device for device in devices}
        self.places = places
        self.kept = [
            Kept(row.pk, row.device, row.seq, row.epoch, row.kind, row.item_ref, row.body, row.verdict)
            for row in events
        ]
        self.decided = {one.event_id: one.counts for one in decisions if one.event_id}
        self.decided_conflicts = {one.conflict_id: one.counts for one in decisions if one.conflict_id}
        self.instead = {
            (row.device, row.seq): row.body for row in conflicts if self.decided_conflicts.get(row.pk)
        }
        self.counting = {key for key, counts in self.decided.items() if counts}
        self.present = project(counted(self.kept, self.counting, self.instead))

    def groups(self) -> tuple[Group, ...]:
        return (*self._quarantined(), *self._conflicting())

    def _quarantined(self) -> Iterator[Group]:
        waiting = [
            row for row in self.events if row.verdict == Verdict.QUARANTINED and row.pk not in self.decided
        ]
        waiting.sort(key=lambda row: (row.device, row.reason, row.seq))
        for (device, why), together in groupby(waiting, key=lambda row: (row.device, row.reason)):
            rows = list(together)
            would = project(counted(self.kept, self.counting | {row.pk for row in rows}, self.instead))
            yield Group(
                device=device,
                why=why,
                lines=tuple(self._line(row) for row in rows),
                changes=self._changes(would),
                last_contact=self._last_contact(device, min(row.received_at for row in rows)),
            )

    def _conflicting(self) -> Iterator[Group]:
        kept = {(row.device, row.seq): row for row in self.events}
        for row in self.conflicts:
            if row.pk in self.decided_conflicts:
                continue
            number: Number = (row.device, row.seq)
            would = project(counted(self.kept, self.counting, self.instead | {number: row.body}))
            yield Group(
                device=row.device,
                why=CONFLICT,
                lines=(self._line(row),),
                changes=self._changes(would),
                last_contact=self._last_contact(row.device, row.received_at),
                conflict=row.pk,
                kept=self._line(kept[number]) if number in kept else None,
                settled=number in self.instead,
            )

    def _line(self, row: ResponseEvent | ConflictingEvent) -> Line:
        said = _said(row.body)
        place = self.places.get(said.item) if said else None
        return Line(
            seq=row.seq,
            kind=said.kind if said else "",
            position=place.position if place else None,
            parts=parts_of(value_of(row.body), place.interaction if place else ""),
            by_phone=_date(said.wall) if said else None,
            estimated_at=row.estimated_at if isinstance(row, ResponseEvent) else None,
            received_at=row.received_at,
        )

    def _changes(self, would: Projection) -> tuple[Change, ...]:
        now, then = self.present.responses, would.responses
        return tuple(
            Change(
                place.position,
                parts_of(now.get(ref), place.interaction),
                parts_of(then.get(ref), place.interaction),
            )
            for ref, place in sorted(self.places.items(), key=lambda item: item[1])
            if now.get(ref) != then.get(ref)
        )

    def _last_contact(self, device: str, before: datetime) -> datetime | None:
        """When this device was last heard of before what waits came from it."""
        heard = [row.received_at for row in self.events if row.device == device]
        if own := self.devices.get(device):
            heard += [moment for moment in (own.opened_at, own.mark_at) if moment is not None]
        return max((moment for moment in heard if moment < before), default=None)


def _trials(class_group: ClassGroup) -> SittingQuerySet:
    return (
        Sitting.objects.filter(
            form__purpose=FormPurpose.TRIAL,
            candidate__enrollments__class_group=class_group,
            candidate__enrollments__role=Role.PUPIL,
        )
        .select_related("candidate", "administration")
        .order_by("candidate__family_name", "candidate__given_name", "pk")
    )


def _where_something_waits(class_group: ClassGroup) -> set[int]:
    """Asked by sitting: the country's journal has no index on what is quarantined, and needs none."""
    room = list(_trials(class_group).values_list("pk", flat=True))
    quarantined = ResponseEvent.objects.filter(sitting__in=room, verdict=Verdict.QUARANTINED, decision=None)
    # A phone's own end of time that came a moment after the server's changes nothing for anybody.
    undecided = quarantined.exclude(kind__in=ENDING_KINDS, reason="after_end")
    conflicts = ConflictingEvent.objects.filter(sitting__in=room, decision=None)
    return {*undecided.values_list("sitting", flat=True), *conflicts.values_list("sitting", flat=True)}


def _by_sitting(rows: QuerySet[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[row.sitting_id].append(row)  # type: ignore[attr-defined]
    return found


def _places(forms: Collection[int]) -> dict[int, dict[str, _Place]]:
    """Per form: item ref → where it stands on the paper, and of which kind it is."""
    found: dict[int, dict[str, _Place]] = defaultdict(dict)
    rows = FormItem.objects.filter(form__in=forms).values_list(
        "form_id", "version__ref", "position", "version__interaction"
    )
    for form, ref, position, interaction in rows:
        found[form][ref] = _Place(position, interaction)
    return found


def _said(body: str) -> EventBody | None:
    try:
        return parse_event(body.encode("utf-8")).body
    except WireError:
        return None


def _date(ms: int) -> datetime | None:
    """A phone's date may be any number: one that no calendar has is no date."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    except OverflowError:
        return None


def _span(moments: Iterable[datetime | None]) -> tuple[datetime, datetime] | None:
    known = [moment for moment in moments if moment is not None]
    return (min(known), max(known)) if known else None
