"""Which items should this pupil practise next, and why those? Reading only; opening the set is an action.

The page that shows a suggestion and the action that opens it ask here with the same figures, and the draw's
seed follows from the pupil and from how many sittings they have finished: so they agree.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Q

from accounts.models import Enrollment, Person
from exams.enums import InteractionType, Security
from exams.models import Administration, Domain, Item, ItemVersion, Sitting, Standard
from scoring.domains import DomainResult, Verdict
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.models import ItemOutcomeRow, ScoringRun, SubjectEstimate
from scoring.practice_choice import Candidate, PracticeItem, PracticePolicy, Reason, choose
from scoring.queries.item_bank import (
    domain_half_points,
    domain_references,
    load_bank,
    reference_version_ids,
)
from scoring.reference import reference_data

SIZES = (5, 8, 10)
USUAL_SIZE = 8


@dataclass(frozen=True, slots=True)
class SuggestedItem:
    """`probability` of earning all its points, as predicted; the rest of the draw is for the log."""

    version: ItemVersion
    domain: Domain
    standard: Standard
    reason: Reason
    probability: float
    choice: PracticeItem

    def as_selection(self, policy: str, seed: int) -> dict[str, Any]:
        """What is kept beside the item in its form, for ever: enough to judge the rule from its own log."""
        return {
            "reason": self.reason.value,
            "probability": round(self.probability, 4),
            "expected_share": round(self.choice.expected_share, 4),
            "value": round(self.choice.value, 6),
            "propensity": round(self.choice.propensity, 6),
            "draw": self.choice.draw,
            "policy": policy,
            "seed": seed,
        }


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`lead` is the domain with the most items and `verdict` what is known of the pupil in it.

    `known`: there is an estimate; without one the set serves to find out.
    """

    subject: str
    items: tuple[SuggestedItem, ...]
    lead: Domain
    verdict: Verdict
    known: bool
    policy: str
    seed: int


def suggest_practice(
    person: Person, *, subject: str, run: ScoringRun | None, now: datetime, size: int = USUAL_SIZE
) -> Suggestion | None:
    """A set of `size` released items in the order to be given; None when there is nothing to practise with.

    Deterministic. Items of a trial that is open or still to come are never offered, and each item only in its
    newest version.
    """
    reference_ids = reference_version_ids(subject)
    versions = _offered(subject, now)
    if run is None or not reference_ids or not versions:
        return None
    bank = load_bank(run, version_ids=[*reference_ids, *(version.pk for version in versions)])
    with_parameters = set(bank.version_ids)
    versions = [version for version in versions if version.pk in with_parameters]
    if not versions or not with_parameters.issuperset(reference_ids):
        return None
    reference, offered = bank.select(reference_ids), bank.select([version.pk for version in versions])
    posterior, profile = _estimate(person, subject, run)
    seed = _seed(person, subject)
    policy = PracticePolicy()
    chosen = choose(
        _candidates(versions, _history(person, run)),
        offered.parameters,
        offered.category_half_points,
        posterior=normal_weights(DEFAULT_GRID) if posterior is None else posterior,
        profile=profile,
        references=domain_references(reference),
        blueprint_half_points=domain_half_points(reference),
        seed=seed,
        size=size,
        policy=policy,
    )
    by_ref = {version.ref: version for version in versions}
    items = tuple(_suggested(by_ref[choice.identifier], choice) for choice in chosen)
    lead = _largest_part(items)
    verdicts = {result.domain: result.verdict for result in profile}
    return Suggestion(
        subject=subject,
        items=items,
        lead=lead,
        verdict=verdicts.get(lead.code, Verdict.NOT_ENOUGH),
        known=posterior is not None,
        policy=policy.version,
        seed=seed,
    )


