"""What is asked, and what is right?"""

from django.db import models

from exams.enums import InteractionType, Language, Security


class Item(models.Model):
    """The identity of an item over its versions; `security` decides whether its key may travel.

    `family`: variants of one family share its identifier, so that nobody is given two of them in one set.
    """

    identifier = models.SlugField(max_length=40, unique=True)
    family = models.SlugField(max_length=40, blank=True)
    subject = models.CharField(max_length=30)
    security = models.CharField(max_length=10, choices=Security)

    class Meta:
        ordering = ["identifier"]

    def __str__(self) -> str:
        return self.identifier


class ItemVersion(models.Model):
    """Frozen: a correction is a new version, so a score always names what was seen."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    ref = models.CharField(max_length=48, unique=True)
    standard = models.ForeignKey("exams.Standard", on_delete=models.PROTECT, related_name="item_versions")
    interaction = models.CharField(max_length=20, choices=InteractionType)
    key = models.JSONField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["ref"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="item_version_number_once")]

    def __str__(self) -> str:
        return self.ref


class ItemText(models.Model):
    """One language of one version: `content` is for candidates, `solution` never leaves before release."""

    version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=5, choices=Language)
    content = models.JSONField()
    solution = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="item_text_once_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.language}"
