"""What does the product know of an invented world: its bank, its exam, and a trial to begin with?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np

from scoring.irt.probabilities import item_information
from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.types import FloatArray, IntArray, ItemParameters
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.exam import Exam
from tests.bench.readiness.learners import World, make_world


@dataclass(frozen=True, slots=True, eq=False)
class KnownWorld:
    """A world with what the product computes of it; item parameters are known exactly.

    right (J, Q) chance of solving each item at each ability; information (J, Q); trial: the items sat first,
    one of the bank for each item of the exam, of the same standard; rows: the items of each domain.
    """

    world: World
    bank: PracticeBank
    exam: Exam
    right: FloatArray
    information: FloatArray
    trial: IntArray
    rows: tuple[IntArray, ...]


@cache
def known_world(seed: int) -> KnownWorld:
    world = make_world(seed)
    items = ItemParameters.dichotomous(world.a, world.b, world.c)
    bank = PracticeBank.of(
        [
            BankItem(f"i{item:03}", domain_code(domain), standard_code(standard))
            for item, (domain, standard) in enumerate(zip(world.domain, world.standard, strict=True))
        ],
        items,
        np.tile([0, 2], (world.a.size, 1)),
        prerequisites={
            standard_code(later): [standard_code(before)]
            for later, before in enumerate(world.before)
            if before >= 0
        },
    )
    exam_items = ItemParameters.dichotomous(world.exam_a, world.exam_b, world.exam_c)
    return KnownWorld(
        world=world,
        bank=bank,
        exam=Exam.of(
            [domain_code(domain) for domain in world.exam_domain],
            exam_items,
            np.tile([0, 2], (world.exam_a.size, 1)),
            standards=[standard_code(standard) for standard in world.exam_standard],
            breadth=Counter(domain_code(domain) for domain in world.domain_of_standard),
        ),
        right=bank.share,
        information=np.ascontiguousarray(item_information(DEFAULT_GRID.points, items).T),
        trial=_trial(world),
        rows=tuple(np.flatnonzero(world.domain == domain) for domain in range(int(world.domain.max()) + 1)),
    )


def domain_code(domain: int) -> str:
    return f"d{domain}"


def standard_code(standard: int) -> str:
    return f"s{standard:02}"


def _trial(world: World) -> IntArray:
    """Of each standard as many items as the exam asks of it, from the first on."""
    place = np.array([(world.exam_standard[:e] == s).sum() for e, s in enumerate(world.exam_standard)])
    return np.array(
        [np.flatnonzero(world.standard == s)[n] for s, n in zip(world.exam_standard, place, strict=True)]
    )
