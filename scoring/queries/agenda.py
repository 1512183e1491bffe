"""What should this pupil do next? One thing, so that there can be one button."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count

from accounts.models import Person
from exams.enums import SittingState
from exams.models import Sitting
from exams.queries.sittings import coming_trials, open_practice, open_trials
from scoring.models import ScoringRun
from scoring.queries.practice import subjects_of
from scoring.queries.practice_offers import Offer, offers_of


class Step(StrEnum):
    CONTINUE_TRIAL = "continue_trial"
    START_TRIAL = "start_trial"
    CONTINUE_PRACTICE = "continue_practice"
    START_PRACTICE = "start_practice"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Agenda:
    """`sitting` for the three steps that have one; `minutes` it takes (None: no limit), `n_items` it has.

    `minutes_left` of a running trial. `practice`: the set left unfinished. `coming`: trials whose window is
    not open yet. `others`: trials that are open beside the first. `offer`: the practice we recommend next, of
    `offer_subject`, unless a set is unfinished. While a trial is running there is none of these, so that
    nothing distracts from it.
    """

    step: Step
    sitting: Sitting | None
    n_items: int
    minutes: int | None
    minutes_left: int | None
    practice: Sitting | None
    coming: tuple[Sitting, ...]
    others: tuple[Sitting, ...]
    offer_subject: str
    offer: Offer | None


def agenda_of(person: Person, *, run: ScoringRun | None, now: datetime) -> Agenda:
    """A running sitting first, then an open trial, then an open practice set, then a suggested one."""
    trials = list(open_trials(person, now=now).annotate(n_items=Count("form__form_items")))
    trial = trials[0] if trials else None
    practice = open_practice(person)
    running = trial is not None and trial.state == SittingState.STARTED
    subject, offers = (
        ("", ()) if running or practice else first_offers(person, subjects_of(person), run=run, now=now)
    )
    if trial is not None:
        step = Step.CONTINUE_TRIAL if running else Step.START_TRIAL
    elif practice is not None:
        step = Step.CONTINUE_PRACTICE
    else:
        step = Step.START_PRACTICE if offers else Step.REST
    return Agenda(
        step=step,
        sitting=trial or practice,
        n_items=getattr(trial, "n_items", 0),
        minutes=_minutes(trial),
        minutes_left=_minutes_left(trial, now),
        practice=None if running else practice,
        coming=tuple(coming_trials(person, now=now).order_by("administration__opens_at", "public_id")),
        others=() if running else tuple(trials[1:]),
        offer_subject=subject,
        offer=offers[0] if offers else None,
    )


def first_offers(
    person: Person, subjects: Iterable[str], *, run: ScoringRun | None, now: datetime
) -> tuple[str, tuple[Offer, ...]]:
    """The first of these subjects that has practice, with what it has, the recommended one first.

    ("", ()) when none has. Home and the practice page both ask here, so they recommend the same.
    """
    for subject in subjects:
        offers = offers_of(person, subject, run=run, now=now)
        if offers:
            return subject, offers
    return "", ()


def _minutes(trial: Sitting | None) -> int | None:
    """The limit with the pupil's accommodation."""
    if trial is None or trial.administration is None:
        return None
    return trial.administration.limit_seconds * trial.time_percent // 6000


def _minutes_left(trial: Sitting | None, now: datetime) -> int | None:
    if trial is None or trial.ends_at is None:
        return None
    return max(0, int((trial.ends_at - now).total_seconds()) // 60)
