"""The facts: items and forms, who sat what and when, and every response as it was given."""

from exams.models.administration import Accommodation, Administration, Assignment
from exams.models.experiment import Experiment, ExperimentAssignment
from exams.models.form import Form, FormItem, Paper
from exams.models.interruption import Announcement, Pause
from exams.models.item import Item, ItemText, ItemVersion
from exams.models.locking import AdministrationSecret, LockedPaper
from exams.models.marking import Mark
from exams.models.response import ConflictingEvent, CurrentResponse, Decision, ResponseEvent
from exams.models.sitting import DeviceCheck, Sitting, SittingDevice, SittingEvent, TimeGrant
from exams.models.standard import Domain, Standard
from exams.models.target import Target

__all__ = [
    "Accommodation",
    "Administration",
    "AdministrationSecret",
    "Announcement",
    "Assignment",
    "ConflictingEvent",
    "CurrentResponse",
    "Decision",
    "DeviceCheck",
    "Domain",
    "Experiment",
    "ExperimentAssignment",
    "Form",
    "FormItem",
    "Item",
    "ItemText",
    "ItemVersion",
    "LockedPaper",
    "Mark",
    "Paper",
    "Pause",
    "ResponseEvent",
    "Sitting",
    "SittingDevice",
    "SittingEvent",
    "Standard",
    "Target",
    "TimeGrant",
]
