"""Which finished sittings still wait for an up-to-date score in a run?"""

from __future__ import annotations

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from exams.enums import SittingState
from exams.models import Decision, ResponseEvent, Sitting
from scoring.models import ScoringRun, SittingScore


def unscored(run: ScoringRun) -> QuerySet[Sitting]:
    """Finished sittings whose score in `run` is missing, or older than something that arrived or counts.

    What arrives after the seal counts only where a person decides so: a final score is compared with the
    decisions and marks alone.
    """
    score = SittingScore.objects.filter(run=run, sitting=OuterRef("pk"))
    events = (
        ResponseEvent.objects.filter(sitting=OuterRef("pk"))
        .order_by()
        .values("sitting")
        .annotate(number=Count("pk"))
        .values("number")
    )
    decided = Q(pk__in=[*_decided_since(run), *_marked_since(run)])
    candidates = (
        Sitting.objects.filter(state__in=[SittingState.HANDED_IN, SittingState.SEALED])
        .annotate(scored=Subquery(score.values("events")), scored_final=Subquery(score.values("final")))
        .filter(Q(scored=None) | Q(scored_final=False) | decided)
        .annotate(arrived=Subquery(events))
        .filter(
            Q(scored=None)
            | decided
            | Q(state=SittingState.SEALED, scored_final=False)
            | Q(scored_final=False) & ~Q(scored=F("arrived"))
        )
    )
    return candidates.select_related("form", "administration").order_by("pk")


def _decided_since(run: ScoringRun) -> list[int]:
    """Sittings in which more counts by people's decisions than when they were scored.

    Decisions are few, and so are scores that rest on one: the country's scores are not gone through.
    """
    scored = dict(
        SittingScore.objects.filter(run=run, decisions__gt=0).values_list("sitting_id", "decisions")
    )
    counting = (
        Decision.objects.filter(counts=True)
        .order_by()
        .annotate(sitting=Coalesce("event__sitting", "conflict__sitting"))
        .values_list("sitting")
        .annotate(Count("pk"))
    )
    return [sitting for sitting, number in counting if scored.get(sitting, 0) != number]


def _marked_since(run: ScoringRun) -> list[int]:
    """Sittings with a mark that came after they were scored. A sitting's marks are numbered from 1."""
    newer = SittingScore.objects.filter(run=run, sitting__marks__number__gt=F("marks"))
    return list(newer.order_by("sitting").values_list("sitting", flat=True).distinct())
