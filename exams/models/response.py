"""What did the candidate give, exactly, and when did it arrive?"""

from django.db import models

from exams.enums import Verdict


class ResponseEvent(models.Model):
    """The journal: append-only, one row per (sitting, device, seq), never updated or deleted.

    `body` is the event's exact text as the device made it; `digest` is SHA-256 of its bytes.
    """

    # No index of its own: that of the identity begins with it, and each one is paid for in every save.
    sitting = models.ForeignKey(
        "exams.Sitting", on_delete=models.PROTECT, related_name="response_events", db_index=False
    )
    device = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    item_ref = models.CharField(max_length=48, blank=True)
    body = models.TextField()
    digest = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()
    estimated_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, choices=Verdict)
    reason = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sitting", "device", "seq"], name="event_identity")]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.device}/{self.seq}"


class ConflictingEvent(models.Model):
    """The same identity came with other bytes: the first stays in the journal, the other is kept here."""

    sitting = models.ForeignKey("exams.Sitting", on_delete=models.PROTECT, related_name="conflicting_events")
    device = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    body = models.TextField()
    digest = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "device", "seq", "digest"], name="conflict_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.device}/{self.seq} (conflict)"


class Decision(models.Model):
    """A person's word, once and for good, on what the rules could not decide: a quarantined event, or other
    bytes under a known identity. `counts`: it is to count; for a conflict, instead of what came first.
    """

    event = models.OneToOneField(
        ResponseEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="decision"
    )
    conflict = models.OneToOneField(
        ConflictingEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="decision"
    )
    counts = models.BooleanField()
    reason = models.CharField(max_length=200)
    decided_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event=None, conflict__isnull=False)
                | models.Q(event__isnull=False, conflict=None),
                name="decision_is_on_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id or self.conflict_id} {'counts' if self.counts else 'does not count'}"


class CurrentResponse(models.Model):
    """Projection of the journal: per item the counted response with the highest (epoch, seq).

    A row with `value` None was seen and left (omitted); an item without a row was not reached. `hinted`: the
    pupil asked for a hint before. Rebuilt by `project_sitting`; nothing else writes it.
    """

    sitting = models.ForeignKey("exams.Sitting", on_delete=models.CASCADE, related_name="current_responses")
    version = models.ForeignKey(
        "exams.ItemVersion", on_delete=models.PROTECT, related_name="current_responses"
    )
    value = models.JSONField(null=True)
    late = models.BooleanField(default=False)
    hinted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sitting", "version"], name="one_current_response_per_item")
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.version_id}"
