"""What does styleguide.html show? Examples of every part of a page, longest Serbian words included."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ExampleInput(forms.Form):
    email = forms.EmailField(label=_("E-mail"), help_text=_("The address your school has for you."))
    school = forms.ChoiceField(
        label=_("School"), choices=[("1", "ОШ „Вук Караџић“"), ("2", "ОШ „Доситеј Обрадовић“")]
    )
    reason = forms.ChoiceField(
        label=_("Why is time added?"),
        choices=[
            ("network", _("The network failed")),
            ("device", _("The device failed")),
            ("other", _("Other")),
        ],
        widget=forms.RadioSelect,
    )


_DOMAINS: list[dict[str, Any]] = [
    {"label": _("Numbers and operations"), "value": 0.71, "low": 0.66, "high": 0.76},
    {"label": _("Algebra and functions"), "value": 0.52, "low": 0.45, "high": 0.59},
    {"label": _("Geometry"), "value": 0.44, "low": 0.35, "high": 0.53},
    {"label": _("Measurement"), "value": 0.635, "low": 0.54, "high": 0.72},
    {"label": _("Data handling"), "value": 0.8, "low": 0.73, "high": 0.86},
]
_LEVELS = [(_("Below basic"), 0.14), (_("Basic"), 0.38), (_("Intermediate"), 0.31), (_("Advanced"), 0.17)]
_PUPILS: list[tuple[str, list[int | None], int, bool]] = [
    ("Милица Петровић", [3, 2, 1, None], 31, True),
    ("Ђорђе Јовановић-Стаменковић", [2, 2, 2, 1], 22, True),
    ("Његош Љубисављевић", [1, 1, None, 3], 13, False),
]
_WORDS: dict[int | None, Any] = {
    1: _("little of it"),
    2: _("part of it"),
    3: _("most of it"),
    None: _("not enough evidence"),
}


def example_context() -> dict[str, Any]:
    """What styleguide.html needs; names and figures are plainly examples."""
    return {
        "trail": [(_("School"), "/"), (_("Class"), "/"), (_("Results"), "")],
        "input": ExampleInput(data={"email": "milica@", "school": "1"}),
        "errors": [("id_code", _("Type the whole code from your card: 12 letters and digits."))],
        "domains": _DOMAINS,
        "domain_names": [row["label"] for row in _DOMAINS[:4]],
        "levels": _LEVELS,
        "pupils": [
            {
                "name": name,
                "cells": [
                    (row["label"], level, _WORDS[level]) for row, level in zip(_DOMAINS, levels, strict=False)
                ],
                "half_points": half_points,
                "handed_in": handed_in,
            }
            for name, levels, half_points, handed_in in _PUPILS
        ],
        "navigation": [
            {"url": "/", "label": _("Today"), "current": False},
            {"url": "/", "label": _("Classes"), "current": True},
            {"url": "/", "label": _("Trial exams"), "current": False},
            {"url": "/", "label": _("What to re-teach"), "current": False},
        ],
        "person": "Милица Петровић",
        "person_class": "VIII-2 · ОШ „Вук Караџић“",
        "simulated": True,
    }
