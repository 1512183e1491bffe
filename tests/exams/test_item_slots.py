"""Do slots take numbers and words as prose and formulas need them?"""

import pytest

from exams.item_slots import SlotError, fill, slot_name, written


@pytest.mark.parametrize(
    ("slot", "name"),
    [("n", "n"), ("+n", "n"), ("(n)", "n"), ("n|дан,дана,дана", "n"), ("gap:1", None), ("word:2|реч", None)],
)
def test_the_name_a_slot_asks_for(slot: str, name: str | None) -> None:
    assert slot_name(slot) == name


def test_prose_takes_the_signs_of_its_language_and_formulas_plain_digits() -> None:
    data = {"n": 12500, "x": "2.75", "y": -3, "r": "3/8"}
    text = "[[n]]; [[x]]; [[y]]; [[r]]; $[[n]] + [[x]]$"
    assert fill(text, data, "sr") == "12.500; 2,75; −3; 3/8; $12500 + 2.75$"
    assert fill(text, data, "en") == "12,500; 2.75; −3; 3/8; $12500 + 2.75$"


def test_a_number_in_a_formula_brings_its_sign_or_its_brackets() -> None:
    data = {"a": 4, "b": -3, "c": "-0.5"}
    assert fill("$x [[+a]] [[+b]] [[+c]]$", data, "sr") == "$x + 4 - 3 - 0.5$"
    assert fill("$2 \\cdot [[(a)]] \\cdot [[(b)]]$", data, "en") == "$2 \\cdot 4 \\cdot (-3)$"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, "сат"), (2, "сата"), (4, "сата"), (5, "сати"), (11, "сати"), (12, "сати"), (14, "сати"),
        (21, "сат"), (22, "сата"), (111, "сати"), (114, "сати"), (101, "сат"), (0, "сати"), ("2.5", "сата"),
    ],
)  # fmt: skip
def test_serbian_counts_in_three_ways(number: int | str, word: str) -> None:
    assert fill("[[n|сат,сата,сати]]", {"n": number}, "sr") == word


@pytest.mark.parametrize(("number", "word"), [(1, "hour"), (0, "hours"), (2, "hours"), ("1.5", "hours")])
def test_english_counts_in_two_ways(number: int | str, word: str) -> None:
    assert fill("[[n|hour,hours]]", {"n": number}, "en") == word


@pytest.mark.parametrize(("text", "data"), [("[[n|сат,сати]]", {"n": 2}), ("[[n|а,б,в]]", {"n": "реч"})])
def test_a_counted_word_needs_a_number_and_all_forms(text: str, data: dict[str, int | str]) -> None:
    with pytest.raises(SlotError, match="needs a number and 3 words"):
        fill(text, data, "sr")


def test_places_of_a_text_stay() -> None:
    assert fill("[[gap:1]] [[word:2|реч]]", {}, "sr") == "[[gap:1]] [[word:2|реч]]"


@pytest.mark.parametrize(
    ("value", "serbian"), [("0.5", "0,5"), (9999, "9999"), (-12345, "−12.345"), ("а", "а")]
)
def test_written(value: int | str, serbian: str) -> None:
    assert written(value, "sr") == serbian
