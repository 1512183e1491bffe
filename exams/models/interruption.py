"""Who paused whom, and what was said to whom, while an administration ran? Both are journalled, never edited.

Scope of a pause or an announcement: one sitting, one class, one school, or with all three empty everybody in
the administration.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

_SCOPE = Q(sitting=None, class_group=None) | Q(sitting=None, school=None) | Q(class_group=None, school=None)


class Pause(models.Model):
    """Time stands still for the sittings in scope until `ended_at`; then their ends move by as much."""

    administration = models.ForeignKey(
        "exams.Administration", on_delete=models.CASCADE, related_name="pauses"
    )
    sitting = models.ForeignKey(
        "exams.Sitting", on_delete=models.CASCADE, null=True, blank=True, related_name="pauses"
    )
    class_group = models.ForeignKey(
        "accounts.ClassGroup", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    school = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["begun_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=_SCOPE, name="pause_has_one_scope"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begun_at")), name="pause_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.administration_id} paused {self.begun_at:%H:%M:%S}"


class Announcement(models.Model):
    """Words for the pupils in scope; each phone gets them once, with its next save or heartbeat."""

    administration = models.ForeignKey(
        "exams.Administration", on_delete=models.CASCADE, related_name="announcements"
    )
    sitting = models.ForeignKey("exams.Sitting", on_delete=models.CASCADE, null=True, related_name="+")
    class_group = models.ForeignKey(
        "accounts.ClassGroup", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    school = models.ForeignKey(
        "accounts.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text_sr = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=_SCOPE, name="announcement_has_one_scope")]

    def __str__(self) -> str:
        return f"{self.administration_id} {self.at:%H:%M:%S}"
