"""With which rules and item parameters was something computed?"""

from django.db import models


class ScoringRun(models.Model):
    """One set of rules and parameters; every derived row names the run that made it."""

    rule_version = models.CharField(max_length=40)
    parameter_version = models.CharField(max_length=40)
    assumed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_version", "parameter_version"], name="run_once_per_versions"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_version} with {self.parameter_version}"


class ItemCalibration(models.Model):
    """Parameters of one item version in one run: GPCM step difficulties, `c` above 0 only with one step.

    `half_points` is the half-point value of each category, ascending from 0.
    """

    class Source(models.TextChoices):
        ASSUMED = "assumed"
        PRETEST = "pretest"
        CALIBRATED = "calibrated"
        LINKED = "linked"

    run = models.ForeignKey(ScoringRun, on_delete=models.CASCADE, related_name="calibrations")
    version = models.ForeignKey("exams.ItemVersion", on_delete=models.CASCADE, related_name="calibrations")
    source = models.CharField(max_length=10, choices=Source)
    a = models.FloatField()
    c = models.FloatField(default=0)
    steps = models.JSONField()
    half_points = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "version"], name="calibration_once_per_run")]

    def __str__(self) -> str:
        return f"{self.version_id} ({self.source})"
