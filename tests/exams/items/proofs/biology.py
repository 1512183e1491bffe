"""Which parts of the biology items that ask for numbers, and of the families, are right?"""

import re
from fractions import Fraction

from exams.item_document import ItemSource
from tests.exams.items.proofs.registry import proves

_GROUPS = {
    "делфин": "сисари",
    "барска корњача": "гмизавци",
    "даждевњак": "водоземци",
    "пингвин": "птице",
    "морски коњић": "рибе",
}
# By what the one and the other species have of it, said of a word that only this story holds.
_RELATIONS = {
    "Бумбар": "узајамна корист (мутуализам)",
    "Имела": "паразитизам",
    "Рис": "грабљивост (предаторство)",
    "букве и јеле": "такмичење (компетиција)",
    "ремора": "коменсализам",
}
_SYSTEMS = {
    "гркљан": "систем за дисање",
    "јетра": "систем за варење",
    "мокраћна бешика": "систем за излучивање",
    "кичмена мождина": "нервни систем",
    "јајник": "систем за размножавање",
}


def number(item: ItemSource, name: str) -> Fraction:
    value = item.data[name]
    assert isinstance(value, Fraction)
    return value


def looked_up(item: ItemSource, facts: dict[str, str]) -> dict[str, bool]:
    """Which choice is the fact about the one word of the stem that a fact is known of."""
    stem = item.text("sr", "stem")
    known = [fact for word, fact in facts.items() if re.search(rf"\b{word}\b", stem)]
    assert len(known) == 1
    return {name: text == known[0] for name, text in item.choices("sr").items()}


@proves("bi-116")
def _(item: ItemSource) -> dict[str, Fraction]:
    body = number(item, "body")
    pairs = body / 2
    return {"sperm": pairs, "zygote": pairs + pairs, "liver": body}


@proves("bi-118")
def _(item: ItemSource) -> dict[str, Fraction]:
    share = Fraction(10, 100)
    return {
        "lizard": number(item, "grass") * share**2,
        "needed": number(item, "kestrel") / share**3,
    }


@proves("bi-516")
def _(item: ItemSource) -> dict[str, Fraction]:
    crossed = [first + second for first in "Gg" for second in "Gg"]
    share = number(item, "seeds") / len(crossed)
    hidden = [pair for pair in crossed if {*pair} == {"G", "g"}]
    return {"green": crossed.count("gg") * share, "carriers": len(hidden) * share}


@proves("bi-525")
def _(item: ItemSource) -> dict[str, Fraction]:
    sugar = number(item, "per_100") * number(item, "can") / 100
    return {"sugar": sugar, "cubes": sugar / number(item, "cube")}


@proves("bi-528")
def _(item: ItemSource) -> dict[str, Fraction]:
    total = sum((number(item, name) for name in ("voles", "mice", "birds", "other")), Fraction(0))
    return {"total": total, "percent": 100 * number(item, "voles") / total}


@proves("bi-531")
def _(item: ItemSource) -> dict[str, Fraction]:
    times = number(item, "eyepiece") * number(item, "objective")
    return {"1": times, "2": number(item, "image") / times}


@proves("bi-701")
def _(item: ItemSource) -> dict[str, bool]:
    return looked_up(item, _GROUPS)


@proves("bi-702")
def _(item: ItemSource) -> dict[str, bool]:
    return looked_up(item, _RELATIONS)


@proves("bi-703")
def _(item: ItemSource) -> dict[str, bool]:
    return looked_up(item, _SYSTEMS)
