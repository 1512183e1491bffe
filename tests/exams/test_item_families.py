"""Do families give sound, different variants, always the same ones, and name what is wrong with them?"""

import copy
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from exams.item_families import FamilyError, is_family, source_value, variants_of
from exams.item_source import compile_item, find_problems, random_variants, read_variants

TEXTS = {
    "stem": "Бицикл прелази [[v]] km за [[t|сат,сата,сати]]. $[[v]] [[+t]]$",
    "explanation": "$[[v]] \\cdot [[t]] = [[s]]$",
    "choices": {"a": "[[s]] km", "b": "[[wrong]] km", "c": "[[v]] km"},
    "misconceptions": {"b": "Сабрано је.", "c": "То је пут за један сат."},
}
DRAWN: dict[str, Any] = {
    "id": "fi-701",
    "version": 1,
    "standard": "FI.1.2.1",
    "interaction": "choice",
    "security": "released",
    "half_points": [0, 2],
    "variants": {"count": 5, "seed": 7, "where": ["s < 60"]},
    "parameters": {"v": {"from": 4, "to": 20, "step": 2}, "t": {"choose": [2, 3, "0.5"]}},
    "derived": {"s": "v * t", "wrong": "v + t"},
    "key": {"correct": "a"},
    "sr": TEXTS,
    "en": TEXTS | {"stem": "A bicycle covers [[v]] km in [[t|hour,hours]]. $[[v]] [[+t]]$"},
}
LISTED: dict[str, Any] = {
    "id": "sj-701",
    "interaction": "true_false",
    "cases": [
        {"n": 3, "sr": {"word": "три"}, "en": {"word": "three"}},
        {"n": 8, "sr": {"word": "осам"}, "en": {"word": "eight"}},
    ],
    "half_points": [0, 2],
    "key": {"correct": {"1": "=n > 5", "2": False}},
    "sr": {"statements": {"1": "[[word]] је веће од пет.", "2": "Не."}, "misconceptions": {"1": "…"}},
    "en": {"statements": {"1": "[[word]] is more than five.", "2": "No."}, "misconceptions": {"1": "…"}},
}
TYPED: dict[str, Any] = {
    "id": "he-702",
    "interaction": "text_entry",
    "parameters": {"w": {"choose": [5, 10]}},
    "variants": {"count": 1},
    "key": {"fields": {"x": {"accept": "number", "value": "=w / 4", "wrong": [{"value": "=w * 4"}]}}},
    "sr": {"misconceptions": {"x:=w * 4": "Помножено је."}},
    "en": {"misconceptions": {"x:=w * 4": "Multiplied."}},
}


def changed(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(document) | changes


def test_what_is_a_family() -> None:
    assert [is_family(one) for one in (DRAWN, LISTED, {"id": "ma-101"})] == [True, True, False]


def test_drawn_variants_differ_and_fulfil_the_conditions() -> None:
    variants = variants_of(DRAWN)
    assert [one["id"] for one in variants] == [f"fi-701-{number}" for number in range(1, 6)]
    assert len({(one["data"]["v"], one["data"]["t"]) for one in variants}) == 5
    for one in variants:
        v, t = Fraction(one["data"]["v"]), Fraction(one["data"]["t"])
        assert (Fraction(one["data"]["s"]), Fraction(one["data"]["wrong"])) == (v * t, v + t)
        assert v * t < 60
        assert not {"variants", "parameters", "derived"} & one.keys()


def test_the_same_seed_gives_the_same_variants_and_another_others() -> None:
    assert variants_of(DRAWN) == variants_of(copy.deepcopy(DRAWN))
    assert variants_of(DRAWN, seed=8) != variants_of(DRAWN)


def test_choices_move_and_the_key_and_misconceptions_follow() -> None:
    places = set()
    for one in variants_of(DRAWN, count=20):
        key = one["key"]["correct"]
        places.add(key)
        assert list(one["sr"]["choices"]) == ["a", "b", "c"]
        assert one["sr"]["choices"][key] == "[[s]] km"
        wrong = {one["sr"]["choices"][name]: text for name, text in one["sr"]["misconceptions"].items()}
        assert wrong == {"[[wrong]] km": "Сабрано је.", "[[v]] km": "То је пут за један сат."}
    assert places == {"a", "b", "c"}


def test_choices_stay_where_the_author_wants_it() -> None:
    still = changed(DRAWN, variants=DRAWN["variants"] | {"shuffle": False})
    assert {one["key"]["correct"] for one in variants_of(still)} == {"a"}


def test_listed_cases_bring_their_words_and_their_truth() -> None:
    first, second = variants_of(LISTED)
    assert (first["data"], first["sr"]["words"], first["en"]["words"]) == (
        {"n": 3},
        {"word": "три"},
        {"word": "three"},
    )
    assert [one["key"]["correct"] for one in (first, second)] == [
        {"1": False, "2": False},
        {"1": True, "2": False},
    ]


def test_numbers_of_the_key_and_the_names_of_wrong_entries_are_worked_out() -> None:
    (one,) = variants_of(changed(TYPED, parameters={"w": {"choose": [10]}}))
    assert one["key"]["fields"]["x"] == {"accept": "number", "value": "2.5", "wrong": [{"value": "40"}]}
    assert one["sr"]["misconceptions"] == {"x:40": "Помножено је."}


def test_a_variant_whose_choices_read_alike_is_not_built() -> None:
    # v = t = 2 gives s = 4 = v + t, and t = 1 gives s = v.
    narrow = changed(DRAWN, parameters={"v": {"choose": [2, 6]}, "t": {"choose": [2]}}, variants={"count": 1})
    assert [one["data"]["v"] for one in variants_of(narrow)] == [6]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"variants": {"count": 5, "where": ["s > 1000"]}}, "only 0 of 5 variants fulfil all conditions"),
        ({"variants": {"many": 3}}, "holds an unknown name"),
        ({"variants": {"count": 9}}, "is 9"),
        ({"cases": []}, "give parameters or cases, one of the two"),
        ({"parameters": {"v": {"from": 9, "to": 2}, "t": {"choose": [1]}}}, "is empty"),
        ({"parameters": {"v": {"from": "a", "to": 2}}}, "is no range of numbers"),
        ({"parameters": {"v": [1, 2]}}, "is no range"),
        ({"parameters": {"v": {"from": 1, "to": 10**12}}}, "has too many values"),
        ({"variants": {"where": "s > 3"}}, "a list of conditions"),
        ({"variants": {"seed": "x"}}, "is 'x'"),
        ({"variants": {"count": True}}, "is True"),
        ({"derived": {"s": "v * t", "v": "v + 1", "wrong": "v"}}, "is the name of another value"),
        ({"derived": {"s": "v * z", "wrong": "v"}}, "nothing is called 'z'"),
        ({"key": {"correct": "=v +"}}, "is no expression"),
    ],
)
def test_what_is_wrong_with_a_family_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(FamilyError, match=message):
        variants_of(changed(DRAWN, **changes))


