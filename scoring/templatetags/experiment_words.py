"""With which words are the rules of an experiment, its state and its finding said to people?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exams.enums import ExperimentState
from scoring.practice.policy import DEFAULT_POLICY

register = template.Library()

RULES: Final = {
    "gain-2": (
        _("Where the exam pays most"),
        _(
            "Practice goes where the pupil can gain most points on the exam: to what it asks for, by items "
            "that teach this pupil most."
        ),
    ),
    "even-1": (
        _("Any item alike"),
        _(
            "Chance alone chooses among the items that are new: what a rule is compared with, and "
            "from which we learn how much practice brings."
        ),
    ),
}
OVER: Final = "over"
"""Still called running, and after its end: nobody practises by it any more."""
_STATES: Final[dict[str, tuple[str, str, Promise]]] = {
    ExperimentState.DRAFT: ("neutral", "dot", _("Draft")),
    ExperimentState.APPROVED: ("info", "check", _("Approved, not begun")),
    ExperimentState.RUNNING: ("warning", "clock", _("Running")),
    ExperimentState.STOPPED: ("success", "check", _("Ended")),
    OVER: ("success", "check", _("Its time is over")),
}


@register.filter
def rule_name(version: str) -> str:
    """A rule without words of its own yet is called by its version."""
    return str(RULES[version][0]) if version in RULES else version


@register.filter
def rule_meaning(version: str) -> str:
    return str(RULES[version][1]) if version in RULES else ""


@register.filter
def is_ordinary(version: str) -> bool:
    """Is it the rule for everybody outside an experiment?"""
    return version == DEFAULT_POLICY.version


@register.filter
def experiment_state(state: str) -> str:
    """Of a state, or of `OVER`."""
    return str(_STATES[state][2])


@register.filter
def experiment_tone(state: str) -> str:
    return _STATES[state][0]


@register.filter
def experiment_icon(state: str) -> str:
    return _STATES[state][1]


@register.filter
def last_day(ends_at: datetime | None) -> date | None:
    """The last day on which it ran, by the country's clock: an end at midnight is that of the day before."""
    return timezone.localdate(ends_at - timedelta(microseconds=1)) if ends_at else None


@register.filter
def unlocalised(number: int) -> str:
    """A number that is a name: no marks for thousands."""
    return str(number)
