"""Which results of the physics items are right, worked out afresh from the numbers of the Serbian texts?"""

import re
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import sympy

from exams.item_document import ItemSource
from tests.exams.items.proofs.registry import proves

_NUMBER = re.compile(r"[-−]?\d+(?:\.\d{3})*(?:,\d+)?")
GRAVITY = 10
WATER = 1000
"""Newtons per kilogram, and kilograms per cubic metre, as the stems give them."""

_FACTORS = {
    "N": Fraction(1),
    "kN": Fraction(1000),
    "mN": Fraction(1, 1000),
    "m/s": Fraction(1),
    "km/h": Fraction(1000, 3600),
    "m/min": Fraction(1, 60),
    "km/min": Fraction(1000, 60),
}


def numbers(text: str) -> list[Fraction]:
    """The numbers of Serbian prose in their order: 12.000 and 2,5; a point that ends a sentence is none."""
    return [_number(found) for found in _NUMBER.findall(text)]


def _number(text: str) -> Fraction:
    return Fraction(text.replace(".", "").replace(",", ".").replace("−", "-"))


def given(item: ItemSource) -> list[Fraction]:
    """The numbers of the stem."""
    return numbers(item.text("sr", "stem"))


def first_number(text: str) -> Fraction:
    return numbers(text)[0]


def quantity(text: str) -> Fraction:
    """A number with its unit, in newtons or in metres per second."""
    number, unit = text.split()
    return _number(number) * _FACTORS[unit]


def exact(value: sympy.Expr) -> Fraction:
    assert isinstance(value, sympy.Rational)
    return Fraction(int(value.p), int(value.q))


