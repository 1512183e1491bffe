"""What may be sent to the pupil's pages of scoring?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.enums import PracticeKind
from scoring.reference import reference_data

FOCUSED = (PracticeKind.DOMAIN, PracticeKind.STANDARD)


def _subjects() -> list[tuple[str, str]]:
    return [(subject, subject) for subject in reference_data().subjects]


class SubjectInput(forms.Form):
    """Which subject a page is about; what cannot be read falls back to the usual one."""

    subject = forms.ChoiceField(choices=_subjects, required=False)

    @property
    def named(self) -> str:
        """The subject that was sent, "" for none."""
        self.full_clean()
        return str(self.cleaned_data.get("subject") or "")


class PracticeInput(SubjectInput):
    """Which practice is wanted; a kind about one thing that does not name it falls back to the quick one."""

    kind = forms.ChoiceField(choices=PracticeKind.choices, required=False)
    focus = forms.CharField(max_length=40, required=False)

    def chosen(self, usual: str) -> tuple[str, PracticeKind, str]:
        """(subject, kind, focus); the focus is "" for kinds that are about everything."""
        self.full_clean()
        kind = PracticeKind(self.cleaned_data.get("kind") or PracticeKind.QUICK)
        focus = self.cleaned_data.get("focus") or ""
        if kind in FOCUSED and not focus:
            kind = PracticeKind.QUICK
        return self.cleaned_data.get("subject") or usual, kind, focus if kind in FOCUSED else ""


class TargetInput(forms.Form):
    """The points a pupil wants, whole ones; `most` is what the test of the subject brings."""

    points = forms.IntegerField(
        label=_("Points I want"),
        min_value=1,
        error_messages={
            "required": _("Write how many points you want."),
            "invalid": _("Write the points as a whole number."),
            "min_value": _("A target begins at 1 point."),
        },
    )

    def __init__(self, *args: object, most: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.most = most
        self.fields["points"].widget.attrs |= {"inputmode": "numeric", "min": 1, "max": most}

    def clean_points(self) -> int:
        points: int = self.cleaned_data["points"]
        if points > self.most:
            raise forms.ValidationError(_("The test brings at most %(most)s points.") % {"most": self.most})
        return points
