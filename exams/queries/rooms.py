"""How does a room stand right now: who is writing, who has gone quiet, whose phone still owes responses?

Trouble comes first, because an invigilator looks at thirty tiles for a second at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import ClassGroup, Person
from accounts.name_order import name_key
from exams.enums import FormPurpose, SittingState, Verdict
from exams.models import Administration, ResponseEvent, Sitting, SittingDevice
from exams.queries.sittings import administrations_of, sittings_in_room

QUIET = timedelta(minutes=5)
"""A pupil who thinks also sends nothing; so this is a reason to look, not yet a fault."""


class Standing(IntEnum):
    """How a tile is to be read, worst first: this is the order on the board."""

    OVERDUE = 0
    WAITING = 1
    QUIET = 2
    NOT_STARTED = 3
    WRITING = 4
    HANDED_IN = 5
    SEALED = 6
    VOIDED = 7


NEEDS_A_LOOK = frozenset({Standing.OVERDUE, Standing.WAITING, Standing.QUIET})


@dataclass(frozen=True, slots=True)
class Tile:
    """One pupil. `missing` events are known to be still on a device; None when a device has not said."""

    sitting: UUID
    candidate: Person
    standing: Standing
    responses: int
    n_items: int
    last_contact: datetime | None
    minutes_since: int | None
    ends_at: datetime | None
    minutes_left: int | None
    granted_minutes: int
    time_percent: int
    missing: int | None
    can_be_granted: bool

    @property
    def sitting_text(self) -> str:
        return str(self.sitting)

    @property
    def is_over(self) -> bool:
        """Nothing more is expected from this pupil's device."""
        return self.standing >= Standing.HANDED_IN

    @property
    def needs_a_look(self) -> bool:
        return self.standing in NEEDS_A_LOOK


@dataclass(frozen=True, slots=True)
class RoomBoard:
    """Tiles in the order of trouble, then by name."""

    administration: Administration
    tiles: tuple[Tile, ...]

    def count(self, *standings: Standing) -> int:
        return sum(tile.standing in standings for tile in self.tiles)

    @property
    def n_to_look_at(self) -> int:
        return self.count(*NEEDS_A_LOOK)

    @property
    def n_writing(self) -> int:
        return self.count(Standing.WRITING, Standing.QUIET, Standing.OVERDUE)

    @property
    def n_not_started(self) -> int:
        return self.count(Standing.NOT_STARTED)

    @property
    def n_handed_in(self) -> int:
        return self.count(Standing.HANDED_IN, Standing.WAITING, Standing.SEALED)


def room_administrations(class_group: ClassGroup) -> list[Administration]:
    """Trial exams the class sits, the latest first."""
    trials = administrations_of(class_group).filter(form__purpose=FormPurpose.TRIAL)
    return list(trials.order_by("-opens_at", "-pk"))


def busy_administration(class_group: ClassGroup) -> str:
    """Public id of the trial this class is writing, or whose devices still owe something; else ""."""
    unfinished = Sitting.objects.filter(
        administration__assignments__class_group=class_group,
        candidate__enrollments__class_group=class_group,
        candidate__enrollments__role="pupil",
        form__purpose=FormPurpose.TRIAL,
        state__in=[SittingState.STARTED, SittingState.HANDED_IN],
    )
    latest = unfinished.order_by("-started_at").values_list("administration__public_id", flat=True).first()
    return str(latest or "")


def chosen_administration(
    administrations: list[Administration], wanted: str, *, now: datetime
) -> Administration | None:
    """The one asked for by its public id; else the latest that has opened; else the next; else None."""
    asked = next((one for one in administrations if str(one.public_id) == wanted), None)
    opened = next((one for one in administrations if one.opens_at <= now), None)
    return asked or opened or (administrations[-1] if administrations else None)


def room_board(
    class_group: ClassGroup, administration: Administration, *, now: datetime, latin: bool
) -> RoomBoard:
    """Four queries, whatever the number of pupils. `latin`: names stand in the order of that alphabet."""
    sittings = sorted(
        sittings_in_room(class_group, administration),
        key=lambda one: name_key(one.candidate.family_name, one.candidate.given_name, latin=latin),
    )
    n_items = administration.form.form_items.count()
    heard = _heard_from(sittings)
    owed = _owed_by_devices(sittings)
    tiles = [_tile(sitting, n_items, heard, owed, now) for sitting in sittings]
    # The sort is stable, so within one standing the order of names stays.
    return RoomBoard(administration, tuple(sorted(tiles, key=lambda tile: tile.standing)))


@dataclass(frozen=True, slots=True)
class RoomSummary:
    """A room on the invigilator's home page."""

    class_group: ClassGroup
    n_pupils: int
    n_writing: int
    n_waiting: int


