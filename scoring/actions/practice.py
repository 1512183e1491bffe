"""How does a suggestion become a practice set that a pupil can open, and what lies ready offline?"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import override

from accounts.models import Person
from exams.actions.forms import Selected, publish_form
from exams.actions.sittings import discard_unopened, open_practice_sitting
from exams.enums import FormPurpose, ItemRole, PracticeKind, SittingState, Subject
from exams.models import FormItem, ItemVersion, Sitting
from exams.models.sitting import SittingQuerySet
from scoring.errors import NothingToPractise
from scoring.practice.travelling import travelling_model
from scoring.queries.practice import Pool, SuggestedItem, Suggestion, pool_in, suggestions_in
from scoring.queries.practice_situation import Situation, situation_of
from scoring.queries.runs import run_in_force

POCKET_ITEMS = 24
POCKET_SIZE = 10
ON_A_PAGE = timedelta(hours=1)
"""So long a page that somebody has open may lead to a pocket that was replaced."""
POCKET_DAYS = 14
"""After so many days without a sitting a pocket says too little of the pupil; after a sitting at once."""


@transaction.atomic
def open_practice_set(
    *,
    person: Person,
    subject: str,
    now: datetime,
    kind: PracticeKind = PracticeKind.FULL,
    focus: str = "",
    pocket: bool = True,
) -> Sitting:
    """The pupil's unfinished set of the subject, else a new one made of today's suggestion of this kind.

    Beside a new one a pocket set lies ready, unless `pocket` is false. Idempotent, also for two taps at once:
    the person's row is locked. Raises NothingToPractise.
    """
    _lock(person)
    unfinished = (
        _sets(person, subject)
        .filter(state__in=[SittingState.READY, SittingState.STARTED])
        .exclude(state=SittingState.READY, form__pocket=True)
        .select_related("form", "administration")
        .order_by("-created_at", "-pk")
        .first()
    )
    if unfinished is not None:
        return unfinished
    situation = situation_of(person, subject, run=run_in_force(), now=now)
    found = suggestions_in(situation, [(kind, focus)]) if situation is not None else []
    if situation is None or not found:
        raise NothingToPractise(subject)
    sitting = _open(found[0], person, now)
    if pocket:
        _ensure_pocket(person, situation, now)
    return sitting


@transaction.atomic
def ensure_pocket(*, person: Person, subject: str, now: datetime) -> Sitting | None:
    """The pupil's pocket set of the subject, made anew where it is missing or no longer fits; None when there
    is nothing to practise.

    Idempotent, also for two calls at once: the person's row is locked. A pocket that was replaced goes after
    a while if no phone has opened it; one that a phone may hold stays, for it may be begun there without a
    network.
    """
    _lock(person)
    situation = situation_of(person, subject, run=run_in_force(), now=now)
    return _ensure_pocket(person, situation, now) if situation is not None else None


def lay_missing_pockets(*, now: datetime, at_most: int = 20) -> int:
    """A new pocket for whoever has one of a subject, and has finished a sitting of it since; how many.

    Idempotent. Found by looking, once the sitting is scored, so that the pocket rests on it and says what
    pages say; only of the last day, for later there is one beside the next set.
    """
    pockets = Sitting.objects.filter(
        candidate=OuterRef("candidate"), form__subject=OuterRef("form__subject"), form__pocket=True
    )
    run = run_in_force()
    finished = Sitting.objects.finished().filter(
        candidate=OuterRef("candidate"), form__subject=OuterRef("form__subject")
    )
    fresh = pockets.filter(state=SittingState.READY, created_at__gte=OuterRef("handed_in_at"))
    since = (
        Sitting.objects.finished()
        .filter(handed_in_at__gt=now - timedelta(days=1), scores__run=run)
        .filter(Exists(pockets))
        .exclude(Exists(fresh))
        .exclude(Exists(finished.exclude(scores__run=run)))
        .select_related("candidate", "form")
        .order_by("-handed_in_at", "pk")
    )
    laid = {
        (sitting.candidate_id, sitting.form.subject): ensure_pocket(
            person=sitting.candidate, subject=sitting.form.subject, now=now
        )
        for sitting in since[:at_most]
    }
    return sum(pocket is not None and pocket.created_at == now for pocket in laid.values())


def _lock(person: Person) -> None:
    Person.objects.select_for_update().get(pk=person.pk)


def _sets(person: Person, subject: str) -> SittingQuerySet:
    return Sitting.objects.filter(candidate=person, form__purpose=FormPurpose.PRACTICE, form__subject=subject)


def _open(suggestion: Suggestion, person: Person, now: datetime) -> Sitting:
    every = Sitting.objects.filter(candidate=person, form__purpose=FormPurpose.PRACTICE)
    number = every.filter(form__pocket=False).count() + 1
    title_sr, title_en = _titles(suggestion)
    spares = [
        (item, {**item.as_selection(suggestion.policy, suggestion.seed, ItemRole.SPARE), "for": ref})
        for ref, item in suggestion.spares.items()
    ]
    mains = [(item, item.as_selection(suggestion.policy, suggestion.seed)) for item in suggestion.items]
    form = publish_form(
        identifier=f"practice-{person.public_id.hex}-{number}",
        subject=suggestion.subject,
        purpose=FormPurpose.PRACTICE,
        title_sr=f"Вежба {number}: {title_sr}",
        title_en=f"Practice {number}: {title_en}",
        selected=_selected([*mains, *spares]),
        now=now,
        selection=suggestion.as_selection(),
        practice={
            "kind": suggestion.kind.value,
            "size": suggestion.size,
            "mode": "fixed",
            "seed": suggestion.seed,
            **_travelling(suggestion.situation, [*suggestion.items, *suggestion.spares.values()]),
        },
    )
    return open_practice_sitting(form=form, candidate=person, now=now)


def _titles(suggestion: Suggestion) -> tuple[str, str]:
    """What the set is called, in Serbian and English, as it fits beside its number."""
    if suggestion.kind == PracticeKind.MISTAKES:
        return "поправљам грешке", "repairing mistakes"
    about = suggestion.why.domain
    title_sr, title_en = suggestion.focus_title or (
        (about.title_sr, about.title_en) if about else ("од свега помало", "a bit of everything")
    )
    return title_sr[:100], title_en[:100]


def _name_of(subject: str, language: str) -> str:
    with override(language):
        return str(Subject(subject).label)


def _ensure_pocket(person: Person, situation: Situation, now: datetime) -> Sitting | None:
    pockets = list(
        _sets(person, situation.subject)
        .filter(form__pocket=True, state=SittingState.READY)
        .select_related("form", "administration")
        .order_by("-created_at", "-pk")
    )
    if pockets and _still_fits(pockets[0], person, situation, now):
        return pockets[0]
    for pocket in pockets:
        if pocket.created_at <= now - ON_A_PAGE:
            discard_unopened(sitting=pocket)
    waiting = FormItem.objects.filter(
        form__sittings__in=_sets(person, situation.subject)
        .filter(state__in=[SittingState.READY, SittingState.STARTED])
        .exclude(state=SittingState.READY, form__pocket=True)
    )
    without = frozenset(waiting.values_list("version__ref", flat=True))
    pool = pool_in(situation, size=POCKET_SIZE, at_most=POCKET_ITEMS, without=without)
    return None if pool is None else _open_pocket(pool, person, now)


def _still_fits(pocket: Sitting, person: Person, situation: Situation, now: datetime) -> bool:
    if pocket.created_at < now - timedelta(days=POCKET_DAYS):
        return False
    rule = situation.as_table()
    if {name: (pocket.form.selection or {}).get(name) for name in rule} != rule:
        return False  # another rule chooses for this pupil now
    finished = Sitting.objects.filter(candidate=person, form__subject=situation.subject).finished()
    if finished.filter(handed_in_at__gt=pocket.created_at).exists():
        return False
    refs = set(pocket.form.form_items.values_list("version__ref", flat=True))
    rows = list(zip(situation.subject_bank.bank.items, situation.allowed, strict=True))
    new = sum(item.identifier in refs and item.key not in situation.learner.met for item, _ in rows)
    enough_new = new >= min(POCKET_SIZE, len(refs))
    return enough_new and refs <= {item.identifier for item, free in rows if free}


def _open_pocket(pool: Pool, person: Person, now: datetime) -> Sitting:
    policy = pool.situation.policy.version
    form = publish_form(
        identifier=f"pocket-{person.public_id.hex}-{uuid.uuid4().hex[:12]}",
        subject=pool.situation.subject,
        purpose=FormPurpose.PRACTICE,
        title_sr=f"{_name_of(pool.situation.subject, 'sr')}: вежба за пут",
        title_en=f"{_name_of(pool.situation.subject, 'en')}: practice to go",
        selected=_selected(
            (item, item.as_selection(policy, pool.seed, ItemRole.POOL)) for item in pool.items
        ),
        now=now,
        selection={
            "kind": PracticeKind.FULL.value,
            "focus": "",
            "size": pool.size,
            "why": None,
            "seed": pool.seed,
            **pool.situation.as_table(),
        },
        pocket=True,
        practice={
            "kind": PracticeKind.FULL.value,
            "size": pool.size,
            "mode": "pocket",
            "seed": pool.seed,
            **_travelling(pool.situation, list(pool.items)),
        },
    )
    return open_practice_sitting(form=form, candidate=person, now=now)


def _travelling(situation: Situation, items: list[SuggestedItem]) -> dict[str, Any]:
    offered = situation.subject_bank
    part = offered.part([item.choice.index for item in items])
    travelling = travelling_model(part, situation.learner, offered.exam, situation.policy)
    travelling["model"]["n_items"] = situation.n_items
    return travelling


def _selected(chosen: Iterable[tuple[SuggestedItem, dict[str, Any]]]) -> list[Selected]:
    rows = list(chosen)
    versions = ItemVersion.objects.select_related("item", "standard__domain").prefetch_related("texts")
    ready = versions.in_bulk([item.version.pk for item, _ in rows])
    return [Selected(ready[item.version.pk], selection=selection) for item, selection in rows]