def test_choices_that_read_alike_in_one_language_only_are_refused() -> None:
    english = {"cases": [{"en": {"x": "four", "y": "four"}, "sr": {"x": "четири", "y": "пет"}}]}
    texts = {"choices": {"a": "[[x]]", "b": "[[y]]"}}
    family = {"id": "sj-702", "interaction": "choice", "key": {"correct": "a"}, "sr": texts, "en": texts}
    with pytest.raises(FamilyError, match="two choices or a wrong entry read right"):
        variants_of(family | english)


def test_misconceptions_about_the_same_entry_are_not_built() -> None:
    texts = {"misconceptions": {"x:=w * 4": "…", "x:=w + 30": "…"}}
    same = changed(TYPED, parameters={"w": {"choose": [5, 10]}}, sr=texts, en=texts)
    assert [one["data"]["w"] for one in variants_of(same)] == [5]  # of 10 both are 40


def test_a_listed_case_that_breaks_a_condition_is_a_fault() -> None:
    with pytest.raises(FamilyError, match=r"\[\[cases\]\] 2: does not fulfil the conditions"):
        variants_of(changed(LISTED, variants={"where": ["n < 5"]}))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(12), 12),
        (Fraction(-11, 4), "-2.75"),
        (Fraction(1, 20), "0.05"),
        (Fraction(3, 7), "3/7"),
        (True, "true"),
    ],
)
def test_values_as_they_stand_in_a_source(value: Any, written: int | str) -> None:
    assert source_value(value) == written


FILE = """
id = "fi-701"
version = 1
standard = "FI.1.2.1"
interaction = "text_entry"
security = "released"
half_points = [0, 2]

[variants]
count = 3
where = ["whole(v * t)"]

[parameters]
v = {from = 4, to = 40, step = 2}
t = {choose = [2, 3, 4, "0.5"]}

[key.fields.s]
accept = "number"
value = "=v * t"
unit = "km"
wrong = [{value = "=v + t"}]

[sr]
stem = "Бицикл иде брзином [[v]] km/h. Колики пут пређе за [[t]] [[t|сат,сата,сати]]?"
explanation = "Пут је $[[v]] \\\\cdot [[t]]$."

[sr.fields]
s = "Пут је"

[sr.misconceptions]
"s:=v + t" = "Брзина и време се не сабирају."

[en]
stem = "A bicycle travels at [[v]] km/h. How far does it go in [[t]] [[t|hour,hours]]?"
explanation = "$[[v]] \\\\cdot [[t]]$"

[en.fields]
s = "The distance is"

[en.misconceptions]
"s:=v + t" = "Speed and time are not added."
"""


def test_a_family_file_gives_checked_items(tmp_path: Path) -> None:
    path = tmp_path / "fi-701.toml"
    path.write_text(FILE, "utf-8")
    assert find_problems(path) == []
    sources = read_variants(path)
    assert [source.ref for source in sources] == ["fi-701-1.1", "fi-701-2.1", "fi-701-3.1"]
    assert {source.family for source in sources} == {"fi-701"}
    for source in [*sources, *random_variants(path, count=20, seed=3)]:
        item = compile_item(source)
        assert Fraction(item.key["fields"]["s"]["value"]) == Fraction(source.data["v"]) * Fraction(
            source.data["t"]
        )
        assert item.family == "fi-701"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "fi-701"', 'id = "fi-702"', "write the name of the file"),
        ("[[v]] km/h. Колики", "[[w]] km/h. Колики", r"nothing in \[data\] is called \[\[w\]\]"),
        ("count = 3", "count = 7", "a whole number from 1 to 5"),
        ('s = "Пут је"', 'd = "Пут је"', "does not name exactly the fields"),
        ("[[t|сат,сата,сати]]", "[[t|сат,сати]]", "needs a number and 3 words"),
    ],
)
def test_a_fault_of_a_family_names_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "fi-701.toml"
    assert old in FILE
    path.write_text(FILE.replace(old, new, 1), "utf-8")
    faults = [str(fault) for fault in find_problems(path)]
    assert faults
    assert re.search(message, "\n".join(faults)), faults
