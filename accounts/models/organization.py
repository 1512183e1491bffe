"""Which ministry, school administration or school does somebody belong to?"""

import uuid

from django.db import models

from accounts.enums import OrganizationKind, Role


class Organization(models.Model):
    """A node of the tree ministry > school administration > school; depth is data, not code."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=OrganizationKind)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A staff role held in an organization; teachers hold theirs in a class, through Enrollment."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=15, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization", "role"], name="membership_once_per_role"
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=[Role.PUPIL, Role.TEACHER]), name="membership_is_for_staff_roles"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} @ {self.organization_id}"
