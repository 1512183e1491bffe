"""How ready is a pupil in a subject, from everything they have sat and practised?"""

from django.db import models

from scoring.domains import Verdict


class SubjectEstimate(models.Model):
    """The pupil's posterior over the theta grid and what it predicts on the subject's reference form.

    It holds for the moment `as_of`, the last hand-in; who reads it later carries it on to that day.
    `low`, `high` and `expected` are half-points on that form and hold with `probability`; `levels` are the
    probabilities of the performance levels, lowest first.
    """

    run = models.ForeignKey("scoring.ScoringRun", on_delete=models.CASCADE, related_name="estimates")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="subject_estimates")
    subject = models.CharField(max_length=30)
    as_of = models.DateTimeField()
    n_items = models.PositiveIntegerField()
    n_sittings = models.PositiveIntegerField()
    theta = models.FloatField()
    se = models.FloatField()
    posterior = models.JSONField()
    expected = models.FloatField()
    low = models.PositiveSmallIntegerField()
    high = models.PositiveSmallIntegerField()
    probability = models.FloatField()
    max_half_points = models.PositiveSmallIntegerField()
    levels = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person", "subject"], name="one_estimate_per_person_and_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.subject} {self.theta:.2f}"


class DomainEstimate(models.Model):
    """The same for one domain; shares are of points on the reference form's items of that domain."""

    estimate = models.ForeignKey(SubjectEstimate, on_delete=models.CASCADE, related_name="domains")
    domain = models.ForeignKey("exams.Domain", on_delete=models.PROTECT, related_name="estimates")
    verdict = models.CharField(max_length=12, choices=[(verdict.value, verdict.value) for verdict in Verdict])
    expected_share = models.FloatField()
    low_share = models.FloatField()
    high_share = models.FloatField()
    n_items = models.PositiveSmallIntegerField()
    half_points = models.PositiveSmallIntegerField()
    max_half_points = models.PositiveSmallIntegerField()
    posterior = models.JSONField()

    class Meta:
        ordering = ["domain__code"]
        constraints = [models.UniqueConstraint(fields=["estimate", "domain"], name="one_domain_estimate")]

    def __str__(self) -> str:
        return f"{self.estimate_id} {self.domain_id}: {self.verdict}"
