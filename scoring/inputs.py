"""What may be sent to the pages of scoring?"""

from __future__ import annotations

from django import forms

from scoring.queries.practice import SIZES, USUAL_SIZE
from scoring.reference import reference_data


def _subjects() -> list[tuple[str, str]]:
    return [(subject, subject) for subject in reference_data().subjects]


class PracticeInput(forms.Form):
    """Both are optional; what cannot be read falls back to the usual size and to the given subject."""

    subject = forms.ChoiceField(choices=_subjects, required=False)
    size = forms.TypedChoiceField(choices=[(size, size) for size in SIZES], coerce=int, required=False)

    @property
    def names_a_subject(self) -> bool:
        """After `chosen`: was there a subject in what was sent?"""
        return bool(self.cleaned_data.get("subject"))

    def chosen(self, usual: str) -> tuple[str, int]:
        """(subject, size)."""
        self.full_clean()
        return self.cleaned_data.get("subject") or usual, self.cleaned_data.get("size") or USUAL_SIZE
