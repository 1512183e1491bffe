"""Which parts of the mathematics families and of ma-561 to ma-566 are right, by what their texts say?

Numbers are read from the Serbian texts of a variant, equations are solved and bodies measured anew.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, gcd
from typing import Any, Final

import sympy

from exams.item_document import ItemSource
from exams.markup import split_formulas
from tests.exams.items.proofs.registry import proves

Truths = dict[str, bool]

_PROSE_NUMBER: Final = re.compile(r"−?\d+(?:\.\d{3})*(?:,\d+)?")
_FORMULA_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_X: Final = sympy.Symbol("x")


def said(text: str) -> list[Fraction]:
    """Every number of a Serbian text in its order; those in formulas without a sign."""
    found = []
    for is_formula, piece in split_formulas(text):
        if is_formula:
            found += [Fraction(number) for number in _FORMULA_NUMBER.findall(piece)]
        else:
            found += [_prose(number) for number in _PROSE_NUMBER.findall(piece)]
    return found


def _prose(number: str) -> Fraction:
    return Fraction(number.replace(".", "").replace(",", ".").replace("−", "-"))


def first(text: str) -> Fraction:
    return said(text)[0]


def formulas(text: str) -> list[str]:
    return [piece for is_formula, piece in split_formulas(text) if is_formula]


def algebra(latex: str) -> Any:
    """The SymPy expression of a formula without relations; decimals exact."""
    text = re.sub(r"\\left|\\right|\s", "", latex)
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    text = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", text)
    text = re.sub(r"\|([^|]*)\|", r"Abs(\1)", text)
    text = text.replace(r"\cdot", "*").replace(":", "/").replace("^", "**").replace(r"\pi", "*pi")
    text = re.sub(r"(?<=[\dx])(?=\()|(?<=\d)(?=[a-z])|(?<=\))(?=\()", "*", text)
    return sympy.sympify(text, rational=True)


def exact(expression: Any) -> Fraction:
    """The rational number that the expression comes to."""
    value = sympy.nsimplify(expression)
    assert value.is_rational, value
    return Fraction(int(value.p), int(value.q))


def choices_equal_to(item: ItemSource, value: Fraction) -> Truths:
    return {name: first(text) == value for name, text in item.choices("sr").items()}


def formulas_equal_to(item: ItemSource, value: Any) -> Truths:
    return {
        name: sympy.simplify(algebra(formulas(text)[0]) - value) == 0
        for name, text in item.choices("sr").items()
    }


@proves("ma-701")
def _(item: ItemSource) -> dict[str, Fraction]:
    low, high = said(item.text("sr", "figure_alt"))[:2]
    places = {name: int(x) for x, name in re.findall(r'<text x="(\d+)"[^>]*>\W*(\w+)', item.figure or "")}
    share = Fraction(places["A"] - places["start"], places["middle"] - places["start"])
    return {"a": low + share * (high - low)}


@proves("ma-702")
def _(item: ItemSource) -> Truths:
    before, after = said(item.text("sr", "stem"))
    return choices_equal_to(item, before + after)


@proves("ma-703")
def _(item: ItemSource) -> dict[str, int]:
    people, seats = said(item.text("sr", "stem"))
    rides = ceil(people / seats)
    return {"rides": rides, "empty": int(rides * seats - people)}


@proves("ma-704")
def _(item: ItemSource) -> Truths:
    stem = item.text("sr", "stem")
    (rule,) = (formula for formula in formulas(stem) if "=" in formula)
    left = algebra(rule.partition("=")[2]).subs("t", said(stem)[-1])
    return choices_equal_to(item, exact(left))


@proves("ma-705")
def _(item: ItemSource) -> Truths:
    base, side, height = said(item.text("sr", "figure_alt"))
    foot_squared = side**2 - height**2
    assert 0 < foot_squared < base**2
    corners = [(0, 0), (base, 0), (sympy.sqrt(foot_squared), height)]
    around = zip(corners, corners[1:] + corners[:1], strict=True)
    doubled = sum(x * v - u * y for (x, y), (u, v) in around)
    return choices_equal_to(item, exact(doubled / 2))


@proves("ma-706")
def _(item: ItemSource) -> dict[str, Fraction]:
    balls, diameter = said(item.text("sr", "stem"))
    centres = [diameter / 2 + diameter * place for place in range(int(balls))]
    return {"radius": diameter / 2, "height": centres[-1] + diameter / 2}


_UNITS: Final = {
    "m": ("length", Fraction(1)),
    "km": ("length", Fraction(1000)),
    "m²": ("area", Fraction(1)),
    "m³": ("volume", Fraction(1)),
    "cm³": ("volume", Fraction(1, 10**6)),
    "h": ("time", Fraction(1)),
}
_POOL: Final = {
    "дугачак": ("length", 10, 60),
    "Површина": ("area", 100, 1500),
    "Запремина": ("volume", 100, 3000),
    "траје": ("time", 3, 100),
}


@proves("ma-707")
def _(item: ItemSource) -> dict[str, Truths]:
    def fits(row: str, choice: str) -> bool:
        ((quantity, least, most),) = (rule for word, rule in _POOL.items() if word in row)
        kind, size = _UNITS[choice]
        return kind == quantity and least <= first(row) * size <= most

    choices = item.choices("sr")
    return {
        name: {one: fits(row, choice) for one, choice in choices.items()}
        for name, row in item.rows("sr").items()
    }


@proves("ma-708")
def _(item: ItemSource) -> Truths:
    price = first(item.text("sr", "stem"))

    def paid(text: str) -> Fraction:
        numbers = said(text)
        return sum((n * value for n, value in zip(numbers[::2], numbers[1::2], strict=True)), Fraction(0))

    return {name: paid(text) == price for name, text in item.choices("sr").items()}


@proves("ma-709")
def _(item: ItemSource) -> Truths:
    points = said(re.findall(r"\| поени.*", item.text("sr", "stem"))[0])
    claims = {name: first(text) for name, text in item.statements("sr").items()}
    return {
        "1": all(points[int(claims["1"]) - 1] <= one for one in points),
        "2": max(points) - min(points) == claims["2"],
        "3": sum(points) == claims["3"] * len(points),
    }


@proves("ma-710")
def _(item: ItemSource) -> dict[str, Truths]:
    def described(row: str) -> Any:
        number = algebra(formulas(row)[0])
        return -number if "супротан" in row else 1 / number if "реципрочна" in row else sympy.Abs(number)

    return {name: formulas_equal_to(item, described(row)) for name, row in item.rows("sr").items()}


@proves("ma-711")
def _(item: ItemSource) -> Truths:
    return formulas_equal_to(item, algebra(formulas(item.text("sr", "stem"))[0]))


@proves("ma-712")
def _(item: ItemSource) -> dict[str, Any]:
    printers, hours = said(item.text("sr", "stem"))
    (others,) = said(re.sub(r"\[\[gap:\d\]\]", "", item.text("sr", "text")))
    time = printers * hours / others
    kind = "обрнуто" if (time < hours) == (others > printers) else "директно"
    return {"1": {name: text == kind for name, text in item.gap_choices("sr", "1").items()}, "2": time}


@proves("ma-713")
def _(item: ItemSource) -> Truths:
    lawn, width = said(item.text("sr", "stem"))
    return formulas_equal_to(item, sympy.integrate(2 * sympy.pi * _X, (_X, lawn, lawn + width)))


@proves("ma-714")
def _(item: ItemSource) -> dict[str, Fraction]:
    edge, slant = said(item.text("sr", "stem"))
    assert slant > edge / 2
    side = sympy.integrate(edge * (1 - _X / slant), (_X, 0, slant))
    return {"p": exact(edge**2 + 4 * side)}


@proves("ma-715")
def _(item: ItemSource) -> dict[str, Fraction]:
    edges = {"m²": 1000, "dm²": 100, "cm²": 10, "mm²": 1}
    return {name: first(text) * edges[text.split()[-1]] ** 2 for name, text in item.choices("sr").items()}


@proves("ma-716")
def _(item: ItemSource) -> dict[str, Fraction]:
    throws, scored = said(item.text("sr", "stem"))
    return {"p": scored / throws * 100}


@proves("ma-717")
def _(item: ItemSource) -> dict[str, int]:
    (relation,) = (formula for formula in formulas(item.text("sr", "stem")) if "<" in formula)
    left, right = map(algebra, relation.split("<"))
    (boundary,) = sympy.solve(left - right, _X)
    assert sympy.expand(left).coeff(_X) > 0
    largest = int(sympy.ceiling(boundary)) - 1
    assert left.subs(_X, largest) < right <= left.subs(_X, largest + 1)
    return {"x": largest}


@proves("ma-718")
def _(item: ItemSource) -> dict[str, Fraction]:
    apart, first_speed, head, second_speed = said(item.text("sr", "stem"))
    met = first_speed * (_X + head) / 60 + second_speed * _X / 60
    (minutes,) = sympy.solve(met - apart, _X)
    return {"t": exact(minutes)}


@proves("ma-719")
def _(item: ItemSource) -> dict[str, Fraction]:
    side, diagonal = said(item.text("sr", "stem"))
    half = diagonal / 2
    other_half = sympy.sqrt(side**2 - half**2)
    return {"p": 4 * half * exact(other_half) / 2}


@proves("ma-720")
def _(item: ItemSource) -> dict[str, Fraction]:
    vessel, balls, radius = said(item.text("sr", "stem"))
    ball = sympy.integrate(sympy.pi * (radius**2 - _X**2), (_X, -radius, radius))
    rise = balls * ball / (sympy.pi * vessel**2)
    return {"x": exact(sympy.simplify(rise))}


@proves("ma-721")
def _(item: ItemSource) -> dict[str, Fraction]:
    walk, bus, bike, car = said(item.text("sr", "stem"))
    (bar,) = said(re.sub(r"\[\[gap:\d\]\]", "", item.text("sr", "text")))
    return {"1": 360 * bike / (walk + bus + bike + car), "2": bar * walk / bus}


@proves("ma-722")
def _(item: ItemSource) -> dict[str, int]:
    length, height = map(int, said(item.text("sr", "stem")))
    squares = [side for side in range(1, height + 1) if length % side == 0 == height % side]
    assert squares[-1] == gcd(length, height)
    return {"n": min((length // side) * (height // side) for side in squares)}


@proves("ma-723")
def _(item: ItemSource) -> Truths:
    return formulas_equal_to(item, algebra(formulas(item.text("sr", "stem"))[0]))


@proves("ma-724")
def _(item: ItemSource) -> dict[str, Fraction]:
    _one, scale, centimetres, speed = said(item.text("sr", "stem"))
    metres = centimetres * scale / 100
    return {"t": metres / (speed * 1000 / 60)}


@proves("ma-725")
def _(item: ItemSource) -> dict[str, Fraction]:
    pairs = {name: said(text) for name, text in item.choices("sr").items()}
    return {name: abs(estimate - true) / true for name, (estimate, true) in pairs.items()}


@proves("ma-726")
def _(item: ItemSource) -> dict[str, Fraction]:
    up, down, now = said(item.text("sr", "stem"))
    grown = _X + _X * up / 100
    (start,) = sympy.solve(grown - grown * down / 100 - now, _X)
    return {"n": exact(start)}


@proves("ma-561")
def _(item: ItemSource) -> Truths:
    bracelets = first(item.text("sr", "stem"))
    return {name: bracelets % first(text) == 0 for name, text in item.choices("sr").items()}


@proves("ma-562")
def _(item: ItemSource) -> Truths:
    return formulas_equal_to(item, algebra(formulas(item.text("sr", "stem"))[0]))


@proves("ma-563")
def _(item: ItemSource) -> Truths:
    described = item.text("sr", "figure_alt")
    found = re.findall(r"(M|\d)(?:: )?\((−?\d), (−?\d)\)", described)
    points = {name: (_prose(x), _prose(y)) for name, x, y in found}
    x, y = points["M"]
    assert formulas(item.text("sr", "stem")) == [f"M({x}, {y})"]
    drawn = dict(_drawn_points(item.figure or ""))
    names = {name: text.split()[-1] for name, text in item.choices("sr").items()}
    assert drawn == {name: points[number] for name, number in names.items()}
    return {name: drawn[name] == (-x, y) for name in names}


def _drawn_points(figure: str) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    """Region and coordinates, by the numbers that stand along the axes of the drawing."""
    along = [(int(x), int(y)) for x, y in re.findall(r'<text x="(\d+)" y="(\d+)">[1-3]<', figure)]
    (unit,) = {b - a for (a, _), (b, _) in pairwise(along[:3])}
    origin = along[0][0] - unit
    for name, x, y in re.findall(r'data-region="(\w)" cx="(\d+)" cy="(\d+)"', figure):
        yield name, (Fraction(int(x) - origin, unit), Fraction(origin - int(y), unit))


@proves("ma-564")
def _(item: ItemSource) -> Truths:
    return {name: _folds(str(item.data[f"net_{name}"])) for name in item.choices("sr")}


def _folds(net: str) -> bool:
    """Rolls a cube over the squares: a net touches each of its six faces exactly once."""
    squares = {(int(cell[0]), int(cell[1])) for cell in net.split()}
    start = min(squares)
    below = {start: ("bottom", "east", "south")}
    opposite = {"bottom": "top", "east": "west", "south": "north"}
    opposite |= {b: a for a, b in opposite.items()}
    waiting = [start]
    while waiting:
        column, row = waiting.pop()
        down, right, front = below[column, row]
        rolled = {
            (column + 1, row): (right, opposite[down], front),
            (column - 1, row): (opposite[right], down, front),
            (column, row + 1): (front, right, opposite[down]),
            (column, row - 1): (opposite[front], right, down),
        }
        for place, faces in rolled.items():
            if place in squares and place not in below:
                below[place] = faces
                waiting.append(place)
    return len(squares) == len(below) == len({faces[0] for faces in below.values()}) == 6


@proves("ma-565")
def _(item: ItemSource) -> Truths:
    words = dict(re.findall(r"\[\[word:(\d)\|([^\]]*)\]\]", item.text("sr", "text")))
    amounts = {text.partition(" ")[2]: (name, first(text)) for name, text in words.items()}
    needed = ("редова", "седишта", "певача")
    rows, seats, singers = (amounts[unit][1] for unit in needed)
    assert f"{rows} \\cdot {seats} - {singers} = {rows * seats - singers}" in item.text("sr", "explanation")
    return {name: unit not in needed for unit, (name, _) in amounts.items()}


@proves("ma-566")
def _(item: ItemSource) -> dict[str, Truths]:
    distance = first(item.text("sr", "stem"))
    steps = {"цео": Fraction(1), "једну": Fraction(1, 10), "две": Fraction(1, 100), "десетицу": Fraction(10)}

    def rounded(row: str) -> Fraction:
        (step,) = (step for word, step in steps.items() if word in row)
        return floor(distance / step + Fraction(1, 2)) * step

    return {name: choices_equal_to(item, rounded(row)) for name, row in item.rows("sr").items()}
