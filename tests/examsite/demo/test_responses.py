"""Has every outcome of every trial item a concrete response that earns exactly that?"""

from collections import Counter

import numpy as np
import pytest
from django.conf import settings

from exams.projection import readable
from exams.response_processing import score_response
from examsite.demo.responses import repertoire, written_texts
from scoring.categories import distinct_half_points
from tests.examsite.demo.items import FORMS, compiled, simulated
from tests.factories.newer_items import PLACES, SEVERAL, WORDS, WRITTEN, newer

each_item = pytest.mark.parametrize(
    "identifier",
    sorted(
        {name for items in FORMS.values() for name in items if compiled(name).interaction != "extended_text"}
    ),
)


def test_every_form_is_looked_at() -> None:
    assert {"ma-a", "ma-b", "sj-a"} <= set(FORMS)
    assert {len(items) for items in FORMS.values()} == {20}


@each_item
def test_every_category_has_responses_that_earn_it(identifier: str) -> None:
    item, pools = compiled(identifier), simulated(identifier).pools
    assert tuple(pools) == distinct_half_points(item.key["half_points"])
    for half_points, pool in pools.items():
        outcomes = [score_response(item.key, value) for value in pool.values]
        assert {(one.status, one.half_points) for one in outcomes} == {("answered", half_points)}


@each_item
def test_responses_are_of_shapes_that_a_phone_sends(identifier: str) -> None:
    for pool in simulated(identifier).pools.values():
        assert [readable(value) for value in pool.values] == pool.values


@each_item
def test_listed_misconceptions_are_among_the_wrong_responses(identifier: str) -> None:
    item = compiled(identifier)
    listed = set(item.texts["sr"]["solution"]["misconceptions"])
    given = {name for pool in simulated(identifier).pools.values() for v in pool.values for name in _names(v)}
    assert listed - given == set()


def _names(value: object) -> set[str]:
    """A response as misconceptions name it: "b", "x:20", "1" (a statement), "c,a,b", each tick."""
    if isinstance(value, dict):
        return {f"{part}:{one}".replace(",", ".") for part, one in value.items()} | set(value)
    return {",".join(value), *value} if isinstance(value, list) else {str(value)}


@pytest.mark.parametrize("identifier", [SEVERAL, WORDS, PLACES])
def test_ticks_earn_every_category_and_stand_in_the_order_of_the_item(identifier: str) -> None:
    item = newer(identifier)
    text = item.texts["sr"]
    listed = list(text["solution"]["misconceptions"])
    pools = repertoire(item.ref, item.key, text["content"], listed)
    assert tuple(pools) == (0, 1, 2)
    assert pools[2].values == [item.key["correct"]]
    for half_points, pool in pools.items():
        outcomes = [score_response(item.key, value) for value in pool.values]
        assert {(one.status, one.half_points) for one in outcomes} == {("answered", half_points)}
        assert all(value == sorted(value) and len(set(value)) == len(value) for value in pool.values)
    rng = np.random.default_rng(1)
    drawn = [pools[0].draw(rng) for _ in range(300)]
    explained = sum(any(name in value for name in listed) for value in drawn)
    assert explained > 200, "what misconceptions name is ticked most"


def test_a_long_text_with_many_words_has_a_repertoire_of_bounded_size() -> None:
    names = [str(number) for number in range(1, 26)]
    key = {
        "interaction": "select_words",
        "half_points": [0, 0, 0, 1, 1, 1, 1, 1, 2],
        "correct": names[::3][:8],
    }
    content = {"text": " ".join(f'<span data-word="{name}">реч</span>' for name in names)}
    pools = repertoire("sj-1.1", key, content, ["2"])
    assert tuple(pools) == (0, 1, 2)
    assert sum(len(pool.values) for pool in pools.values()) < 10_000


def test_nobodys_own_words_are_made_up() -> None:
    item = newer(WRITTEN)
    assert repertoire(item.ref, item.key, item.texts["sr"]["content"], []) == {}


def test_distractors_attract_unequally_and_misconceptions_most() -> None:
    key = {"interaction": "choice", "half_points": [0, 2], "correct": "a"}
    content = {"choices": [{"id": name, "html": name} for name in "abcd"]}
    wrong = repertoire("ma-1.1", key, content, ["b", "c"])[0]
    rng = np.random.default_rng(1)
    drawn = Counter(wrong.draw(rng) for _ in range(2_000))
    assert set(drawn) == {"b", "c", "d"}
    assert drawn["d"] < min(drawn["b"], drawn["c"])
    assert drawn["b"] != drawn["c"]


def test_decimals_are_written_with_comma_and_point() -> None:
    entry = {"accept": "number", "value": "3.6"}
    key = {"interaction": "text_entry", "half_points": [0, 2], "fields": {"x": entry}}
    pools = repertoire("ma-2.1", key, {}, ["x:7.2"])
    assert {value["x"] for value in pools[2].values} == {"3,6", "3.6"}
    assert {"7,2", "7.2", "3,5", "36"} <= {value["x"] for value in pools[0].values}


def test_words_are_written_as_they_are() -> None:
    entry = {"accept": "text", "values": ["проф. др"]}
    key = {"interaction": "text_entry", "half_points": [0, 2], "fields": {"x": entry}}
    pools = repertoire("sj-2.1", key, {}, ["x:професор д.р."])
    assert {value["x"] for pool in pools.values() for value in pool.values} == {"проф. др", "професор д.р."}


def test_one_part_may_be_left_blank_but_not_all() -> None:
    entry = {"accept": "number", "value": "3"}
    key = {"interaction": "text_entry", "half_points": [0, 1, 2], "fields": {"x": entry, "y": entry}}
    pools = repertoire("ma-3.1", key, {}, [])
    assert {"x": "3"} in pools[1].values
    assert {} not in pools[0].values


def test_written_texts_cover_every_outcome_of_their_items() -> None:
    texts = written_texts(settings.FIXTURES_DIR / "demo" / "written.toml")
    assert texts
    for identifier, pools in texts.items():
        item = compiled(identifier)
        assert item.interaction == "extended_text"
        assert list(pools) == sorted(set(item.key["half_points"]))
        for text in (text for pool in pools.values() for text in pool.values):
            assert score_response(item.key, text).status == "pending"
            assert len(text) <= item.key["longest"]
