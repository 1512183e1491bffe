"""Which results of fi-511, fi-520 and the families fi-719 to fi-723 are right, by their Serbian texts?"""

import re
from fractions import Fraction
from itertools import combinations, pairwise

from exams.item_document import ItemSource
from tests.exams.items.proofs.physics import equal_to, first_number, given, numbers, table
from tests.exams.items.proofs.registry import proves


@proves("fi-511")
def _(item: ItemSource) -> dict[str, bool]:
    """The drops are measured in the drawing; its description must tell the same spaces, a tenth as long."""
    drawing = item.path.with_suffix(".svg").read_text(encoding="utf-8")
    described = item.text("sr", "figure_alt").split("Траг ")[1:]
    steady = {}
    for trail, told in zip(drawing.split("<rect")[:-1], described, strict=True):
        drops = [int(place) for place in re.findall(r'<circle cx="(\d+)"', trail)]
        spaces = [right - left for left, right in pairwise(drops)]
        number, *tenths = numbers(told.replace(". ", " "))
        assert spaces == [10 * tenth for tenth in tenths]
        steady["abcd"[int(number) - 1]] = len(set(spaces)) == 1
    return steady


@proves("fi-520")
def _(item: ItemSource) -> dict[str, Fraction]:
    count, voltage = given(item)
    return {"series": sum([voltage] * int(count), Fraction(0)), "parallel": voltage}


@proves("fi-719")
def _(item: ItemSource) -> dict[str, bool]:
    melting, boiling = given(item)
    assert melting < boiling
    (asked,) = re.findall(r"\*\*(\w+)\*\* стању", item.text("sr", "stem"))
    found = {}
    for name, text in item.choices("sr").items():
        degrees = first_number(text)
        state = "чврстом" if degrees < melting else "течном" if degrees < boiling else "гасовитом"
        assert degrees not in (melting, boiling), "no choice where two states meet"
        found[name] = state == asked
    return found


@proves("fi-720")
def _(item: ItemSource) -> dict[str, Fraction]:
    start, end = given(item)
    return {"length": end - start}


@proves("fi-721")
def _(item: ItemSource) -> dict[str, bool]:
    time, distance = given(item)
    unit_of_time, unit_of_length = re.findall(r"\d ([a-z]+)", item.text("sr", "stem"))
    assert unit_of_time in {"s", "min", "h"}
    unit = f"{unit_of_length}/{unit_of_time}"
    return {
        name: text.split()[1] == unit and right
        for (name, text), right in zip(
            item.choices("sr").items(), equal_to(distance / time, item).values(), strict=True
        )
    }


@proves("fi-722")
def _(item: ItemSource) -> dict[str, Fraction]:
    (current,) = given(item)
    voltage_times, resistance_times = numbers(re.sub(r"\[\[gap:\d\]\]", "", item.text("sr", "text")))
    resistance = Fraction(12)
    voltage = current * resistance
    return {
        "1": voltage_times * voltage / resistance,
        "2": voltage / (resistance_times * resistance),
    }


@proves("fi-723")
def _(item: ItemSource) -> dict[str, bool]:
    rows = {row[0]: row[1:] for row in table(item)}
    telling = [
        {first, second}
        for first, second in combinations(rows, 2)
        if rows[first][0] == rows[second][0] and rows[first][1] != rows[second][1]
    ]
    assert len(telling) == 1 and all(time**2 == 4 * length for length, _mass, time in rows.values())
    return {name: set(numbers(text)) in telling for name, text in item.choices("sr").items()}
