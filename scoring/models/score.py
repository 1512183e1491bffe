"""What did one sitting bring?"""

from django.db import models


class SittingScore(models.Model):
    """Provisional while the sitting is only handed in, final once sealed.

    `events` is how many journal rows it rests on, so that a late delivery is noticed; `decisions` is how many
    people's decisions that something counts, and `marks` how many of their marks: both may come after the
    seal. `pending_half_points` is what texts that wait for a mark may still bring; it is in the maximum,
    and as long as there is any, `half_points` are the least that the sitting brings. Admission points are
    thousandths under `regime`, and None where the regime has no such test (practice).
    """

    run = models.ForeignKey("scoring.ScoringRun", on_delete=models.CASCADE, related_name="scores")
    sitting = models.ForeignKey("exams.Sitting", on_delete=models.CASCADE, related_name="scores")
    final = models.BooleanField()
    events = models.PositiveIntegerField()
    decisions = models.PositiveIntegerField(default=0)
    marks = models.PositiveIntegerField(default=0)
    half_points = models.PositiveSmallIntegerField()
    max_half_points = models.PositiveSmallIntegerField()
    pending_half_points = models.PositiveSmallIntegerField(default=0)
    admission_thousandths = models.PositiveIntegerField(null=True)
    regime = models.CharField(max_length=20, blank=True)
    theta = models.FloatField()
    se = models.FloatField()
    log_likelihood = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "sitting"], name="one_score_per_sitting_and_run")
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}: {self.half_points}/{self.max_half_points}"


class ItemOutcomeRow(models.Model):
    """What one item brought in one sitting; omitted was seen and left, not reached was never seen.

    Pending: a text that no mark stands on yet; it earns nothing so far, and is not wrong. `mark` is the one
    that the points of a marked text rest on.
    """

    class Status(models.TextChoices):
        ANSWERED = "answered"
        OMITTED = "omitted"
        NOT_REACHED = "not_reached"
        PENDING = "pending"

    score = models.ForeignKey(SittingScore, on_delete=models.CASCADE, related_name="outcomes")
    version = models.ForeignKey("exams.ItemVersion", on_delete=models.PROTECT, related_name="outcomes")
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=Status)
    half_points = models.PositiveSmallIntegerField()
    max_half_points = models.PositiveSmallIntegerField()
    value = models.JSONField(null=True)
    late = models.BooleanField(default=False)
    hinted = models.BooleanField(default=False)
    # A mark is a fact and what is derived from it is not: the mark cannot go while a score rests on it. No
    # index: nobody asks by mark, and nearly every row of the country's scores has none.
    mark = models.ForeignKey(
        "exams.Mark", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["score", "position"]
        constraints = [models.UniqueConstraint(fields=["score", "version"], name="one_outcome_per_item")]

    def __str__(self) -> str:
        return f"{self.score_id}/{self.position}: {self.half_points}"
