"""Which items should this pupil practise next, and why those? Reading only; opening the set is an action.

The page that shows a suggestion and the action that opens it ask here with the same figures, and the draw's
seed follows from the pupil, from what is asked for and from how many sittings they have finished: so they
agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Enrollment, Person
from exams.enums import ItemRole, PracticeKind, Security
from exams.models import Domain, Item, ItemVersion, Sitting, Standard
from scoring.domains import Verdict
from scoring.models import ScoringRun
from scoring.practice.choice import Choice
from scoring.practice.reasons import Reason
from scoring.queries.practice_draw import Drawn, DrawnSet, draw_pool, draw_set, spares_for
from scoring.queries.practice_situation import Situation, situation_of
from scoring.queries.practice_why import Why, why_of
from scoring.reference import reference_data

MINUTES_PER_ITEM = 1.3
"""With reading the solution of what was missed."""


@dataclass(frozen=True, slots=True)
class SuggestedItem:
    """`probability` of earning all its points, as predicted; the rest of the draw is for the log."""

    version: ItemVersion
    domain: Domain
    standard: Standard
    reason: Reason
    probability: float
    choice: Choice
    draw: int

    def as_selection(self, policy: str, seed: int, role: ItemRole = ItemRole.MAIN) -> dict[str, Any]:
        """What is kept beside the item in its form, for ever: enough to judge the rule from its own log."""
        return {
            "role": role.value,
            "reason": self.reason.value,
            "probability": round(self.probability, 4),
            "expected_share": round(self.choice.share, 4),
            "value": round(self.choice.value, 6),
            "propensity": round(self.choice.propensity, 6),
            "draw": self.draw,
            "policy": policy,
            "seed": seed,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """A set as it would be opened now.

    `focus`: the code of the domain or standard that was asked for, else "". `lead` is the domain with the
    most items and `verdict` what is known of the pupil in it. `known`: there is an estimate; without one the
    set serves to find out. `spares`: ref of an item of the set → a parallel one for whoever misses it.
    `held_back`: refs that were closed to this set, see `scoring.queries.exposure`.
    """

    subject: str
    kind: PracticeKind
    focus: str
    items: tuple[SuggestedItem, ...]
    spares: dict[str, SuggestedItem]
    lead: Domain
    verdict: Verdict
    known: bool
    why: Why
    seed: int
    held_back: tuple[str, ...]
    situation: Situation

    @property
    def size(self) -> int:
        return len(self.items)

    @property
    def minutes(self) -> int:
        return round(self.size * MINUTES_PER_ITEM)

    @property
    def policy(self) -> str:
        return self.situation.policy.version

    @property
    def focus_title(self) -> tuple[str, str] | None:
        """Serbian and English title of what was asked for; None for a set of everything."""
        if self.kind == PracticeKind.DOMAIN:
            return self.items[0].domain.title_sr, self.items[0].domain.title_en
        if self.kind == PracticeKind.STANDARD:
            return self.items[0].standard.title_sr, self.items[0].standard.title_en
        return None

    def as_selection(self) -> dict[str, Any]:
        """What is kept with the form, for ever."""
        return {
            "kind": self.kind.value,
            "focus": self.focus,
            "size": self.size,
            "why": self.why.as_table(),
            "seed": self.seed,
            "held_back": list(self.held_back),
            **self.situation.as_table(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Items for a phone to choose from; `size` of them make a set."""

    items: tuple[SuggestedItem, ...]
    size: int
    seed: int
    situation: Situation


def suggest_practice(
    person: Person,
    *,
    subject: str,
    run: ScoringRun | None,
    now: datetime,
    kind: PracticeKind = PracticeKind.FULL,
    focus: str = "",
) -> Suggestion | None:
    """The set of this kind as it would be opened now; None when there is nothing for it.

    Deterministic. Items of a trial that is open or still to come are never offered, and each item only in its
    newest version. `focus`: the code of the domain or standard, of these two kinds; "" for the others.
    """
    situation = situation_of(person, subject, run=run, now=now)
    if situation is None:
        return None
    return next(iter(suggestions_in(situation, [(kind, focus)])), None)