def rooms_of(class_groups: QuerySet[ClassGroup]) -> list[RoomSummary]:
    """One query; ordered by school and name of the class."""
    in_trial = Q(enrollments__person__sittings__form__purpose=FormPurpose.TRIAL)
    person, state = "enrollments__person", "enrollments__person__sittings__state"
    rows = (
        ClassGroup.objects.filter(pk__in=class_groups.values("pk"))
        .select_related("school")
        .annotate(
            n_pupils=Count(person, filter=Q(enrollments__role="pupil"), distinct=True),
            n_writing=Count(person, filter=in_trial & Q(**{state: SittingState.STARTED}), distinct=True),
            n_waiting=Count(person, filter=in_trial & Q(**{state: SittingState.HANDED_IN}), distinct=True),
        )
        .order_by("school__name", "name", "pk")
    )
    return [RoomSummary(row, row.n_pupils, row.n_writing, row.n_waiting) for row in rows]


def _heard_from(sittings: Iterable[Sitting]) -> dict[int, Mapping[str, Any]]:
    """Per sitting: items with a response on the server, and when something last arrived."""
    counted = Q(kind="response") & ~Q(verdict=Verdict.QUARANTINED)
    rows = (
        ResponseEvent.objects.filter(sitting__in=[sitting.pk for sitting in sittings])
        .order_by()
        .values("sitting")
        .annotate(last=Max("received_at"), responses=Count("item_ref", filter=counted, distinct=True))
    )
    return {row["sitting"]: row for row in rows}


@dataclass(slots=True)
class _Owed:
    missing: int | None = 0
    opened_at: datetime | None = None


def _owed_by_devices(sittings: Iterable[Sitting]) -> dict[int, _Owed]:
    """Per sitting: events its devices have announced and not delivered, and when one was last opened."""
    arrived = (
        ResponseEvent.objects.filter(
            sitting=OuterRef("sitting"), device=OuterRef("device"), seq__lte=OuterRef("last_seq")
        )
        .order_by()
        .values("sitting")
        .annotate(number=Count("pk"))
        .values("number")
    )
    devices = SittingDevice.objects.filter(sitting__in=[sitting.pk for sitting in sittings])
    owed: dict[int, _Owed] = {}
    for device in devices.annotate(arrived=Subquery(arrived), said=F("last_seq")):
        own = owed.setdefault(device.sitting_id, _Owed())
        own.opened_at = max(filter(None, [own.opened_at, device.opened_at]))
        if not device.closed or device.said is None:
            own.missing = None
        elif own.missing is not None:
            own.missing += device.said - (device.arrived or 0)
    return owed


def _tile(
    sitting: Sitting,
    n_items: int,
    heard: Mapping[int, Mapping[str, Any]],
    owed: Mapping[int, _Owed],
    now: datetime,
) -> Tile:
    own, devices = heard.get(sitting.pk, {}), owed.get(sitting.pk, _Owed())
    contacts = [moment for moment in (own.get("last"), devices.opened_at) if moment is not None]
    last_contact = max(contacts, default=None)
    left = None if sitting.ends_at is None else sitting.ends_at - now
    return Tile(
        sitting=sitting.public_id,
        candidate=sitting.candidate,
        standing=_standing(sitting, last_contact, devices.missing, now),
        responses=own.get("responses", 0),
        n_items=n_items,
        last_contact=last_contact,
        minutes_since=None if last_contact is None else max(0, (now - last_contact) // timedelta(minutes=1)),
        ends_at=sitting.ends_at,
        # Rounded up: somebody with 30 seconds left still has a minute, not none.
        minutes_left=None if left is None else max(0, -(-left // timedelta(minutes=1))),
        granted_minutes=sitting.granted_seconds // 60,
        time_percent=sitting.time_percent,
        missing=devices.missing,
        can_be_granted=sitting.state in (SittingState.READY, SittingState.STARTED),
    )


def _standing(
    sitting: Sitting, last_contact: datetime | None, missing: int | None, now: datetime
) -> Standing:
    if sitting.state == SittingState.STARTED:
        if sitting.ends_at is not None and sitting.ends_at < now:
            return Standing.OVERDUE
        quiet_since = max(filter(None, [last_contact, sitting.started_at]), default=now)
        return Standing.QUIET if now - quiet_since >= QUIET else Standing.WRITING
    if sitting.state == SittingState.HANDED_IN:
        return Standing.HANDED_IN if missing == 0 else Standing.WAITING
    return {
        SittingState.READY: Standing.NOT_STARTED,
        SittingState.SEALED: Standing.SEALED,
        SittingState.VOIDED: Standing.VOIDED,
    }[SittingState(sitting.state)]
