"""What may staff type into the forms of a room?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class TimeGrantInput(forms.Form):
    """Minutes for one pupil, with the reason that the room's record will show."""

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
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={
            "required": _("Say why: the reason stays in the record of this sitting."),
            "max_length": _("Keep the reason to 200 characters."),
        },
    )
