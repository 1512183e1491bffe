"""Which items make up a set of each kind, which stand by for what is missed, and what travels in a pocket?

No database from here on: everything is in the situation, and the seed follows from it.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from exams.enums import PracticeKind
from scoring.irt.types import BoolArray
from scoring.practice.choice import Choice, choose_set
from scoring.practice.learner import Met
from scoring.practice.reasons import Reason
from scoring.practice.review import ENOUGH_DUE
from scoring.queries.exposure import open_to_set
from scoring.queries.practice_situation import Situation

SIZES = {
    PracticeKind.QUICK: 5,
    PracticeKind.FULL: 10,
    PracticeKind.DOMAIN: 8,
    PracticeKind.STANDARD: 5,
    PracticeKind.MISTAKES: 8,
}
CHOSEN_FOR_POCKET = 2 / 3
"""Of a pocket's places go to items chosen as for a set; the rest are parallel to the first of them."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """`draw`: place in the order of drawing, from 0. `choice.index` is the place in the subject's bank."""

    choice: Choice
    draw: int


@dataclass(frozen=True, slots=True)
class DrawnSet:
    """`held_back`: refs that exposure control closed to this set."""

    items: tuple[Drawn, ...]
    seed: int
    held_back: tuple[str, ...] = ()


def draw_set(situation: Situation, *, kind: PracticeKind, focus: str = "") -> DrawnSet:
    """In the order to be given; empty where there is nothing for it."""
    seed = seed_of(situation, kind.value, focus)
    match kind:
        case PracticeKind.MISTAKES:
            return DrawnSet(_drawn(_repairs(situation, SIZES[kind], seed)), seed)
        case PracticeKind.STANDARD:
            return DrawnSet(_drawn(_of_standard(situation, focus, SIZES[kind], seed)), seed)
        case _:
            bank = situation.subject_bank.bank
            wanted = situation.allowed
            if kind == PracticeKind.DOMAIN:
                wanted = wanted & np.array([item.domain == focus for item in bank.items], dtype=np.bool_)
            here = open_to_set(situation.recent, wanted, size=SIZES[kind], seed=seed)
            here = here | (wanted & situation.appraisal.due)
            closed = tuple(bank.items[index].identifier for index in np.flatnonzero(wanted & ~here))
            return DrawnSet(_drawn(_choose(situation, SIZES[kind], seed, here)), seed, closed)


def draw_pool(situation: Situation, *, size: int, at_most: int, without: Collection[str]) -> DrawnSet:
    """Items for `size` choices on the phone, and parallel ones for whoever misses one; none of `without`."""
    seed = seed_of(situation, "pocket", "")
    bank = situation.subject_bank.bank
    allowed = situation.allowed & np.array([item.identifier not in without for item in bank.items])
    chosen = list(_choose(situation, max(size, round(at_most * CHOSEN_FOR_POCKET)), seed, allowed))
    taken = {choice.index for choice in chosen}
    for choice in list(chosen):
        parallel = _parallel(situation, choice.index, taken, allowed)
        if len(chosen) >= at_most or parallel is None:
            continue
        taken.add(parallel)
        chosen.append(_beside(situation, parallel, choice.reason))
    return DrawnSet(_drawn(chosen[:at_most]), seed)


def spares_for(situation: Situation, drawn: DrawnSet) -> dict[int, Drawn]:
    """Index of an item of the set → the parallel one, for those that have one; no item stands by twice.

    Parallel: another variant of the family, else an item of the same standard, and so of the same level, that
    was not met.
    """
    taken = {one.choice.index for one in drawn.items}
    spares: dict[int, Drawn] = {}
    for one in drawn.items:
        parallel = _parallel(situation, one.choice.index, taken, situation.allowed)
        if parallel is not None:
            taken.add(parallel)
            spares[one.choice.index] = Drawn(_beside(situation, parallel, one.choice.reason), one.draw)
    return spares


def seed_of(situation: Situation, kind: str, focus: str) -> int:
    """The same until the pupil has finished another sitting of the subject."""
    text = f"{situation.person}/{situation.subject}/{situation.finished}/{kind}/{focus}"
    return zlib.crc32(text.encode())


def _drawn(choices: Sequence[Choice]) -> tuple[Drawn, ...]:
    return tuple(Drawn(choice, draw) for draw, choice in enumerate(choices))


def _choose(situation: Situation, size: int, seed: int, allowed: BoolArray) -> tuple[Choice, ...]:
    offered = situation.subject_bank
    return choose_set(
        offered.bank, situation.learner, offered.exam, situation.policy, size, seed, allowed=allowed
    )


def _choose_among(
    situation: Situation, indices: list[int], met: dict[str, Met], size: int, seed: int
) -> tuple[Choice, ...]:
    """From these items alone, each variant standing for itself; `met` by ref."""
    if not indices:
        return ()
    part = situation.subject_bank.part(indices, families=False)
    learner = replace(situation.learner, met=met)
    chosen = choose_set(part, learner, situation.subject_bank.exam, situation.policy, size, seed)
    return tuple(replace(choice, index=indices[choice.index]) for choice in chosen)


def _of_standard(situation: Situation, focus: str, size: int, seed: int) -> tuple[Choice, ...]:
    """Variants of one family may come together here: it is what whoever asks for one skill wants."""
    offered = situation.subject_bank
    indices = [
        index
        for index, item in enumerate(offered.bank.items)
        if item.standard == focus and situation.allowed[index]
    ]
    met = {
        offered.bank.items[index].identifier: situation.learner.met[offered.bank.items[index].key]
        for index in indices
        if _was_met(situation, index)
    }
    return _choose_among(situation, indices, met, size, seed)


def _repairs(situation: Situation, size: int, seed: int) -> tuple[Choice, ...]:
    """One item for each thing missed; another variant where there is one.

    Those due alone where they make a set, for the others were missed a short while ago; else all, those due
    soonest first.
    """
    missed = situation.missed
    due = [key for key in missed if missed[key].due]
    soonest = sorted(
        due if len(due) >= ENOUGH_DUE else missed,
        key=lambda key: (missed[key].due_at or datetime.max.replace(tzinfo=UTC), key),
    )
    variants = {_variant(situation, key): key for key in soonest[:size]}
    indices = sorted(variants)
    met = {
        situation.subject_bank.bank.items[index].identifier: Met(missed=True, due=missed[variants[index]].due)
        for index in indices
    }
    return _choose_among(situation, indices, met, size, seed)


def _variant(situation: Situation, key: str) -> int:
    """The item under this key that was not met, else the one met longest ago."""
    offered = situation.subject_bank
    places = [int(index) for index in offered.bank.places[key] if situation.allowed[index]]
    order = situation.history.items[offered.bank.items[places[0]].family or offered.items[places[0]]]
    return min(
        places,
        key=lambda index: (
            order.index(offered.items[index]) if offered.items[index] in order else -1,
            index,
        ),
    )


def _was_met(situation: Situation, index: int) -> bool:
    """This very item, not only a variant of it."""
    offered = situation.subject_bank
    name = offered.bank.items[index].family or offered.items[index]
    return offered.items[index] in situation.history.items.get(name, ())


def _parallel(situation: Situation, index: int, taken: Collection[int], allowed: BoolArray) -> int | None:
    bank = situation.subject_bank.bank
    item = bank.items[index]
    free = [other for other in np.flatnonzero(allowed).tolist() if other not in taken and other != index]
    variants = [other for other in free if item.family and bank.items[other].family == item.family]
    families = {bank.items[other].family for other in taken} - {""}
    others = [
        other
        for other in free
        if bank.items[other].standard == item.standard
        and bank.items[other].key not in situation.learner.met
        and bank.items[other].family not in families
    ]
    share = situation.appraisal.share
    for group in ([one for one in variants if not _was_met(situation, one)], variants, others):
        if group:
            return min(group, key=lambda other: (abs(share[other] - share[index]), other))
    return None


def _beside(situation: Situation, index: int, reason: Reason) -> Choice:
    """What is not drawn but follows from another item: with certainty, and of no value of its own."""
    bank = situation.subject_bank.bank
    return Choice(
        index=index,
        reason=reason,
        probability=situation.appraisal.probability(bank, index),
        share=float(situation.appraisal.share[index]),
        value=0.0,
        propensity=1.0,
    )
