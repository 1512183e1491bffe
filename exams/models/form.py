"""Which items, in which order, frozen for a sitting?"""

import uuid

from django.db import models

from exams.enums import FormPurpose, Language


class Form(models.Model):
    """Frozen once `published_at` is set; a change after that is a new form.

    `selection`, of practice: what was asked for and by which rule the set came about, for ever. `pocket`: a
    pool that lies on the phone ahead; the phone chooses from it, with or without a network.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identifier = models.CharField(max_length=60, unique=True)
    subject = models.CharField(max_length=30)
    purpose = models.CharField(max_length=10, choices=FormPurpose)
    title_sr = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    selection = models.JSONField(null=True, blank=True)
    pocket = models.BooleanField(default=False)
    content_hash = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    versions = models.ManyToManyField("exams.ItemVersion", through="exams.FormItem", related_name="forms")

    class Meta:
        ordering = ["identifier"]

    def __str__(self) -> str:
        return self.identifier


class FormItem(models.Model):
    """`selection` says why a practice item was chosen, with its predicted probability and propensity."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="form_items")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey("exams.ItemVersion", on_delete=models.PROTECT, related_name="form_items")
    is_anchor = models.BooleanField(default=False)
    selection = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["form", "position"]
        constraints = [
            models.UniqueConstraint(fields=["form", "position"], name="form_position_once"),
            models.UniqueConstraint(fields=["form", "version"], name="form_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.form_id}:{self.position}"


class Paper(models.Model):
    """The compiled candidate document of one form in one language, named by its own hash."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="papers")
    language = models.CharField(max_length=5, choices=Language)
    sha256 = models.CharField(max_length=64, unique=True)
    body = models.BinaryField()
    body_br = models.BinaryField()
    body_gzip = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "language"], name="paper_once_per_language")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.language}"
