"""Has every outcome of every trial item a concrete response that earns exactly that?"""

from collections import Counter

import numpy as np
import pytest

from exams.projection import readable
from exams.response_processing import score_response
from examsite.demo.responses import repertoire
from scoring.categories import distinct_half_points
from tests.examsite.demo.items import FORMS, compiled, simulated

each_item = pytest.mark.parametrize("identifier", sorted({*FORMS["a"], *FORMS["b"]}))


def test_both_forms_are_looked_at() -> None:
    assert [(name, len(items)) for name, items in FORMS.items()] == [("a", 20), ("b", 20)]


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
    """A response as misconceptions name it: "b", "x:20", "1" (a statement), "c,a,b"."""
    if isinstance(value, dict):
        return {f"{part}:{one}".replace(",", ".") for part, one in value.items()} | set(value)
    return {",".join(value)} if isinstance(value, list) else {str(value)}


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


def test_one_part_may_be_left_blank_but_not_all() -> None:
    entry = {"accept": "number", "value": "3"}
    key = {"interaction": "text_entry", "half_points": [0, 1, 2], "fields": {"x": entry, "y": entry}}
    pools = repertoire("ma-3.1", key, {}, [])
    assert {"x": "3"} in pools[1].values
    assert {} not in pools[0].values
