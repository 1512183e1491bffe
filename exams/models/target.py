"""Which result does a pupil want?"""

from django.db import models


class Target(models.Model):
    """The half-points a pupil aims at on the test of a subject: their own wish, shown to them alone."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="targets")
    subject = models.CharField(max_length=30)
    half_points = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "subject"], name="one_target_per_subject")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.subject}: {self.half_points}"
