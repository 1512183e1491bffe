"""Who may sit which form when, and how far has each sitting come?"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from exams.enums import HandInCause, ResultsRelease, SittingState


class Administration(models.Model):
    """A form offered to classes in a window, with rules. `closes_at` None means an open-ended window."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form = models.ForeignKey("exams.Form", on_delete=models.PROTECT, related_name="administrations")
    title_sr = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    limit_seconds = models.PositiveIntegerField()
    cut_off_hours = models.PositiveSmallIntegerField(default=24)
    results_release = models.CharField(max_length=10, choices=ResultsRelease, default=ResultsRelease.AT_CLOSE)
    results_at = models.DateTimeField(null=True, blank=True)
    class_groups = models.ManyToManyField(
        "accounts.ClassGroup", through="exams.Assignment", related_name="administrations"
    )

    class Meta:
        ordering = ["opens_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="window_closes_after_it_opens",
            )
        ]

    def __str__(self) -> str:
        return self.title_en


class Assignment(models.Model):
    """This class sits this administration; its pupils' sittings are created with it."""

    administration = models.ForeignKey(Administration, on_delete=models.CASCADE, related_name="assignments")
    class_group = models.ForeignKey(
        "accounts.ClassGroup", on_delete=models.PROTECT, related_name="assignments"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["administration", "class_group"], name="class_assigned_once")
        ]

    def __str__(self) -> str:
        return f"{self.administration_id} → {self.class_group_id}"


class Accommodation(models.Model):
    """Extra time as a percentage of the limit: 100 is none, 150 is half as much again."""

    candidate = models.OneToOneField(
        "accounts.Person", on_delete=models.CASCADE, related_name="accommodation"
    )
    time_percent = models.PositiveSmallIntegerField(default=100)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(time_percent__gte=100, time_percent__lte=300),
                name="extra_time_100_to_300_percent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.time_percent} %"


class SittingQuerySet(models.QuerySet["Sitting"]):
    def overdue(self, now: datetime, *, grace_seconds: int) -> SittingQuerySet:
        """Started and past their end by more than the grace, so that the last save can still arrive."""
        from_end = now.timestamp() - grace_seconds
        return self.filter(
            state=SittingState.STARTED, ends_at__lt=datetime.fromtimestamp(from_end, tz=now.tzinfo)
        )

    def finished(self) -> SittingQuerySet:
        return self.filter(state__in=[SittingState.HANDED_IN, SittingState.SEALED])


class Sitting(models.Model):
    """One candidate's run through one form. Practice has no administration and no limit.

    `time_percent` and `granted_seconds` are carried here, beside their own journalled rows, so that a
    start is one row update; the actions that write those rows keep them in step.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, null=True, blank=True, related_name="sittings"
    )
    form = models.ForeignKey("exams.Form", on_delete=models.PROTECT, related_name="sittings")
    candidate = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="sittings")
    state = models.CharField(max_length=10, choices=SittingState, default=SittingState.READY)
    time_percent = models.PositiveSmallIntegerField(default=100)
    granted_seconds = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
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

    `closed` means the device has said that it has nothing beyond `last_seq` (hand-in, or closing after a
    take-over); a sitting is sealed when every device is closed and everything up to its last has arrived.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="devices")
    device = models.CharField(max_length=32)
    epoch = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    last_seq = models.PositiveIntegerField(null=True, blank=True)
    closed = models.BooleanField(default=False)

    class Meta:
        ordering = ["epoch"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "device"], name="device_once_per_sitting"),
            models.UniqueConstraint(fields=["sitting", "epoch"], name="epoch_once_per_sitting"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.device} epoch {self.epoch}"
