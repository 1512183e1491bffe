"""Which roles people hold and which kinds of organization they hold them in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PUPIL = "pupil", _("Pupil")
    TEACHER = "teacher", _("Teacher")
    INVIGILATOR = "invigilator", _("Invigilator")
    ANALYST = "analyst", _("Ministry analyst")
    AUTHOR = "author", _("Item author")
    PSYCHOMETRICIAN = "psychometrician", _("Psychometrician")


class OrganizationKind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry")
    REGION = "region", _("School administration")
    SCHOOL = "school", _("School")
