"""How far has each candidate's sitting come, on which devices, and what was given to it on the way?"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from exams.enums import FINISHED, HandInCause, SittingState


class SittingQuerySet(models.QuerySet["Sitting"]):
    def overdue(self, now: datetime, *, grace_seconds: int) -> SittingQuerySet:
        """Started, not paused, and past their end by more than the grace: the last save can still arrive."""
        from_end = now.timestamp() - grace_seconds
        return self.filter(
            state=SittingState.STARTED,
            paused_at=None,
            ends_at__lt=datetime.fromtimestamp(from_end, tz=now.tzinfo),
        )

    def finished(self) -> SittingQuerySet:
        return self.filter(state__in=FINISHED)


class Sitting(models.Model):
    """One candidate's run through one form. Practice has no administration and no limit.

    `time_percent`, `granted_seconds`, `paused_at` and `announcement` (the latest that concerns this sitting)
    are carried here, beside their own journalled rows, so that a start is one row update and a save one row
    read; the actions that write those rows keep them in step.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    administration = models.ForeignKey(
        "exams.Administration", on_delete=models.PROTECT, null=True, blank=True, related_name="sittings"
    )
    form = models.ForeignKey("exams.Form", on_delete=models.PROTECT, related_name="sittings")
    candidate = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="sittings")
    state = models.CharField(max_length=10, choices=SittingState, default=SittingState.READY)
    time_percent = models.PositiveSmallIntegerField(default=100)
    granted_seconds = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    announcement = models.ForeignKey(
        "exams.Announcement", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_cause = models.CharField(max_length=12, choices=HandInCause, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    simulated = models.BooleanField(default=False)
    objects = models.Manager.from_queryset(SittingQuerySet)()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "candidate"],
                condition=Q(administration__isnull=False),
                name="one_sitting_per_candidate",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[SittingState.READY, SittingState.VOIDED])
                | Q(started_at__isnull=False),
                name="started_sitting_has_start",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SittingState.HANDED_IN, SittingState.SEALED])
                | Q(handed_in_at__isnull=False),
                name="handed_in_sitting_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "ends_at"], name="sitting_due"),
            models.Index(fields=["candidate", "state"], name="sitting_of_candidate"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"


class TimeGrant(models.Model):
    """Extra seconds given during the sitting, with the reason and by whom."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="time_grants")
    seconds = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    granted_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sitting_id} +{self.seconds} s"


class SittingEvent(models.Model):
    """What happened to the sitting as a whole: append-only, for people who must explain it later."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.kind}"


class SittingDevice(models.Model):
    """A device that opened the sitting; each take-over by another device raises the epoch by one.

    `entered`: the sitting was started or something was saved from here; a phone that only fetched the paper
    ahead keeps nothing from being sealed. `closed` means the device has said that it has nothing beyond
    `last_seq` (hand-in, or closing after a take-over); a sitting is sealed when every device that entered is
    closed and everything up to its last has arrived.

    The `mark_…` fields are the last clock mark worth keeping: what both clocks of the device showed (ms) at
    `mark_at` by the server's clock. They tell later whether its date was changed in between.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="devices")
    device = models.CharField(max_length=32)
    epoch = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    last_seq = models.PositiveIntegerField(null=True, blank=True)
    closed = models.BooleanField(default=False)
    entered = models.BooleanField(default=False)
    mark_clock = models.CharField(max_length=16, blank=True)
    mark_mono = models.BigIntegerField(null=True, blank=True)
    mark_wall = models.BigIntegerField(null=True, blank=True)
    mark_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["epoch"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "device"], name="device_once_per_sitting"),
            models.UniqueConstraint(fields=["sitting", "epoch"], name="epoch_once_per_sitting"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.device} epoch {self.epoch}"


class DeviceCheck(models.Model):
    """Is this phone fit for the exam? Its own latest report: soft state, replaced by the next one.

    `report` holds only what the check looked at (see `exams/intake/protocol.py`), nothing that tells one
    phone of a kind from another.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="device_checks")
    device = models.CharField(max_length=32)
    at = models.DateTimeField()
    fit = models.BooleanField()
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "device"], name="device_check_once_per_sitting")
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.device} {'fit' if self.fit else 'not fit'}"
