"""The few states and kinds that everything in exams speaks of.

A sitting moves only like this (every other move raises IllegalTransition):

    ready ──► started ──► handed_in ──► sealed
      │          │ ◄┄┄ reopen ┄┄┴┄┄┄┄┄┄┄┄┄┄┄┤
      └──────────┴──────┬──────┴───────────┘
                        ▼
                    voided

handed_in has a cause (candidate, time, invigilator). Only what time or an invigilator has closed is reopened,
by an invigilator and within a day; what the pupil handed in stays. sealed: every device's last sequence has
arrived, or the cut-off has passed. Pauses and grants are rows that move `ends_at`; they are never states.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    SERBIAN = "sr", _("Serbian")
    ENGLISH = "en", _("English")


class Subject(models.TextChoices):
    """Subjects of the exam by their names in files, addresses and rows."""

    SERBIAN = "serbian", _("Serbian language")
    MATHEMATICS = "mathematics", _("Mathematics")
    BIOLOGY = "biology", _("Biology")
    GEOGRAPHY = "geography", _("Geography")
    HISTORY = "history", _("History")
    PHYSICS = "physics", _("Physics")
    CHEMISTRY = "chemistry", _("Chemistry")


class InteractionType(models.TextChoices):
    CHOICE = "choice", _("Single choice")
    TRUE_FALSE = "true_false", _("True or false")
    TEXT_ENTRY = "text_entry", _("Written response")
    MATCH = "match", _("Matching")
    ORDER = "order", _("Ordering")
    CLOZE = "cloze", _("Fill the gaps")
    MULTIPLE_CHOICE = "multiple_choice", _("Multiple choice")
    SELECT_WORDS = "select_words", _("Select words")
    HOTSPOT = "hotspot", _("Place in a figure")
    EXTENDED_TEXT = "extended_text", _("Written text")


class Security(models.TextChoices):
    """Only released items ever travel to a phone together with their keys."""

    TRIAL = "trial", _("Trial")
    RELEASED = "released", _("Released")
    RETIRED = "retired", _("Retired")


class FormPurpose(models.TextChoices):
    TRIAL = "trial", _("Trial exam")
    PRACTICE = "practice", _("Practice")


class PracticeKind(models.TextChoices):
    """What the pupil asked for; see `scoring/queries/practice_offers.py` for what each gives."""

    QUICK = "quick", _("Quick five")
    FULL = "full", _("Full set")
    DOMAIN = "domain", _("One domain")
    STANDARD = "standard", _("One skill")
    MISTAKES = "mistakes", _("Repair my mistakes")


class ItemRole(models.TextChoices):
    """Of an item in a practice form: everybody meets `main`; a `spare` is offered after its item was missed,
    parallel to it; from a `pool` the phone chooses one after the other.
    """

    MAIN = "main"
    SPARE = "spare"
    POOL = "pool"


class ExperimentState(models.TextChoices):
    """draft ──► approved ──► running ──► stopped. Without the recorded approval nothing runs."""

    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")


class ResultsRelease(models.TextChoices):
    AT_HAND_IN = "at_hand_in", _("At hand-in")
    AT_CLOSE = "at_close", _("When the window closes")
    AT_TIME = "at_time", _("At a set time")


class SittingState(models.TextChoices):
    READY = "ready", _("Ready")
    STARTED = "started", _("Started")
    HANDED_IN = "handed_in", _("Handed in")
    SEALED = "sealed", _("Sealed")
    VOIDED = "voided", _("Voided")


FINISHED = (SittingState.HANDED_IN, SittingState.SEALED)
"""What has a hand-in, and with it points."""


class HandInCause(models.TextChoices):
    CANDIDATE = "candidate", _("Handed in by the pupil")
    TIME = "time", _("Time was over")
    INVIGILATOR = "invigilator", _("Handed in by the invigilator")


class Verdict(models.TextChoices):
    COUNTED = "counted", _("Counted")
    LATE_COUNTED = "late_counted", _("Delivered late, counted")
    QUARANTINED = "quarantined", _("Waits for a decision")


MOVES: dict[SittingState, frozenset[SittingState]] = {
    SittingState.READY: frozenset({SittingState.STARTED, SittingState.VOIDED}),
    SittingState.STARTED: frozenset({SittingState.HANDED_IN, SittingState.VOIDED}),
    SittingState.HANDED_IN: frozenset({SittingState.STARTED, SittingState.SEALED, SittingState.VOIDED}),
    SittingState.SEALED: frozenset({SittingState.STARTED, SittingState.VOIDED}),
    SittingState.VOIDED: frozenset(),
}
