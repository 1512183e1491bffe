"""What did people give for texts that only people can judge?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Mark(models.Model):
    """A person's half-points for one text; a row is never changed, which the database holds.

    The text is named by `text_sha256` (see `exams.marking`): a mark on a text that has changed since counts
    no more. Marking again adds a row. `number` counts the marks of the sitting, so that what was derived
    from its first three knows that a fourth has come. `note` is for the pupil.
    """

    sitting = models.ForeignKey("exams.Sitting", on_delete=models.PROTECT, related_name="marks")
    version = models.ForeignKey("exams.ItemVersion", on_delete=models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField()
    text_sha256 = models.CharField(max_length=64)
    half_points = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)
    marked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["sitting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="mark_number_once_per_sitting"),
            models.CheckConstraint(condition=Q(number__gte=1), name="mark_numbers_from_one"),
            # Every item of the bank is worth one point; its own table says what lies in between.
            models.CheckConstraint(condition=Q(half_points__lte=2), name="mark_is_one_point_at_most"),
            models.CheckConstraint(condition=~Q(text_sha256=""), name="mark_is_on_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.version_id} #{self.number}: {self.half_points}"
