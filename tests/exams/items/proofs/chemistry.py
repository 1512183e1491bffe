"""Which responses of the chemistry trial items are right, computed from their numbers and formulae?"""

import re
from collections import Counter
from fractions import Fraction

import sympy

from exams.item_document import ItemSource
from exams.markup import split_formulas
from tests.exams.items.proofs.registry import proves

METALS = frozenset("Li Na K Mg Ca Al Fe Cu Zn Ag Ba".split())  # noqa: SIM905
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_PIECE = re.compile(r"([A-Z][a-z]?)(\d*)|\(([^()]*)\)(\d*)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def numbers(text: str) -> list[Fraction]:
    """The numbers of a Serbian text: 2,75 in prose, 2.75 inside formulas; indices of formulae are none."""
    return [Fraction(found.replace(",", ".")) for found in _NUMBER.findall(text)]


def stem_numbers(item: ItemSource) -> list[Fraction]:
    return numbers(" ".join(piece for _, piece in split_formulas(item.text("sr", "stem"))))


def atoms(formula: str) -> Counter[str]:
    """How many atoms of each element stand in a formula: "Ca(OH)₂" is Ca 1, O 2, H 2."""
    found: Counter[str] = Counter()
    for element, index, group, group_index in _PIECE.findall(formula.translate(_LOWERED)):
        if element:
            found[element] += int(index or 1)
        for inner, count in atoms(group).items():
            found[inner] += count * int(group_index or 1)
    return found


def formula_in(text: str) -> str:
    """The formula of the one compound that a Serbian text names."""
    (formula,) = {word for word in re.findall(r"[A-Z][A-Za-z₀-₉()]*", text) if len(atoms(word)) > 1}
    return formula


def relative_masses(text: str) -> dict[str, Fraction]:
    """The relative atomic masses that a stem gives: "Mg – 24, O – 16"."""
    return {
        element: numbers(mass)[0] for element, mass in re.findall(r"\b([A-Z][a-z]?) – (\d+(?:,\d+)?)", text)
    }


def molar_mass(formula: str, masses: dict[str, Fraction]) -> Fraction:
    return sum((masses[element] * count for element, count in atoms(formula).items()), Fraction(0))


def is_balanced(equation: str) -> bool:
    """Does the equation, coefficients included, hold as many atoms of each element on both sides?"""
    sides = []
    for side in equation.split("→"):
        total: Counter[str] = Counter()
        for term in side.split(" + "):
            *given, formula = term.split()
            for element, count in atoms(formula).items():
                total[element] += count * int("".join(given) or 1)
        sides.append(total)
    return sides[0] == sides[1]


def smallest_coefficients(left: list[str], right: list[str]) -> list[int]:
    """The smallest whole coefficients: the one vector of the kernel of the matrix of atoms."""
    elements = sorted({element for formula in left + right for element in atoms(formula)})
    rows = [
        [atoms(one)[element] for one in left] + [-atoms(one)[element] for one in right]
        for element in elements
    ]
    (vector,) = sympy.Matrix(rows).nullspace()
    vector = vector * sympy.ilcm(*[entry.q for entry in vector])
    vector = vector / sympy.igcd(*vector)
    assert all(entry > 0 for entry in vector)
    return [int(entry) for entry in vector]


def oxygen_to_burn(formula: str) -> Fraction:
    """Molecules of O₂ for the complete combustion of one molecule of carbon, hydrogen and oxygen."""
    found = atoms(formula)
    assert set(found) <= {"C", "H", "O"}
    return found["C"] + Fraction(found["H"], 4) - Fraction(found["O"], 2)


def kind_of(formula: str) -> str:
    """Element, oxide, acid, base or salt, told by the make-up of a formula."""
    found = atoms(formula)
    first = next(iter(found))
    if len(found) == 1:
        return "element"
    if len(found) == 2 and "O" in found:
        return "oxide"
    if first == "H":
        return "acid"
    if first in METALS and re.search(r"OH$|\(OH\)[₂₃]?$", formula):
        return "base"
    assert first in METALS, formula
    return "salt"


@proves("he-104")
def _(item: ItemSource) -> dict[str, bool]:
    protons, mass_number = stem_numbers(item)
    said = item.statements("sr")
    (electrons,), (inner,), (neutrons,) = (numbers(said[name]) for name in ("1", "2", "3"))
    return {
        "1": electrons == protons,
        "2": inner == protons,
        "3": neutrons == mass_number - protons,
        "4": "прими" not in said["4"],
    }


@proves("he-106")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    kinds = item.choices("en")
    return {
        row: {name: kind == kind_of(formula) for name, kind in kinds.items()}
        for row, formula in item.rows("sr").items()
    }


@proves("he-108")
def _(item: ItemSource) -> dict[str, bool]:
    return {name: set(atoms(formula)) == {"C", "H"} for name, formula in item.choices("sr").items()}


def _solubility(item: ItemSource) -> dict[str, dict[int, Fraction]]:
    """Grams in 100 g of water by salt and temperature, from the description of the graph."""
    assert item.stimulus is not None
    described = item.stimulus.document["sr"]["figure_alt"]
    return {
        salt: {
            int(temperature): Fraction(mass)
            for temperature, mass in re.findall(r"на (\d+) °C (\d+)", described.split(name)[1].split(".")[0])
        }
        for salt, name in (("KNO₃", "Калијум-нитрат:"), ("NaCl", "Натријум-хлорид:"))
    }


@proves("he-110")
def _(item: ItemSource) -> dict[str, bool]:
    table = _solubility(item)
    said = {name: [int(one) for one in numbers(text)] for name, text in item.statements("sr").items()}
    (cold, _), (salt, water, warm) = said["1"], said["2"]
    double, at, most = said["3"]
    hot, cooled = said["4"]
    return {
        "1": table["NaCl"][cold] > table["KNO₃"][cold],
        "2": salt < table["KNO₃"][warm] * Fraction(water, 100),
        "3": most == table["KNO₃"][at] * Fraction(double, 100),
        "4": table["NaCl"][hot] - table["NaCl"][cooled] == table["NaCl"][hot] / 2,
    }


@proves("he-112")
def _(item: ItemSource) -> dict[str, Fraction]:
    solution, percent = stem_numbers(item)
    sugar = solution * percent / 100
    return {"sugar": sugar, "water": solution - sugar}


@proves("he-113")
def _(item: ItemSource) -> dict[str, int]:
    terms = re.findall(r"\]\] (\S+)", item.text("sr", "text"))
    found = smallest_coefficients(terms[:2], terms[2:])
    return {str(place): one for place, one in enumerate(found, start=1)}


@proves("he-114")
def _(item: ItemSource) -> dict[str, Fraction]:
    """The one liquid without a number is distilled water, which is neutral."""
    given = {name: numbers(text) for name, text in item.choices("sr").items()}
    (water,) = (name for name, found in given.items() if not found)
    assert item.choices("sr")[water] == "дестилована вода"
    return {name: found[0] if found else Fraction(7) for name, found in given.items()}


@proves("he-115")
def _(item: ItemSource) -> dict[str, bool]:
    products = {"CO₂", "H₂O"}
    return {
        name: is_balanced(equation) and set(re.findall(r"[A-Z]\S+", equation.split("→")[1])) == products
        for name, equation in item.choices("sr").items()
    }


@proves("he-117")
def _(item: ItemSource) -> dict[str, Fraction]:
    water, hot, cold = (int(one) for one in stem_numbers(item))
    table = _solubility(item)["KNO₃"]
    share = Fraction(water, 100)
    return {
        "saturated": water + table[hot] * share,
        "crystals": (table[hot] - table[cold]) * share,
    }


@proves("he-119")
def _(item: ItemSource) -> dict[str, bool]:
    """Pink is the base; what keeps the base pink is no acid, what takes its colour is one."""
    rows = re.findall(r"^\| (\d)(?: \+ вишак (\d))? \| (\w+) \|$", item.text("sr", "stem"), re.MULTILINE)
    found: dict[str, str] = {}
    for basic, added, colour in rows:
        found[added or basic] = ("NaCl" if added else "NaOH") if colour == "ружичаста" else "HCl"
    assert sorted(found.values()) == ["HCl", "NaCl", "NaOH"]
    return {
        name: dict(re.findall(r"(\d) – (\w+)", text)) == found for name, text in item.choices("sr").items()
    }


@proves("he-120")
def _(item: ItemSource) -> dict[str, bool]:
    _one, oxygen, dioxide = stem_numbers(item)
    return {
        name: atoms(formula)["C"] == dioxide and oxygen_to_burn(formula) == oxygen
        for name, formula in item.choices("sr").items()
    }
