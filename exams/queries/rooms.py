"""How does a room stand right now: who is writing, who has gone quiet, whose phone still owes responses?

Trouble comes first, because an invigilator looks at thirty tiles for a second at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import ClassGroup, Person
from accounts.name_order import name_key
from exams.enums import FormPurpose, HandInCause, SittingState
from exams.models import Administration, Pause, Sitting
from exams.queries.interruptions import lasts_long, pauses_of_room
from exams.queries.room_devices import Devices, Owing, PhoneCheck, Phones, phones_of
from exams.queries.sittings import administrations_of, can_reopen, sittings_in_room

QUIET = timedelta(minutes=5)
"""A pupil who thinks also sends nothing; so this is a reason to look, not yet a fault."""


class Standing(IntEnum):
    """How a tile is to be read, worst first: this is the order on the board."""

    OVERDUE = 0
    WAITING = 1
    QUIET = 2
    NOT_STARTED = 3
    PAUSED = 4
    WRITING = 5
    HANDED_IN = 6
    SEALED = 7
    VOIDED = 8


NEEDS_A_LOOK = frozenset({Standing.OVERDUE, Standing.WAITING, Standing.QUIET})
RUNNING = frozenset({Standing.OVERDUE, Standing.QUIET, Standing.PAUSED, Standing.WRITING})


@dataclass(frozen=True, slots=True)
class Tile:
    """One pupil. `missing` events are known to be still on a device; None when a device has not said.

    While `paused` the time left is what it was when time stopped.
    """

    sitting: UUID
    candidate: Person
    standing: Standing
    responses: int
    n_items: int
    last_contact: datetime | None
    minutes_since: int | None
    started_at: datetime | None
    ends_at: datetime | None
    minutes_left: int | None
    granted_minutes: int
    time_percent: int
    paused: bool
    missing: int | None
    owing: tuple[Owing, ...]
    several_devices: bool
    check: PhoneCheck | None
    closed_by_invigilator: bool
    can_be_granted: bool
    can_be_reopened: bool

    @property
    def is_over(self) -> bool:
        """Nothing more is expected from this pupil's device."""
        return self.standing >= Standing.HANDED_IN

    @property
    def needs_a_look(self) -> bool:
        return self.standing in NEEDS_A_LOOK

    @property
    def runs(self) -> bool:
        return self.standing in RUNNING

    @property
    def phone_ready(self) -> bool:
        return self.check is not None and self.check.ready


@dataclass(frozen=True, slots=True)
class RoomPause:
    """An open pause that the whole room is under; `long` when it was probably forgotten."""

    pause: Pause
    long: bool

    @property
    def scope(self) -> str:
        if self.pause.class_group_id is not None:
            return "room"
        return "school" if self.pause.school_id is not None else "everybody"


@dataclass(frozen=True, slots=True)
class RoomBoard:
    """Tiles in the order of trouble, then by name."""

    administration: Administration
    tiles: tuple[Tile, ...]
    pauses: tuple[RoomPause, ...] = ()

    def count(self, *standings: Standing) -> int:
        return sum(tile.standing in standings for tile in self.tiles)

    @property
    def n_to_look_at(self) -> int:
        return self.count(*NEEDS_A_LOOK)

    @property
    def n_writing(self) -> int:
        return self.count(*RUNNING)

    @property
    def n_not_started(self) -> int:
        return self.count(Standing.NOT_STARTED)

    @property
    def n_handed_in(self) -> int:
        return self.count(Standing.HANDED_IN, Standing.WAITING, Standing.SEALED)

    @property
    def before_the_start(self) -> bool:
        """Nobody has begun: what counts now is whether the phones are ready."""
        idle = self.count(Standing.NOT_STARTED, Standing.VOIDED)
        return bool(self.n_not_started) and idle == len(self.tiles)

    @property
    def n_ready(self) -> int:
        return sum(tile.phone_ready for tile in self.tiles if tile.standing is Standing.NOT_STARTED)

    @property
    def not_ready(self) -> tuple[Tile, ...]:
        waiting = (tile for tile in self.tiles if tile.standing is Standing.NOT_STARTED)
        return tuple(tile for tile in waiting if not tile.phone_ready)


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
    """Six queries, whatever the number of pupils. `latin`: names stand in the order of that alphabet."""
    sittings = sorted(
        sittings_in_room(class_group, administration),
        key=lambda one: name_key(one.candidate.family_name, one.candidate.given_name, latin=latin),
    )
    tiles = _tiles(sittings, administration, now)
    pauses = pauses_of_room(administration, class_group)
    # The sort is stable, so within one standing the order of names stays; phones that are ready come last.
    tiles.sort(key=lambda tile: (tile.standing, tile.standing is Standing.NOT_STARTED and tile.phone_ready))
    return RoomBoard(
        administration, tuple(tiles), tuple(RoomPause(pause, lasts_long(pause, now)) for pause in pauses)
    )


