"""Which two rules of choosing practice are compared, with whose approval, and who got which?"""

import uuid

from django.db import models

from exams.enums import ExperimentState


class Experiment(models.Model):
    """Two practice policies, drawn at random for each pupil within the class.

    It says beforehand what is compared (`aim`, `outcome`) and from when to when. `assessment` names the
    data protection assessment that allows it; without it and the person who recorded it nothing runs.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=120)
    aim = models.TextField()
    outcome = models.CharField(max_length=40)
    subject = models.CharField(max_length=30)
    policy_a = models.CharField(max_length=40)
    policy_b = models.CharField(max_length=40)
    seed = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=ExperimentState, default=ExperimentState.DRAFT)
    class_groups = models.ManyToManyField("accounts.ClassGroup", related_name="experiments")
    created_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    assessment = models.CharField(max_length=200, blank=True)
    assessed_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=ExperimentState.DRAFT)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False, assessed_on__isnull=False)
                & ~models.Q(assessment=""),
                name="experiment_runs_with_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"


class ExperimentAssignment(models.Model):
    """Which of the two rules chooses for this pupil, drawn once when the experiment begins."""

    class Arm(models.TextChoices):
        A = "a"
        B = "b"

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.CASCADE, related_name="experiment_assignments"
    )
    class_group = models.ForeignKey("accounts.ClassGroup", on_delete=models.PROTECT, related_name="+")
    arm = models.CharField(max_length=1, choices=Arm)
    assigned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["experiment", "person"], name="one_arm_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.person_id}: {self.arm}"
