"""The facts: items and forms, who sat what and when, and every response as it was given."""

from exams.models.form import Form, FormItem, Paper
from exams.models.item import Item, ItemText, ItemVersion
from exams.models.response import ConflictingEvent, CurrentResponse, ResponseEvent
from exams.models.sitting import (
    Accommodation,
    Administration,
    Assignment,
    Sitting,
    SittingDevice,
    SittingEvent,
    TimeGrant,
)
from exams.models.standard import Domain, Standard

__all__ = [
    "Accommodation",
    "Administration",
    "Assignment",
    "ConflictingEvent",
    "CurrentResponse",
    "Domain",
    "Form",
    "FormItem",
    "Item",
    "ItemText",
    "ItemVersion",
    "Paper",
    "ResponseEvent",
    "Sitting",
    "SittingDevice",
    "SittingEvent",
    "Standard",
    "TimeGrant",
]
