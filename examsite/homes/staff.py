"""What do a teacher and an invigilator see first? Their classes and rooms, each one tap away."""

from __future__ import annotations

from typing import Any

from accounts.models import Person
from accounts.queries.people import classes_invigilated_by, classes_taught_by
from exams.queries.classes import class_summaries
from exams.queries.rooms import rooms_of


def teacher_home(person: Person) -> dict[str, Any]:
    """The context of home/teacher.html."""
    return {"classes": class_summaries(classes_taught_by(person))}


def invigilator_home(person: Person) -> dict[str, Any]:
    """The context of home/invigilator.html."""
    return {"rooms": rooms_of(classes_invigilated_by(person))}