def one_tile(sitting: Sitting, administration: Administration, *, now: datetime) -> Tile:
    """The same of one pupil, for a page of their own. Four queries."""
    (tile,) = _tiles([sitting], administration, now)
    return tile


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


def _tiles(sittings: list[Sitting], administration: Administration, now: datetime) -> list[Tile]:
    n_items = administration.form.form_items.count()
    phones = phones_of(sittings, now=now)
    return [_tile(sitting, n_items, phones, now) for sitting in sittings]


def _tile(sitting: Sitting, n_items: int, phones: Phones, now: datetime) -> Tile:
    devices = phones.devices.get(sitting.pk, Devices())
    last_contact = devices.last_contact
    heard = last_contact or sitting.started_at
    left = _left(sitting, now)
    return Tile(
        sitting=sitting.public_id,
        candidate=sitting.candidate,
        standing=_standing(sitting, devices, now),
        responses=phones.responses.get(sitting.pk, 0),
        n_items=n_items,
        last_contact=last_contact,
        minutes_since=None if heard is None else max(0, (now - heard) // timedelta(minutes=1)),
        started_at=sitting.started_at,
        ends_at=sitting.ends_at,
        # Rounded up: somebody with 30 seconds left still has a minute, not none.
        minutes_left=None if left is None else max(0, -(-left // timedelta(minutes=1))),
        granted_minutes=sitting.granted_seconds // 60,
        time_percent=sitting.time_percent,
        paused=sitting.paused_at is not None,
        missing=devices.missing,
        owing=devices.owing,
        several_devices=devices.several,
        check=phones.checks.get(sitting.pk),
        closed_by_invigilator=sitting.handed_in_cause == HandInCause.INVIGILATOR,
        can_be_granted=sitting.state in (SittingState.READY, SittingState.STARTED),
        can_be_reopened=can_reopen(sitting, now=now),
    )


def _left(sitting: Sitting, now: datetime) -> timedelta | None:
    """Counts down to the end, but stands still from where a pause stopped it."""
    if sitting.ends_at is None:
        return None
    stopped = sitting.paused_at and max(sitting.paused_at, sitting.started_at or sitting.paused_at)
    return sitting.ends_at - (stopped or now)


def _standing(sitting: Sitting, devices: Devices, now: datetime) -> Standing:
    if sitting.state == SittingState.STARTED:
        if sitting.paused_at is not None:
            return Standing.PAUSED
        if sitting.ends_at is not None and sitting.ends_at < now:
            return Standing.OVERDUE
        quiet_since = max(filter(None, [devices.last_contact, sitting.started_at]), default=now)
        return Standing.QUIET if now - quiet_since >= QUIET else Standing.WRITING
    if sitting.state == SittingState.HANDED_IN:
        return Standing.HANDED_IN if devices.missing == 0 else Standing.WAITING
    return {
        SittingState.READY: Standing.NOT_STARTED,
        SittingState.SEALED: Standing.SEALED,
        SittingState.VOIDED: Standing.VOIDED,
    }[SittingState(sitting.state)]
