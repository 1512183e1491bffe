"""What do a teacher, an invigilator and an author see first? Classes, rooms, the bank, each one tap away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import Person
from accounts.queries.people import classes_invigilated_by, classes_taught_by
from exams.queries.bank import coverage, trial_forms
from exams.queries.classes import class_summaries
from exams.queries.marking import marking_tasks, number_to_mark
from exams.queries.rooms import rooms_of


def teacher_home(person: Person, *, now: datetime) -> dict[str, Any]:
    """The context of home/teacher.html."""
    classes = classes_taught_by(person)
    tasks = marking_tasks(classes, now=now)
    return {"classes": class_summaries(classes), "tasks": tasks, "n_to_mark": number_to_mark(tasks)}


def invigilator_home(person: Person) -> dict[str, Any]:
    """The context of home/invigilator.html."""
    return {"rooms": rooms_of(classes_invigilated_by(person))}


def author_home() -> dict[str, Any]:
    """The context of home/author.html."""
    rows = coverage()
    return {
        "n_practice": sum(row.practice for row in rows),
        "n_trial": sum(row.trial for row in rows),
        "n_standards": sum(row.n_standards for row in rows),
        "n_covered": sum(row.n_covered for row in rows),
        "forms": trial_forms(),
    }
