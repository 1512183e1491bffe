"""Which parts of the mathematics items of form A (anchors included) are right, computed afresh?"""

import re
from fractions import Fraction
from math import isqrt

from exams.item_document import ItemSource
from tests.exams.items.proofs.registry import proves

_FRACTION = re.compile(r"(-?)\\frac\{(\d+)\}\{(\d+)\}")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_CENTIMETRES = {"m": Fraction(100), "dm": Fraction(10), "cm": Fraction(1), "mm": Fraction(1, 10)}


def numbers(item: ItemSource) -> dict[str, Fraction]:
    """The data of an item that is built from numbers only."""
    data = {name: value for name, value in item.data.items() if isinstance(value, Fraction)}
    assert len(data) == len(item.data)
    return data


def read_number(text: str) -> Fraction:
    """The one number that stands first in an option's text; LaTeX fractions included."""
    if fraction := _FRACTION.search(text):
        sign, numerator, denominator = fraction.groups()
        return Fraction(int(f"{sign}{numerator}"), int(denominator))
    found = _NUMBER.search(text.replace("−", "-"))
    assert found is not None
    return Fraction(found.group().replace(",", "."))


def read_sum(text: str) -> Fraction:
    return sum((Fraction(term) for term in text.strip("$").split("+")), Fraction(0))


def root(square: Fraction) -> Fraction:
    """The exact square root of a whole square; fails for any other number."""
    whole = isqrt(square.numerator)
    assert square.denominator == 1 and whole * whole == square.numerator
    return Fraction(whole)


def equal_to(value: Fraction, texts: dict[str, str]) -> dict[str, bool]:
    return {name: read_number(text) == value for name, text in texts.items()}


@proves("ma-102")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    return equal_to(data["num"] / data["den"], item.choices("sr"))


@proves("ma-106")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    a, b, c, d = (data[f"direction_{street}"] % 180 for street in "abcd")
    assert abs(a - c) == abs(b - c) == 90, "the figure marks these right angles"
    alpha = (d - b) % 180
    beta = 180 - alpha
    return {"1": a == b, "2": abs(c - d) == 90, "3": 90 < alpha < 180, "4": alpha + beta == 180}


@proves("ma-108")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    change = data["paid"] - data["price"]
    return {name: read_sum(text) == change for name, text in item.choices("sr").items()}


@proves("ma-112")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    # first_x · x + y = first_sum and x + second_y · y = second_sum, by Cramer's rule
    determinant = data["first_x"] * data["second_y"] - 1
    return {
        "x": (data["first_sum"] * data["second_y"] - data["second_sum"]) / determinant,
        "y": (data["first_x"] * data["second_sum"] - data["first_sum"]) / determinant,
    }


@proves("ma-114")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    return equal_to(root(data["height"] ** 2 + data["distance"] ** 2), item.choices("sr"))


@proves("ma-116")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"price": data["price"] * (100 - data["percent"]) / 100}


@proves("ma-117")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    after_morning = 1 - data["morning_num"] / data["morning_den"]
    after_lunch = after_morning * (1 - data["afternoon_num"] / data["afternoon_den"])
    return {"length": data["left"] / after_lunch}


@proves("ma-119")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    side = (data["perimeter"] - data["long_base"] - data["short_base"]) / 2
    height = root(side**2 - ((data["long_base"] - data["short_base"]) / 2) ** 2)
    return {"area": (data["long_base"] + data["short_base"]) / 2 * height}


@proves("ma-201")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    data = numbers(item)
    return {row: equal_to(data[f"row{row}"], item.choices("sr")) for row in item.rows("sr")}


@proves("ma-203")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    full_teams, left_over = divmod(data["players"], data["team"])
    missing = next(more for more in range(1, 100) if (data["players"] + more) % data["team"] == 0)
    return {"1": Fraction(full_teams), "2": left_over, "3": Fraction(missing)}


@proves("ma-204")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"x": (data["paid"] - data["fixed"]) / data["hourly"]}


@proves("ma-205")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    return equal_to(data["ground"] - data["drop"] * data["height"], item.choices("sr"))


@proves("ma-207")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    return equal_to(2 * (data["length"] + data["width"]), item.choices("sr"))


@proves("ma-209")
def _(item: ItemSource) -> dict[str, Fraction]:
    rides = list(numbers(item).values())
    return {"difference": max(rides) - min(rides), "mean": sum(rides, Fraction(0)) / len(rides)}


@proves("ma-210")
def _(item: ItemSource) -> dict[str, Fraction]:
    lengths = {}
    for name, text in item.choices("sr").items():
        unit = text.split()[-1]
        lengths[name] = read_number(text) * _CENTIMETRES[unit]
    return lengths


@proves("ma-211")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"value": abs(-data["p"]) - data["q"] * (data["r"] - data["s"])}


@proves("ma-213")
def _(item: ItemSource) -> dict[str, dict[str, bool]]:
    data = numbers(item)
    situations = {"1": "train", "2": "printer", "3": "boxes"}
    right = {}
    for row, thing in situations.items():
        slope = data[f"{thing}_y"] / data[f"{thing}_x"]
        # y = x + n is never a direct proportionality, whatever values it passes through
        right[row] = {
            name: "+" not in text and read_number(text) == slope for name, text in item.choices("sr").items()
        }
    return right


@proves("ma-215")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    return {"volume": data["side"] * data["altitude"] / 2 * data["length"]}


@proves("ma-218")
def _(item: ItemSource) -> dict[str, Fraction]:
    data = numbers(item)
    # planned_hours · v = real_hours · (v − slower)
    planned_speed = data["real_hours"] * data["slower"] / (data["real_hours"] - data["planned_hours"])
    assert data["real_hours"] * (planned_speed - data["slower"]) == data["planned_hours"] * planned_speed
    return {"distance": data["planned_hours"] * planned_speed}


@proves("ma-220")
def _(item: ItemSource) -> dict[str, bool]:
    data = numbers(item)
    count = {
        (school, way): data[f"{school}_total"] * data[f"{school}_{way}"] / 100
        for school in ("avala", "dunav")
        for way in ("walk", "bike", "bus")
    }
    pupils = data["avala_total"] + data["dunav_total"]
    assert sum(count.values()) == pupils, "the three ways of coming to school make up the whole"
    return {
        "1": count["avala", "bike"] > count["dunav", "bike"],
        "2": count["avala", "walk"] == count["dunav", "walk"],
        "3": count["avala", "bike"] + count["dunav", "bike"] < pupils / 4,
    }
