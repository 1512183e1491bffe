"""What has this pupil met so far, how did it go, and when is what was missed due again?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Person
from exams.enums import FINISHED
from exams.models import Sitting
from exams.queries.sittings import results_released
from scoring.models import ItemOutcomeRow, ScoringRun
from scoring.practice.learner import Met
from scoring.practice.review import Outcome, reviews


@dataclass(frozen=True, slots=True)
class PracticeHistory:
    """met: family, or identifier of the item where there is none → how things stand with it.

    items: the same → identifiers of the items met under that name, the latest last.
    """

    met: Mapping[str, Met]
    items: Mapping[str, tuple[str, ...]]


def practice_history(person: Person, subject: str, *, run: ScoringRun, now: datetime) -> PracticeHistory:
    """Trials and practice alike, by the days of the country's clock. Two queries.

    Not reached is not met; a text that waits for its mark says nothing yet, nor does a trial whose results
    are not out: what is offered for repair would tell what was wrong in it.
    """
    trials = Sitting.objects.filter(candidate=person, form__subject=subject, administration__isnull=False)
    closed = [
        one.pk
        for one in trials.finished().select_related("administration")
        if not results_released(one, now=now)
    ]
    silent = (ItemOutcomeRow.Status.NOT_REACHED, ItemOutcomeRow.Status.PENDING)
    rows = (
        ItemOutcomeRow.objects.filter(
            score__run=run,
            score__sitting__candidate=person,
            score__sitting__form__subject=subject,
            score__sitting__state__in=FINISHED,
        )
        .exclude(status__in=silent)
        .exclude(score__sitting__in=closed)
        .order_by("score__sitting__handed_in_at", "score__sitting__public_id", "position")
        .values_list(
            "version__item__family", "version__item__identifier", "score__sitting__handed_in_at",
            "half_points", "max_half_points", "hinted",
        )
    )  # fmt: skip
    outcomes: list[Outcome] = []
    items: dict[str, dict[str, None]] = {}
    for family, identifier, at, half_points, most, hinted in rows:
        # Other numbers in the same template are no new idea: whoever met one variant has met its family.
        key = family or identifier
        own = items.setdefault(key, {})
        own.pop(identifier, None)
        own[identifier] = None
        if at is not None:
            outcomes.append(Outcome(key, at, half_points / most, hinted))
    return PracticeHistory(
        met=reviews(outcomes, now, zone=timezone.get_current_timezone()),
        items={key: tuple(own) for key, own in items.items()},
    )
