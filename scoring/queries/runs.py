"""Which run do pages read from, and which could be put in force? `scoring.actions.parameters` makes them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from exams.models import Form, FormItem
from scoring.models import ItemCalibration, ItemOutcomeRow, ScoringRun
from scoring.reference import RULE_VERSION, reference_data


class Difficulties(StrEnum):
    """Do responses say how hard the items are that stand behind a page: of none, of some, of all?"""

    ASSUMED = "assumed"
    PARTLY = "partly"
    MEASURED = "measured"

    @classmethod
    def of_all(cls, parts: Iterable[Difficulties]) -> Difficulties:
        """Of several pages, or subjects, together; nothing at all rests on nothing assumed."""
        found = set(parts) or {cls.MEASURED}
        return found.pop() if len(found) == 1 else cls.PARTLY


def run_in_force() -> ScoringRun | None:
    """The run that was put in force last; None before the first scoring of an installation."""
    return ScoringRun.objects.filter(in_force_at__isnull=False).order_by("-in_force_at", "-pk").first()


def runs_once_in_force() -> QuerySet[ScoringRun]:
    """Every run that pages read from at some time, the latest first."""
    return (
        ScoringRun.objects.filter(in_force_at__isnull=False)
        .select_related("calibration")
        .order_by("-in_force_at", "-pk")
    )


def can_come_back(run: ScoringRun) -> bool:
    """May it be put in force again? Only under today's rules: nobody scores by older ones any more."""
    return run.in_force_at is not None and run.rule_version == RULE_VERSION


def rests_on_assumptions(run: ScoringRun, subject: str) -> bool:
    """Is any item behind what is said in the subject still without parameters from responses? One query."""
    return difficulties_in(run, subject) is not Difficulties.MEASURED


def difficulties_in(run: ScoringRun, subject: str) -> Difficulties:
    """Of whatever rests on all that was sat and practised: estimates, verdicts, growth. One query."""
    return difficulties_by_subject(run).get(subject, Difficulties.ASSUMED)


def difficulties_by_subject(run: ScoringRun) -> dict[str, Difficulties]:
    """Of the items that anybody has responded to, and those of the reference forms. One query.

    An item that nobody has met says nothing about anybody, and is no matter of theirs.
    """
    reference_forms = [rule.reference_form for rule in reference_data().subjects.values()]
    own = {"version": OuterRef("version")}
    behind = Exists(ItemOutcomeRow.objects.filter(**own)) | Exists(
        FormItem.objects.filter(form__identifier__in=reference_forms, **own)
    )
    rows = (
        ItemCalibration.objects.filter(behind, run=run)
        .order_by()
        .values_list("version__item__subject")
        .annotate(n=Count("pk"), n_measured=_N_MEASURED)
    )
    return {subject: _difficulties(n, n_measured) for subject, n, n_measured in rows}


def difficulties_of_form(run: ScoringRun, form: Form) -> Difficulties:
    """Of what responses to this form alone predict on the subject's reference form. One query."""
    rule = reference_data().subjects.get(form.subject)
    forms = Q(form=form) | Q(form__identifier=rule.reference_form) if rule else Q(form=form)
    counted = ItemCalibration.objects.filter(
        run=run, version__in=FormItem.objects.filter(forms).values("version")
    ).aggregate(n=Count("pk"), n_measured=_N_MEASURED)
    return _difficulties(**counted)


_N_MEASURED = Count("pk", filter=~Q(source=ItemCalibration.Source.ASSUMED))


def _difficulties(n: int, n_measured: int) -> Difficulties:
    if not n_measured:
        return Difficulties.ASSUMED
    return Difficulties.PARTLY if n_measured < n else Difficulties.MEASURED
