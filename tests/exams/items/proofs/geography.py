"""Which numbers of the geography items are right, computed afresh from their texts and shared tables?"""

import re
from fractions import Fraction

from exams.item_document import ItemSource
from tests.exams.items.proofs.registry import proves

_CAPITALS = {
    "Turkey": "Ankara",
    "Switzerland": "Bern",
    "Australia": "Canberra",
    "Canada": "Ottawa",
    "Morocco": "Rabat",
}
_DEGREES_AN_HOUR = 360 // 24


def whole_numbers(text: str) -> list[int]:
    """The whole numbers of English prose, 12,500 read as one."""
    return [int(found.replace(",", "")) for found in re.findall(r"\d{1,3}(?:,\d{3})+|\d+", text)]


def table(item: ItemSource) -> dict[str, list[Fraction]]:
    """The rows of the English table of the item's stimulus by their first cell."""
    assert item.stimulus is not None
    rows = {}
    for line in item.stimulus.document["en"]["text"].splitlines():
        first, *cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        numbers = [whole_numbers(cell) for cell in cells]
        if cells and all(numbers):
            rows[first] = [Fraction(found[0]) for found in numbers]
    return rows


def municipalities(item: ItemSource) -> dict[str, dict[str, Fraction]]:
    """What the table of the three municipalities says of each."""
    names = ("Gorje", "Polje", "Prigrađe")
    return {
        name: {row: values[place] for row, values in table(item).items()} for place, name in enumerate(names)
    }


@proves("ge-109")
def _(item: ItemSource) -> dict[str, Fraction | int]:
    assert item.stimulus is not None
    temperatures = [value for (value,) in table(item).values()]
    months = whole_numbers(item.stimulus.document["en"]["figure_alt"])
    (limit,) = whole_numbers(item.fields("en")["dry"])
    assert len(temperatures) == 4 and len(months) == 12
    return {
        "range": max(temperatures) - min(temperatures),
        "dry": sum(month < limit for month in months),
    }


@proves("ge-119")
def _(item: ItemSource) -> dict[str, Fraction]:
    east, noon, _minutes, west = whole_numbers(item.text("en", "stem"))
    return {"time": Fraction(noon) - Fraction(east + west, _DEGREES_AN_HOUR)}


@proves("ge-505")
def _(item: ItemSource) -> dict[str, Fraction | dict[str, bool]]:
    latitude, longitude = item.data["latitude"], item.data["longitude"]
    assert isinstance(latitude, Fraction) and isinstance(longitude, Fraction)
    north, east = latitude > 0, longitude > 0
    return {
        "1": abs(latitude),
        "2": {name: (word == "north") == north for name, word in item.gap_choices("en", "2").items()},
        "3": abs(longitude),
        "4": {name: (word == "east") == east for name, word in item.gap_choices("en", "4").items()},
    }


@proves("ge-517")
def _(item: ItemSource) -> dict[str, Fraction]:
    foot, top, warm, drop = (item.data[name] for name in ("foot", "top", "warm", "drop"))
    assert isinstance(foot, Fraction) and isinstance(top, Fraction)
    assert isinstance(warm, Fraction) and isinstance(drop, Fraction)
    return {"top": warm - (top - foot) / 100 * drop}


@proves("ge-518")
def _(item: ItemSource) -> dict[str, Fraction]:
    polje = municipalities(item)["Polje"]
    return {"density": polje["inhabitants"] / polje["area (km²)"]}


@proves("ge-519")
def _(item: ItemSource) -> dict[str, bool]:
    found = municipalities(item)
    natural = {name: row["births"] - row["deaths"] for name, row in found.items()}
    migration = {name: row["moved in"] - row["moved out"] for name, row in found.items()}
    return {
        "1": [name for name, increase in natural.items() if increase > 0] == ["Prigrađe"],
        "2": migration["Polje"] > 0,
        "3": natural["Gorje"] < 0 and migration["Gorje"] < 0,
    }


@proves("ge-701")
def _(item: ItemSource) -> dict[str, bool]:
    stem = item.text("en", "stem")
    (capital,) = (capital for country, capital in _CAPITALS.items() if country in stem)
    return {name: city == capital for name, city in item.choices("en").items()}


@proves("ge-702")
def _(item: ItemSource) -> dict[str, Fraction]:
    one, scale, centimetres = whole_numbers(item.text("en", "stem"))
    assert one == 1
    return {"distance": Fraction(centimetres * scale, 100 * 1000)}


@proves("ge-703")
def _(item: ItemSource) -> dict[str, Fraction]:
    people, births, deaths = whole_numbers(item.text("en", "stem"))
    return {"rate": Fraction(births - deaths, people) * 1000}
