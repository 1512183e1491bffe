"""Who is in which class, and who teaches it?"""

import uuid

from django.db import models

from accounts.enums import Role


class ClassGroup(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey("accounts.Organization", on_delete=models.PROTECT, related_name="class_groups")
    name = models.CharField(max_length=20)
    school_year = models.CharField(max_length=9)
    people = models.ManyToManyField(
        "accounts.Person", through="accounts.Enrollment", related_name="class_groups"
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "school_year", "name"], name="class_group_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Enrollment(models.Model):
    """`chosen_subject`: of the third test of the exam, which each pupil chooses; "" until then."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="enrollments")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="enrollments")
    role = models.CharField(max_length=15, choices=Role)
    chosen_subject = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "class_group"], name="enrollment_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[Role.PUPIL, Role.TEACHER]), name="enrollment_is_pupil_or_teacher"
            ),
            # A pupil belongs to one class at a time: results by class must add up to the school.
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(role=Role.PUPIL), name="pupil_in_one_class"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} in {self.class_group_id}"
