"""What may staff type into the forms of a room?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


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
