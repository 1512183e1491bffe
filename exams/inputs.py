"""What may staff type into the forms of a room, of a mark and of the bank?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.enums import InteractionType, Security, Subject


class ReasonInput(forms.Form):
    """Why something is done to a pupil or a room, as its record will show."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={
            "required": _("Say why: the reason stays in the record of this sitting."),
            "max_length": _("Keep the reason to 200 characters."),
        },
    )


class TimeGrantInput(ReasonInput):
    """Minutes for one pupil: more of them, or to go on with after a wrong close."""

    field_order = ("minutes", "reason")
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=120,
        error_messages={
            "required": _("Say how many minutes."),
            "invalid": _("Write the minutes as a whole number."),
            "min_value": _("Give at least 1 minute."),
            "max_value": _("Give at most 120 minutes at once."),
        },
    )


class DecisionInput(forms.Form):
    """A word on what waits: on one conflict, on one event (`seq`), or on all of a device with one cause."""

    sitting = forms.UUIDField()
    device = forms.CharField(max_length=32, required=False)
    why = forms.CharField(max_length=24, required=False)
    seq = forms.IntegerField(min_value=1, required=False)
    conflict = forms.IntegerField(min_value=1, required=False)
    counts = forms.TypedChoiceField(
        choices=[("yes", _("It counts")), ("no", _("It does not count"))],
        coerce=lambda word: word == "yes",
        error_messages={
            "required": _("Say whether it counts."),
            "invalid_choice": _("Say whether it counts."),
        },
    )
    reason = forms.CharField(
        max_length=200,
        error_messages={
            "required": _("Say why: the reason stays in the record of this sitting."),
            "max_length": _("Keep the reason to 200 characters."),
        },
    )


class MarkInput(forms.Form):
    """Points for the text that was on the page, and what the pupil is to read beside them."""

    half_points = forms.IntegerField(
        min_value=0,
        error_messages={"required": _("Choose the points."), "invalid": _("Choose the points.")},
    )
    text_sha256 = forms.CharField(max_length=64)
    note = forms.CharField(
        label=_("A note for the pupil"),
        help_text=_("May stay empty. The pupil reads it beside the result."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Keep the note to 300 characters.")},
    )


class PauseInput(ReasonInput):
    """Whose time is to stand still, and why."""

    field_order = ("scope", "reason")
    scope = forms.ChoiceField(
        label=_("For whom?"),
        choices=[("room", _("This room")), ("school", _("All rooms of the school"))],
        initial="room",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say for whom time is to stand still."),
            "invalid_choice": _("Say for whom time is to stand still."),
        },
    )


class AnnouncementInput(forms.Form):
    """Words for every pupil of a room. English may be left out: then the Serbian words stand for it."""

    text_sr = forms.CharField(
        label=_("In Serbian"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "sr"}),
        error_messages={
            "required": _("Write what the pupils are to read."),
            "max_length": _("Keep it to 300 characters."),
        },
    )
    text_en = forms.CharField(
        label=_("In English"),
        max_length=300,
        required=False,
        help_text=_("May stay empty: pupils who read English then see the Serbian words."),
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        error_messages={"max_length": _("Keep it to 300 characters.")},
    )


class BankInput(forms.Form):
    """What an author looks for in the bank; everything may stay empty. `domains`: pairs of code and title."""

    q = forms.CharField(
        label=_("Words of the item, or its identifier"), max_length=100, required=False, strip=True
    )
    subject = forms.ChoiceField(label=_("Subject"), required=False)
    domain = forms.ChoiceField(label=_("Domain"), required=False)
    level = forms.TypedChoiceField(label=_("Level"), coerce=int, empty_value=None, required=False)
    interaction = forms.ChoiceField(label=_("Interaction"), required=False)
    security = forms.ChoiceField(label=_("Security"), required=False)
    standard = forms.CharField(
        label=_("Covers standard"), help_text=_("A code or its beginning: MA.1 or MA.1.2.3"), max_length=16,
        required=False,
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any], *, domains: list[tuple[str, str]]) -> None:
        super().__init__(data)
        levels = [(1, _("1, basic")), (2, _("2, intermediate")), (3, _("3, advanced"))]
        choices: dict[str, list[tuple[Any, Any]]] = {
            "subject": Subject.choices,
            "domain": domains,
            "level": levels,
            "interaction": InteractionType.choices,
            "security": Security.choices,
        }
        for name, offered in choices.items():
            self.fields[name].choices = [("", _("All")), *offered]  # type: ignore[attr-defined]
