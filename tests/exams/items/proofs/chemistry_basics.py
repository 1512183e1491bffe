"""Which responses of the organic and biochemical practice items are right, computed from their formulae?"""

import re
from fractions import Fraction

from exams.item_document import ItemSource
from tests.exams.items.proofs.chemistry import (
    atoms,
    molar_mass,
    oxygen_to_burn,
    relative_masses,
)
from tests.exams.items.proofs.registry import proves

_WATER = atoms("H₂O")


@proves("he-514")
def _(item: ItemSource) -> dict[str, bool]:
    """A double or triple bond stands in a formula only between carbons: that of –COOH is not drawn."""
    return {name: bool(re.search("[=≡]", formula)) for name, formula in item.choices("sr").items()}


@proves("he-515")
def _(item: ItemSource) -> dict[str, Fraction]:
    stem = item.text("sr", "stem")
    ((mass, formula),) = re.findall(r"(\d+) g етина, (C\S+)\. ", stem)
    masses = relative_masses(stem)
    amount = Fraction(mass) / molar_mass(formula, masses)
    return {
        "oxygen": amount * oxygen_to_burn(formula) * molar_mass("O₂", masses),
        "dioxide": amount * atoms(formula)["C"] * molar_mass("CO₂", masses),
    }


@proves("he-521")
def _(item: ItemSource) -> dict[str, int]:
    ((count, formula),) = re.findall(r"(\d+) молекула глукозе, (C\S+), ", item.text("sr", "stem"))
    joined, links = int(count), int(count) - 1
    names = {"carbon": "C", "hydrogen": "H", "oxygen": "O"}
    return {name: joined * atoms(formula)[one] - links * _WATER[one] for name, one in names.items()}


@proves("he-522")
def _(item: ItemSource) -> dict[str, bool]:
    return {
        name: formula.endswith("COOH") and bool(re.search("NH₂|H₂N", formula))
        for name, formula in item.choices("sr").items()
    }