def rational(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


def only(values: Iterable[sympy.Expr]) -> Fraction:
    (value,) = values
    return exact(value)


def equal_to(value: Fraction, item: ItemSource) -> dict[str, bool]:
    return {name: first_number(text) == value for name, text in item.choices("sr").items()}


def table(item: ItemSource) -> list[list[Fraction]]:
    """The rows of numbers of the table in the stem."""
    lines = [line for line in item.text("sr", "stem").splitlines() if line.startswith("|")]
    return [[first_number(cell) for cell in line.strip("|").split("|")] for line in lines[2:]]


def heating_graph(item: ItemSource) -> list[tuple[Fraction, Fraction]]:
    """The corners (minutes, degrees) of the graph of heated ice, as its description tells them."""
    assert item.stimulus is not None
    described = item.stimulus.document["sr"]["figure_alt"]
    corners = [
        (Fraction(minute), _number(degrees))
        for degrees, minute in re.findall(r"(−?\d+) °C у тренутку (\d+)", described)
    ]
    assert corners == sorted(corners), "time goes on from corner to corner"
    return corners


def temperature_at(minute: Fraction, corners: list[tuple[Fraction, Fraction]]) -> Fraction:
    for (start, low), (end, high) in pairwise(corners):
        if start <= minute <= end:
            return low + (high - low) * (minute - start) / (end - start)
    raise AssertionError("outside the graph")


def minutes_of_melting(corners: list[tuple[Fraction, Fraction]]) -> Fraction:
    first, last = (minute for minute, degrees in corners if degrees == 0)
    return last - first


@proves("fi-103")
def _(item: ItemSource) -> dict[str, Fraction]:
    speed, time = given(item)
    return {"distance": speed * time}


@proves("fi-106")
def _(item: ItemSource) -> dict[str, Fraction]:
    _first, low, high, _last, parts, again = numbers(item.text("sr", "figure_alt"))
    assert low == again and "на трећој цртици изнад" in item.text("sr", "figure_alt")
    division = (high - low) / parts
    return {"division": division, "volume": low + 3 * division}


@proves("fi-111")
def _(item: ItemSource) -> dict[str, bool]:
    found = {}
    for name, text in item.choices("sr").items():
        speeds = numbers(text)
        steps = {later - earlier for earlier, later in pairwise(speeds)}
        found[name] = len(steps) == 1 and min(steps) > 0
    return found


@proves("fi-113")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    choices = item.choices("sr")
    return {
        row: {name: quantity(text) == quantity(force) for name, text in choices.items()}
        for row, force in item.rows("sr").items()
    }


@proves("fi-115")
def _(item: ItemSource) -> dict[str, Fraction]:
    corners = heating_graph(item)
    minute = first_number(item.fields("sr")["temperature"])
    return {"melting": minutes_of_melting(corners), "temperature": temperature_at(minute, corners)}


@proves("fi-116")
def _(item: ItemSource) -> dict[str, bool]:
    assert item.stimulus is not None
    (grams,) = given(item)
    before = first_number(item.stimulus.document["sr"]["text"])
    return equal_to(minutes_of_melting(heating_graph(item)) * grams / before, item)


@proves("fi-117")
def _(item: ItemSource) -> dict[str, bool]:
    corners = heating_graph(item)
    (begin, cold), (melts, _zero), (melted, _same), (end, hot) = corners
    (degrees,) = numbers(item.texts("sr", "statements")["4"])[:1]
    ice = degrees * (melts - begin) / -cold
    water = degrees * (end - melted) / hot
    return {
        # The heater gives the same every minute, so time stands for the heat received.
        "1": melted - melts == 0,
        "2": melts < 5 < melted,
        "3": melted > melts,
        "4": ice == water,
    }


@proves("fi-118")
def _(item: ItemSource) -> dict[str, bool]:
    mass, small, large, gravity = given(item)
    force = sympy.Symbol("F", positive=True)
    same_pressure = sympy.Eq(force / rational(small), rational(mass * gravity) / rational(large))
    return equal_to(only(sympy.solve(same_pressure, force)), item)


@proves("fi-120")
def _(item: ItemSource) -> dict[str, bool]:
    (voltage,) = given(item)
    first, second = (
        first_number(text) for text in re.findall(r"R[12] = ([^Ω]+)", item.text("sr", "figure_alt"))
    )
    said = first_number(item.texts("sr", "statements")["1"].partition("је ")[2])
    currents = [voltage / first, voltage / second]
    return {
        "1": voltage / sum(currents) == said,
        "2": currents[0] * first == currents[1] * second == voltage,
        "3": currents[1] > currents[0],
        "4": currents[0] > sum(currents),
    }


@proves("fi-701")
def _(item: ItemSource) -> dict[str, Fraction]:
    distance, time = given(item)
    return {"speed": distance / time}


@proves("fi-702")
def _(item: ItemSource) -> dict[str, Fraction]:
    acceleration, time = given(item)
    t = sympy.Symbol("t")
    speed = sympy.integrate(rational(acceleration), t)
    laws = {"speed": speed, "distance": sympy.integrate(speed, t)}
    return {name: exact(law.subs(t, rational(time))) for name, law in laws.items()}


@proves("fi-703")
def _(item: ItemSource) -> dict[str, Fraction]:
    mass, before, after, *_units = given(item)
    return {"density": mass / (after - before)}


@proves("fi-704")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    assert f"g = {GRAVITY} N/kg" in item.text("sr", "stem")
    found = {}
    for row, text in item.rows("sr").items():
        mass = first_number(text) / (1 if text.endswith(" kg") else 1000)
        found[row] = equal_to(mass * GRAVITY, item)
    return found


@proves("fi-705")
def _(item: ItemSource) -> dict[str, Fraction]:
    mass, square_decimetres, gravity = given(item)
    return {"pressure": mass * gravity / (square_decimetres * Fraction(1, 10) ** 2)}


@proves("fi-706")
def _(item: ItemSource) -> dict[str, bool]:
    arm, force = given(item)
    balanced = {}
    for name, text in item.choices("sr").items():
        other_force, other_arm = numbers(text)
        balanced[name] = other_force * other_arm == force * arm
    return balanced


@proves("fi-707")
def _(item: ItemSource) -> dict[str, Fraction]:
    in_air, in_water, cubic_centimetres, weight = given(item)
    assert weight == WATER * GRAVITY * cubic_centimetres / 100**3
    volume = sympy.Symbol("V", positive=True)
    archimedes = sympy.Eq(WATER * GRAVITY * volume, rational(in_air - in_water))
    cubic_metres = only(sympy.solve(archimedes, volume))
    return {"buoyancy": in_air - in_water, "volume": cubic_metres * 100**3}


@proves("fi-708")
def _(item: ItemSource) -> dict[str, bool]:
    mass, height, time, gravity = given(item)
    return equal_to(mass * gravity * height / time, item)


@proves("fi-709")
def _(item: ItemSource) -> dict[str, Fraction]:
    mass, top, height, gravity = given(item)
    # From the motion, not from the balance of energy: v² = 2 · g · (fallen distance).
    squared_speed = 2 * gravity * (top - height)
    squared_speed_at_ground = 2 * gravity * top
    return {"total": mass * squared_speed_at_ground / 2, "kinetic": mass * squared_speed / 2}


@proves("fi-710")
def _(item: ItemSource) -> dict[str, bool]:
    mass, start, end, capacity = given(item)
    return equal_to(mass * capacity * (end - start), item)


@proves("fi-711")
def _(item: ItemSource) -> dict[str, bool]:
    (current,) = given(item)
    found = {}
    for name, text in item.choices("sr").items():
        voltage, resistance = numbers(text)
        found[name] = current * resistance == voltage
    return found


@proves("fi-712")
def _(item: ItemSource) -> dict[str, bool]:
    first, second, voltage = given(item)
    total = first * second / (first + second)
    return equal_to(voltage / total, item)


@proves("fi-713")
def _(item: ItemSource) -> dict[str, Fraction]:
    watts, hours, days = given(item)
    joules = watts * hours * 3600 * days
    return {"energy": joules / 3_600_000}


@proves("fi-714")
def _(item: ItemSource) -> dict[str, Fraction]:
    return {name: quantity(text) for name, text in item.choices("sr").items()}


@proves("fi-715")
def _(item: ItemSource) -> dict[str, bool]:
    rows = table(item)
    times, scooter, bicycle = (list(column) for column in zip(*rows, strict=True))
    statements = item.texts("sr", "statements")
    seconds, metres = numbers(statements["3"])
    moment, difference = numbers(statements["4"])
    steps = {later - earlier for earlier, later in pairwise(bicycle)}
    four = times.index(Fraction(4))
    at = times.index(moment)
    return {
        "1": len(steps) == 1,
        "2": bicycle[four] > scooter[four],
        "3": metres == scooter[-1] / times[-1] * seconds,
        "4": difference == abs(bicycle[at] - scooter[at]),
    }


@proves("fi-716")
def _(item: ItemSource) -> dict[str, Fraction]:
    results = given(item)
    assert len(results) == 5
    mean = sum(results, Fraction(0)) / len(results)
    return {"mean": mean, "error": max(abs(result - mean) for result in results)}


@proves("fi-717")
def _(item: ItemSource) -> dict[str, Fraction]:
    low, high, parts, above, again = given(item)
    assert low == again
    division = (high - low) / parts
    return {"division": division, "reading": low + above * division}


@proves("fi-718")
def _(item: ItemSource) -> dict[str, bool]:
    rows = table(item)
    force = given(item)[-1]
    points = [(rational(newtons), rational(length)) for newtons, length in rows]
    x = sympy.Symbol("x")
    line = sympy.interpolate(points, x)
    assert sympy.Poly(line, x).degree() == 1, "all measured points lie on one line"
    return equal_to(exact(line.subs(x, rational(force))), item)