def suggestions_in(
    situation: Situation, wanted: Sequence[tuple[PracticeKind, str]], *, spares: bool = True
) -> list[Suggestion]:
    """The sets of these kinds and focuses as they would be opened now, those there is something for.

    With one query for all of them.
    """
    drawn = [(kind, focus, draw_set(situation, kind=kind, focus=focus)) for kind, focus in wanted]
    held = [(kind, focus, own) for kind, focus, own in drawn if own.items]
    beside = [spares_for(situation, own) if spares else {} for _, _, own in held]
    every = [one for _, _, own in held for one in own.items]
    every += [one for spare in beside for one in spare.values()]
    versions = _versions(situation, every)
    return [
        _suggestion(situation, kind, focus, own, spare, versions)
        for (kind, focus, own), spare in zip(held, beside, strict=True)
    ]


def _suggestion(
    situation: Situation,
    kind: PracticeKind,
    focus: str,
    drawn: DrawnSet,
    spares: dict[int, Drawn],
    versions: dict[int, ItemVersion],
) -> Suggestion:
    items = tuple(_suggested(situation, versions, one) for one in drawn.items)
    lead = _largest_part(items)
    refs = situation.subject_bank.bank.items
    return Suggestion(
        subject=situation.subject,
        kind=kind,
        focus=focus,
        items=items,
        spares={
            refs[index].identifier: _suggested(situation, versions, one) for index, one in spares.items()
        },
        lead=lead,
        verdict=situation.learner.verdict_on(lead.code),
        known=situation.known,
        why=why_of(
            situation,
            kind=kind,
            lead=lead,
            share=sum(item.domain == lead for item in items) / len(items),
            reasons=[item.reason for item in items],
        ),
        seed=drawn.seed,
        held_back=drawn.held_back,
        situation=situation,
    )


def pool_in(situation: Situation, *, size: int, at_most: int, without: frozenset[str]) -> Pool | None:
    """Items to take along, at most so many and none of the refs `without`; None when there are none."""
    drawn = draw_pool(situation, size=size, at_most=at_most, without=without)
    versions = _versions(situation, drawn.items)
    items = tuple(_suggested(situation, versions, one) for one in drawn.items)
    return Pool(items, min(size, len(items)), drawn.seed, situation) if items else None


def subjects_of(person: Person) -> list[str]:
    """Subjects with items for practice: the last one sat first, then the exam's own, then others.

    The exam's own are those that everybody sits and the third one the person has chosen.
    """
    rules = reference_data().subjects
    sat = (
        Sitting.objects.filter(candidate=person)
        .finished()
        .order_by("-handed_in_at", "public_id")
        .values_list("form__subject", flat=True)
    )
    chosen = Enrollment.objects.filter(person=person).values_list("chosen_subject", flat=True)
    own = [subject for subject, rule in rules.items() if not rule.is_chosen or subject in chosen]
    stocked = set(
        Item.objects.filter(security=Security.RELEASED)
        .order_by()
        .values_list("subject", flat=True)
        .distinct()
    )
    in_order = dict.fromkeys([*sat, *own, *rules])
    return [subject for subject in in_order if subject in stocked and subject in rules]


def _largest_part(items: Sequence[SuggestedItem]) -> Domain:
    """The domain with the most items; of several, the one that was drawn from first."""
    counts = Counter(item.domain.code for item in items)
    return max(items, key=lambda item: counts[item.domain.code]).domain


def _versions(situation: Situation, drawn: Sequence[Drawn]) -> dict[int, ItemVersion]:
    ids = {situation.subject_bank.version_ids[one.choice.index] for one in drawn}
    return ItemVersion.objects.select_related("item", "standard__domain").in_bulk(ids)


def _suggested(situation: Situation, versions: dict[int, ItemVersion], one: Drawn) -> SuggestedItem:
    version = versions[situation.subject_bank.version_ids[one.choice.index]]
    return SuggestedItem(
        version=version,
        domain=version.standard.domain,
        standard=version.standard,
        reason=one.choice.reason,
        probability=one.choice.probability,
        choice=one.choice,
        draw=one.draw,
    )
