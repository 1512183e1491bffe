"""Which form is offered to which classes, in what window and by what rules?"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from exams.enums import ResultsRelease


class Administration(models.Model):
    """A form offered to classes in a window, with rules. `closes_at` None means an open-ended window.

    `only_who_chose`: of these classes only for pupils whose third test is the form's subject.
    """

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
    only_who_chose = models.BooleanField(default=False)
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
    """This class sits this administration in one room; its pupils' sittings are created with it.

    `unlock`: the content key as phones of this room get it, wrapped under the room's unlock code
    (see `exams/delivery/locking.py`); empty for practice.
    """

    administration = models.ForeignKey(Administration, on_delete=models.CASCADE, related_name="assignments")
    class_group = models.ForeignKey(
        "accounts.ClassGroup", on_delete=models.PROTECT, related_name="assignments"
    )
    unlock = models.JSONField(default=dict, blank=True)

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
