"""Whom does a pause or an announcement concern, and which pauses are open?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.enums import Role
from accounts.models import ClassGroup, Enrollment, Organization
from exams.models import Administration, Announcement, Pause, Sitting
from exams.models.sitting import SittingQuerySet

LONG_PAUSE = timedelta(hours=3)
"""A pause that lasts longer was probably forgotten: the board says so, nothing happens by itself."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One sitting, one class or one school; with none of them everybody in the administration."""

    sitting: Sitting | None = None
    class_group: ClassGroup | None = None
    school: Organization | None = None

    def __post_init__(self) -> None:
        if len([part for part in self.columns.values() if part is not None]) > 1:
            raise ValueError("a scope is one sitting, one class, one school or everybody")

    @property
    def columns(self) -> dict[str, Sitting | ClassGroup | Organization | None]:
        """As a pause and an announcement keep it."""
        return {"sitting": self.sitting, "class_group": self.class_group, "school": self.school}


EVERYBODY = Scope()


def sittings_in(administration: Administration, scope: Scope) -> SittingQuerySet:
    """Raises ValueError for a sitting of another administration."""
    own: SittingQuerySet = Sitting.objects.filter(administration=administration)
    if scope.sitting is not None:
        if scope.sitting.administration_id != administration.pk:
            raise ValueError(f"sitting {scope.sitting.public_id} is not in {administration}")
        return own.filter(pk=scope.sitting.pk)
    if scope.class_group is not None:
        return own.filter(candidate__in=_pupils().filter(class_group=scope.class_group).values("person"))
    if scope.school is not None:
        return own.filter(candidate__in=_pupils().filter(class_group__school=scope.school).values("person"))
    return own


def open_pauses(administration: Administration) -> QuerySet[Pause]:
    return Pause.objects.filter(administration=administration, ended_at=None)


def open_pause(administration: Administration, scope: Scope) -> Pause | None:
    """The open pause of exactly this scope, whatever else is paused around or inside it."""
    exactly = {
        f"{name}__isnull" if part is None else name: part or True for name, part in scope.columns.items()
    }
    return open_pauses(administration).filter(**exactly).first()


def covered(administration: Administration) -> Q:
    """A condition on sittings of the administration: an open pause concerns this one."""
    standing = open_pauses(administration)
    if standing.filter(sitting=None, class_group=None, school=None).exists():
        return Q(administration=administration)
    classes = standing.exclude(class_group=None).values("class_group")
    schools = standing.exclude(school=None).values("school")
    return (
        Q(pk__in=standing.exclude(sitting=None).values("sitting"))
        | Q(candidate__in=_pupils().filter(class_group__in=classes).values("person"))
        | Q(candidate__in=_pupils().filter(class_group__school__in=schools).values("person"))
    )


def pauses_of_room(administration: Administration, class_group: ClassGroup) -> QuerySet[Pause]:
    """Open pauses that all of this room is under, the widest first; not those of single pupils."""
    concerns = Q(class_group=class_group) | Q(school=class_group.school_id)
    concerns |= Q(class_group=None, school=None)
    return (
        open_pauses(administration)
        .filter(concerns, sitting=None)
        .select_related("begun_by")
        .order_by("class_group", "school", "begun_at")
    )


def announcements_of_room(administration: Administration, class_group: ClassGroup) -> QuerySet[Announcement]:
    """What all of this room was told, the latest first."""
    concerns = Q(class_group=class_group) | Q(school=class_group.school_id)
    concerns |= Q(class_group=None, school=None)
    told = Announcement.objects.filter(concerns, administration=administration, sitting=None)
    return told.select_related("by").order_by("-at", "-pk")


def lasts_long(pause: Pause, now: datetime) -> bool:
    return (pause.ended_at or now) - pause.begun_at > LONG_PAUSE


def _pupils() -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(role=Role.PUPIL)