def first_suggestion(
    person: Person,
    subjects: Iterable[str],
    *,
    run: ScoringRun | None,
    now: datetime,
    size: int = USUAL_SIZE,
) -> Suggestion | None:
    """The set of the first of these subjects that has one; home and the practice page both ask here."""
    found = (suggest_practice(person, subject=one, run=run, now=now, size=size) for one in subjects)
    return next((suggestion for suggestion in found if suggestion), None)


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
    stocked = set(Item.objects.filter(security=Security.RELEASED).values_list("subject", flat=True))
    in_order = dict.fromkeys([*sat, *own, *rules])
    return [subject for subject in in_order if subject in stocked and subject in rules]


def _largest_part(items: Sequence[SuggestedItem]) -> Domain:
    """The domain with the most items; of several, the one that was drawn from first."""
    drawn = sorted(items, key=lambda item: item.choice.draw)
    counts = Counter(item.domain.code for item in drawn)
    return max(drawn, key=lambda item: counts[item.domain.code]).domain


def _offered(subject: str, now: datetime) -> list[ItemVersion]:
    """Newest versions of the released items, in the order of their identifiers.

    Without those that people mark: practice tells the pupil at once.
    """
    live = Administration.objects.filter(Q(closes_at=None) | Q(closes_at__gt=now))
    in_trials = Item.objects.filter(versions__form_items__form__administrations__in=live)
    rows = (
        ItemVersion.objects.filter(item__subject=subject, item__security=Security.RELEASED)
        .exclude(item__in=in_trials)
        .exclude(interaction=InteractionType.EXTENDED_TEXT)
        .select_related("item", "standard__domain")
        .order_by("item__identifier", "number")
    )
    return list({row.item.identifier: row for row in rows}.values())


def _history(person: Person, run: ScoringRun) -> dict[str, bool]:
    """Item or family → were points missed the last time it was seen? What was never seen is not in it."""
    rows = (
        ItemOutcomeRow.objects.filter(score__run=run, score__sitting__candidate=person)
        .exclude(status=ItemOutcomeRow.Status.NOT_REACHED)
        .order_by("score__sitting__handed_in_at", "score__sitting__public_id", "position")
        .values_list("version__item__family", "version__item__identifier", "half_points", "max_half_points")
    )
    # Other numbers in the same template are no new idea: whoever met one variant has met its family.
    return {family or item: half_points < maximum for family, item, half_points, maximum in rows}


def _candidates(versions: Sequence[ItemVersion], history: dict[str, bool]) -> list[Candidate]:
    return [
        Candidate(
            identifier=version.ref,
            domain=version.standard.domain.code,
            standard=version.standard.code,
            standard_level=version.standard.standard_level,
            seen=(version.item.family or version.item.identifier) in history,
            missed=history.get(version.item.family or version.item.identifier, False),
            family=version.item.family,
        )
        for version in versions
    ]


def _estimate(
    person: Person, subject: str, run: ScoringRun
) -> tuple[np.ndarray[Any, np.dtype[np.float64]] | None, list[DomainResult]]:
    row = (
        SubjectEstimate.objects.filter(person=person, subject=subject, run=run)
        .prefetch_related("domains__domain")
        .first()
    )
    if row is None:
        return None, []
    profile = [
        DomainResult(
            domain=own.domain.code,
            verdict=Verdict(own.verdict),
            expected_share=own.expected_share,
            low_share=own.low_share,
            high_share=own.high_share,
            n_items=own.n_items,
            half_points=own.half_points,
            max_half_points=own.max_half_points,
            posterior=np.array(own.posterior),
        )
        for own in row.domains.all()
    ]
    return np.array(row.posterior), profile


def _seed(person: Person, subject: str) -> int:
    finished = Sitting.objects.filter(candidate=person, form__subject=subject).finished().count()
    return zlib.crc32(f"{person.public_id}/{subject}/{finished}".encode())


def _suggested(version: ItemVersion, choice: PracticeItem) -> SuggestedItem:
    return SuggestedItem(
        version=version,
        domain=version.standard.domain,
        standard=version.standard,
        reason=choice.reason,
        probability=choice.probability,
        choice=choice,
    )
