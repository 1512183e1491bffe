"""Which responses of the families of chemistry items are right, recomputed from the texts of each variant?"""

import re
from fractions import Fraction

from exams.item_document import ItemSource
from tests.exams.items.proofs.chemistry import (
    atoms,
    formula_in,
    kind_of,
    molar_mass,
    numbers,
    oxygen_to_burn,
    relative_masses,
    smallest_coefficients,
    stem_numbers,
)
from tests.exams.items.proofs.registry import proves

_MASSES = {"C": Fraction(12), "H": Fraction(1), "O": Fraction(16)}
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7}
_SEPARATION = {
    "iron filings and sand": "magnet",
    "oil and water": "separating funnel",
    "sand and water": "filter paper",
    "ethanol and water": "distillation",
    "table salt": "evaporating",
}
_KINDS = {"acids": "acid", "bases": "base", "oxides": "oxide", "salts": "salt"}


@proves("he-701")
def _(item: ItemSource) -> dict[str, Fraction]:
    atomic, mass = stem_numbers(item)
    return {"protons": atomic, "neutrons": mass - atomic, "electrons": atomic}


@proves("he-702")
def _(item: ItemSource) -> dict[str, Fraction]:
    rows = re.findall(r"^\| \w.* \| (\d+) g \| (\d+) kJ \|$", item.text("sr", "stem"), re.MULTILINE)
    assert len(rows) == 3
    return {"energy": sum((Fraction(mass) * int(energy) for mass, energy in rows), Fraction(0))}


@proves("he-703")
def _(item: ItemSource) -> dict[str, bool]:
    water, salt = stem_numbers(item)
    return {name: numbers(text) == [salt / (salt + water) * 100] for name, text in item.choices("sr").items()}


@proves("he-704")
def _(item: ItemSource) -> dict[str, Fraction]:
    solution, percent, water = stem_numbers(item)
    return {"total": solution + water, "fraction": solution * percent / (solution + water)}


@proves("he-705")
def _(item: ItemSource) -> dict[str, Fraction]:
    first, weak, second, strong = stem_numbers(item)
    return {"fraction": (first * weak + second * strong) / (first + second)}


@proves("he-706")
def _(item: ItemSource) -> dict[str, bool]:
    stem = item.text("sr", "stem")
    question, given = stem.split("Релативне атомске масе")
    mass = molar_mass(formula_in(question), relative_masses(given))
    return {name: numbers(text) == [mass] for name, text in item.choices("sr").items()}


@proves("he-707")
def _(item: ItemSource) -> dict[str, Fraction]:
    question, given = item.text("sr", "stem").split("Релативне атомске масе")
    molar = molar_mass(formula_in(question), relative_masses(given))
    (grams,), (moles,) = (numbers(item.fields("sr")[name]) for name in ("amount", "mass"))
    return {"amount": grams / molar, "mass": moles * molar}


@proves("he-708")
def _(item: ItemSource) -> dict[str, bool]:
    moles, in_a_mole, *power = stem_numbers(item)
    assert power == [10, 23]
    hydrogen = atoms(formula_in(item.text("sr", "stem").split("Један мол")[0]))["H"]
    return {
        name: numbers(text) == [moles * in_a_mole * hydrogen, 10, 23]
        for name, text in item.choices("sr").items()
    }


@proves("he-709")
def _(item: ItemSource) -> dict[str, Fraction]:
    """By conservation, and checked by the equation: the numbers must be those of a real combustion."""
    fuel, oxygen, dioxide = stem_numbers(item)
    formula = formula_in(item.text("sr", "stem"))
    amount = fuel / molar_mass(formula, _MASSES)
    assert oxygen == amount * oxygen_to_burn(formula) * 32
    assert dioxide == amount * atoms(formula)["C"] * 44
    water = fuel + oxygen - dioxide
    assert water == amount * Fraction(atoms(formula)["H"], 2) * 18
    return {"water": water}


@proves("he-710")
def _(item: ItemSource) -> dict[str, bool]:
    mass, volume, of_water = stem_numbers(item)
    density = mass / volume
    said = item.statements("sr")
    (claimed,), (other_volume, other_mass) = numbers(said["1"]), numbers(said["4"])
    return {
        "1": claimed == density,
        "2": density > of_water,
        "3": density == 2 * density,
        "4": other_mass / other_volume == density,
    }


@proves("he-711")
def _(item: ItemSource) -> dict[str, bool]:
    stem = item.text("en", "stem")
    (method,) = (method for mixture, method in _SEPARATION.items() if mixture in stem)
    return {name: method in text for name, text in item.choices("en").items()}


@proves("he-712")
def _(item: ItemSource) -> dict[str, bool]:
    first, second = stem_numbers(item)
    return {
        "1": first < 7,
        "2": second > 7,
        "3": second < first,
        "4": (first - 7) * (second - 7) < 0,
    }


@proves("he-713")
def _(item: ItemSource) -> dict[str, bool]:
    stem = item.text("en", "stem")
    (kind,) = (kind for word, kind in _KINDS.items() if word in stem)
    return {name: kind_of(formula) == kind for name, formula in item.choices("sr").items()}


@proves("he-714")
def _(item: ItemSource) -> dict[str, bool]:
    valences = dict(re.findall(r"елемента ([A-Z][a-z]?)(?: у њему)? ([IV]+)", item.text("sr", "stem")))
    (first, one), (second, other) = ((name, _ROMAN[roman]) for name, roman in valences.items())
    smallest = Fraction(other, one)
    return {
        name: (atoms(formula)[first], atoms(formula)[second]) == smallest.as_integer_ratio()
        for name, formula in item.choices("sr").items()
    }


@proves("he-715")
def _(item: ItemSource) -> dict[str, int]:
    terms = re.findall(r"\]\] (\S+)", item.text("sr", "text"))
    found = smallest_coefficients(terms[:2], terms[2:])
    return {str(place): one for place, one in enumerate(found, start=1)}


@proves("he-716")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    pairs = {0: "alkenes", 2: "alkanes", -2: "alkynes"}
    classes = {
        row: pairs[int(hydrogen - 2 * carbon)]
        for row, text in item.rows("sr").items()
        for carbon, hydrogen in [numbers(text)]
    }
    return {
        row: {name: text == found for name, text in item.choices("en").items()}
        for row, found in classes.items()
    }
