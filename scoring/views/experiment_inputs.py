"""What may an analyst write down of an experiment before it runs?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.queries.experiments import SchoolChoice
from scoring.practice.policy import DEFAULT_POLICY, POLICIES
from scoring.reference import reference_data
from scoring.templatetags.experiment_words import rule_name
from scoring.templatetags.scoring_words import subject_name


def _other_rule() -> str:
    return next(version for version in POLICIES if version != DEFAULT_POLICY.version)


class ExperimentInput(forms.Form):
    """`schools`, chosen by public id, are those on offer; `today` is by the country's clock."""

    title = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={
            "required": _("Give it a name."),
            "max_length": _("Keep the name to 120 characters."),
        },
    )
    aim = forms.CharField(
        label=_("What is it to find out?"),
        help_text=_("One sentence, written before anything is known. It cannot be changed later."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write what it is to find out."),
            "max_length": _("Keep it to 600 characters."),
        },
    )
    subject = forms.ChoiceField(label=_("Subject"))
    policy_a = forms.ChoiceField(label=_("Rule A"), initial=DEFAULT_POLICY.version)
    policy_b = forms.ChoiceField(label=_("Rule B"), initial=_other_rule)
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y."],
        error_messages={
            "required": _("Say until when it is to run."),
            "invalid": _("Write the day like this: 2027-05-31."),
        },
    )
    schools = forms.MultipleChoiceField(
        label=_("Schools"),
        error_messages={
            "required": _("Choose at least one school."),
            "invalid_choice": _("One of these schools is not to be chosen."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        schools: Sequence[SchoolChoice],
        today: date,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.today = today
        rules = [(version, rule_name(version)) for version in POLICIES]
        offered = {
            "subject": [(subject, subject_name(subject)) for subject in reference_data().subjects],
            "policy_a": rules,
            "policy_b": rules,
            "schools": [(str(one.school.public_id), one.school.name) for one in schools],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_policy_b(self) -> str:
        chosen = str(self.cleaned_data["policy_b"])
        if chosen == self.cleaned_data.get("policy_a"):
            raise forms.ValidationError(_("Choose two different rules."))
        return chosen

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day <= self.today:
            raise forms.ValidationError(_("The last day has to lie ahead."))
        return day


class ApprovalInput(forms.Form):
    """Which data protection assessment allows the experiment, and of which day it is."""

    assessment = forms.CharField(
        label=_("Reference of the data protection assessment"),
        help_text=_("The number under which it is filed, and who gave it."),
        max_length=200,
        error_messages={
            "required": _("Without the assessment nothing runs. Write its reference."),
            "max_length": _("Keep the reference to 200 characters."),
        },
    )
    assessed_on = forms.DateField(
        label=_("Day of the assessment"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y."],
        error_messages={
            "required": _("Say of which day the assessment is."),
            "invalid": _("Write the day like this: 2027-05-31."),
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, **more: Any) -> None:
        super().__init__(data, **more)
        self.today = today

    def clean_assessed_on(self) -> date:
        day: date = self.cleaned_data["assessed_on"]
        if day > self.today:
            raise forms.ValidationError(_("The assessment cannot be of a day to come."))
        return day
