"""Which member of staff looked at or changed what, and when?"""

from django.db import models


class AuditEntry(models.Model):
    """Append-only. `subject` is the pupil concerned, where there is one."""

    at = models.DateTimeField()
    actor = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="audited_actions"
    )
    action = models.CharField(max_length=40)
    subject = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="audited_as_subject"
    )
    place = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "-at"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
