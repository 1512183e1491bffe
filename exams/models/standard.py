"""What is a pupil expected to know: standards and the domains they belong to."""

from django.db import models


class Domain(models.Model):
    """A part of a subject, such as MA.3 geometry."""

    code = models.CharField(max_length=12, unique=True)
    subject = models.CharField(max_length=30)
    number = models.PositiveSmallIntegerField()
    title_sr = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Standard(models.Model):
    """Code = SUBJECT.LEVEL.DOMAIN.NUMBER; level 1 basic, 2 intermediate, 3 advanced.

    `prerequisites`: what one has to know before this can be learnt; direct ones only.
    """

    code = models.CharField(max_length=16, unique=True)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="standards")
    standard_level = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    title_sr = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    prerequisites = models.ManyToManyField("self", symmetrical=False, related_name="builds", blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(standard_level__gte=1, standard_level__lte=3), name="standard_level_1_to_3"
            )
        ]

    def __str__(self) -> str:
        return self.code
