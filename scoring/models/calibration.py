"""With which rules and item parameters was something computed, and how did parameters come about?"""

import uuid

from django.db import models


class ScoringRun(models.Model):
    """One set of rules and parameters; every derived row names the run that made it.

    `dynamics`: how abilities are taken to change between sittings (`scoring.growth.Dynamics` as a table);
    empty for the assumed ones. `practice_effects`: likewise what practice brings
    (`scoring.practice.effects.PracticeEffects`). `in_force_at`: pages read the run with the latest one;
    none: not yet.
    """

    rule_version = models.CharField(max_length=40)
    parameter_version = models.CharField(max_length=40)
    assumed = models.BooleanField(default=True)
    dynamics = models.JSONField(default=dict, blank=True)
    practice_effects = models.JSONField(default=dict, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)

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


class Calibration(models.Model):
    """One estimation of a subject's item parameters from responses: a draft until a person decides.

    queued ──► running ──► draft ──► accepted ──► in_force
                  └──► failed   └──► rejected ◄──┘ withdrawn

    A running one whose process died is queued again, and failed the second time. An accepted one has its run
    scored beside the one in force; in force means that it was put there once, whichever run is so today.

    `settings` is what was asked for, `report` what came out (fit, DIF, drift, comparison with the bank),
    `difference` what scoring under `run` would change. `problem` says why it failed.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DRAFT = "draft"
        FAILED = "failed"
        REJECTED = "rejected"
        ACCEPTED = "accepted"
        IN_FORCE = "in_force"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    settings = models.JSONField(default=dict)
    report = models.JSONField(default=dict, blank=True)
    difference = models.JSONField(default=dict, blank=True)
    problem = models.TextField(blank=True)
    n_candidates = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    base_run = models.ForeignKey(ScoringRun, on_delete=models.PROTECT, related_name="+")
    run = models.OneToOneField(
        ScoringRun, on_delete=models.PROTECT, null=True, blank=True, related_name="calibration"
    )

    class Meta:
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.subject} {self.requested_at:%Y-%m-%d} ({self.state})"


class CalibratedItem(models.Model):
    """What a calibration says of one item version; becomes an ItemCalibration when accepted and `included`.

    Parameters as in ItemCalibration. `flags`: what a person should look at, as codes.
    """

    calibration = models.ForeignKey(Calibration, on_delete=models.CASCADE, related_name="items")
    version = models.ForeignKey("exams.ItemVersion", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=ItemCalibration.Source)
    a = models.FloatField()
    c = models.FloatField(default=0)
    steps = models.JSONField()
    half_points = models.JSONField()
    se_a = models.FloatField(null=True)
    se_b = models.FloatField(null=True)
    n_responses = models.PositiveIntegerField()
    flags = models.JSONField(default=list)
    included = models.BooleanField(default=True)

    class Meta:
        ordering = ["calibration", "version"]
        constraints = [
            models.UniqueConstraint(fields=["calibration", "version"], name="item_once_per_calibration")
        ]

    def __str__(self) -> str:
        return f"{self.calibration_id} {self.version_id}"
