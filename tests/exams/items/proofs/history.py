"""Which responses to the history items are right, computed afresh from their texts, tables and figures?"""

import re

from exams.item_document import ItemSource
from tests.exams.items.proofs.registry import proves

_ROMAN = {"I": 1, "V": 5, "X": 10}
_ENDS_OF_WORLD_WARS = {1918, 1945}
_WORDS_OF_KINDS = {
    "1": ("pot", "sword", "armour", "coin"),
    "2": ("letter", "contract", "newspaper", "charter"),
    "3": ("tells", "legend", "song"),
}


def roman(text: str) -> int:
    """The first Roman numeral of a text, up to XXXIX."""
    found = re.search(r"\b[IVX]+\b", text)
    assert found is not None
    values = [_ROMAN[letter] for letter in found.group()]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def years(text: str) -> list[int]:
    """Numbers of three or four digits, and two-digit years before our era."""
    return [int(found) for found in re.findall(r"\b\d{2,4}\b", text)]


def century(year: int) -> int:
    return (year + 99) // 100


def years_of_the_vote(item: ItemSource) -> dict[str, int]:
    """The English table of the item's stimulus: the year by country."""
    assert item.stimulus is not None
    rows = re.findall(r"^\| (.+?) \| (\d{4}) \|$", item.stimulus.document["en"]["text"], re.MULTILINE)
    return {country: int(year) for country, year in rows}


@proves("is-101")
@proves("is-701")
def _century_of_a_year(item: ItemSource) -> dict[str, bool]:
    (year,) = years(item.text("sr", "stem"))
    return {choice: roman(text) == century(year) for choice, text in item.choices("sr").items()}


@proves("is-107")
def _first_in_europe(item: ItemSource) -> dict[str, bool]:
    overseas = {"New Zealand", "USA"}
    european = {name: year for name, year in years_of_the_vote(item).items() if name not in overseas}
    return {
        choice: text == min(european, key=european.__getitem__) for choice, text in item.choices("en").items()
    }


@proves("is-114")
def _in_the_year_a_war_ended(item: ItemSource) -> dict[str, bool]:
    table = years_of_the_vote(item)
    return {choice: table[text] in _ENDS_OF_WORLD_WARS for choice, text in item.choices("en").items()}


@proves("is-523")
def _population_of_belgrade(item: ItemSource) -> dict[str, bool]:
    assert item.figure is not None
    numbers = [int(found) for found in re.findall(r">(\d+)</text>", item.figure)]
    people = dict(zip(numbers[5:], numbers[:5], strict=True))
    return {
        "1": people[1931] > 2 * people[1921],
        "2": people[1900] - people[1890] > people[1910] - people[1900],
        "3": people[1910] * 1000 < 100_000,
    }


@proves("is-702")
def _years_between(item: ItemSource) -> dict[str, bool]:
    early, late = (int(found) for found in re.findall(r"(\d+) BC", item.text("en", "stem")))
    return {choice: int(text) == early - late for choice, text in item.choices("en").items()}


@proves("is-703")
def _kind_of_source(item: ItemSource) -> dict[str, bool]:
    words = set(re.findall(r"[a-z]+", item.text("en", "stem").lower()))
    return {kind: not words.isdisjoint(names) for kind, names in _WORDS_OF_KINDS.items()}
