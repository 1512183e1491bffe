"""What was missed, is it repaired, and when should it be met again? Spaced repetition by FSRS.

An item enters review when points were missed or a hint was needed, and leaves it when it was solved alone and
in full on two different days since. In between FSRS says how likely it still is to be recalled. What has not
been solved since is due when that falls to 0.9: tomorrow or a few days on. Once it has been solved it is due
again when recall has fallen to 0.7, some weeks later: an exam months away asks for long gaps (Cepeda et al.
2008), and to solve a second time what is still fresh teaches little.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo

from fsrs import Card, Rating, Scheduler

from scoring.practice.learner import Met

DAYS_TO_REPAIR = 2
ENOUGH_DUE = 3
"""So many missed things waiting to be met again make a set of their own, and come before anything new."""


def _scheduler(recall: float) -> Scheduler:
    # Without steps of minutes and without chance: a set is done once a day, and the same history always gives
    # the same answer.
    return Scheduler(
        desired_retention=recall,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=60,
        enable_fuzzing=False,
    )


_TO_REPAIR, _TO_CONFIRM = _scheduler(0.9), _scheduler(0.7)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One go at one item. key: its family, or identifier where there is none; share of its points earned,
    in [0, 1]; at: aware.
    """

    key: str
    at: datetime
    share: float
    hinted: bool = False

    @property
    def solved_alone(self) -> bool:
        return self.share >= 1 and not self.hinted


@dataclass(slots=True)
class _Review:
    """`card` while something is to be repaired, with the days on which it was solved since it was missed."""

    card: Card | None = None
    solved_on: set[date] = field(default_factory=set)


def reviews(history: Iterable[Outcome], now: datetime, *, zone: tzinfo = UTC) -> dict[str, Met]:
    """How things stand with every key of the history (in any order), at `now`; days are those of `zone`."""
    state: dict[str, _Review] = {}
    for outcome in sorted(history, key=lambda one: (one.at, one.key)):
        _learn(state.setdefault(outcome.key, _Review()), outcome, zone)
    return {key: _standing(review, now, zone) for key, review in state.items()}


def _learn(review: _Review, outcome: Outcome, zone: tzinfo) -> None:
    if outcome.solved_alone:
        if review.card is None:
            return
        review.solved_on.add(outcome.at.astimezone(zone).date())
        if len(review.solved_on) >= DAYS_TO_REPAIR:
            review.card = None
            review.solved_on.clear()
            return
    else:
        review.solved_on.clear()
    at = outcome.at.astimezone(UTC)
    card = review.card or Card(card_id=0, due=at)
    scheduler = _TO_CONFIRM if outcome.solved_alone else _TO_REPAIR
    review.card, _ = scheduler.review_card(card, _rating(outcome), at)


def _rating(outcome: Outcome) -> Rating:
    if outcome.solved_alone:
        return Rating.Good
    return Rating.Hard if outcome.share > 0 and not outcome.hinted else Rating.Again


def _standing(review: _Review, now: datetime, zone: tzinfo) -> Met:
    card = review.card
    if card is None:
        return Met(missed=False)
    # From the morning of its day on: whoever practises at six one day may come at five the next.
    due_at = datetime.combine(card.due.astimezone(zone).date(), time(), tzinfo=zone)
    return Met(
        missed=True,
        due=now >= due_at,
        due_at=due_at,
        confirm=bool(review.solved_on),
        retrievability=_TO_REPAIR.get_card_retrievability(card, now.astimezone(UTC)),
    )
