"""What holds of every response to every interaction, and is it the same on the phone?

All right, all wrong, every part of it, nothing, and whatever else JSON can say. The keys are those of the
vectors, several for each interaction.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.enums import InteractionType
from exams.response_processing import SELECTIONS, ItemOutcome, score_response
from tests.browser_twin import in_browser
from tests.exams.items.responses import right_response
from tests.exams.test_response_processing import KEYS, VECTORS

TICKED = sorted(name for name, key in KEYS.items() if key["interaction"] in SELECTIONS)
BY_PARTS = sorted(
    name for name, key in KEYS.items() if key["interaction"] not in (*SELECTIONS, "choice", "extended_text")
)
IDS = ["1", "2", "3", "4", "11", "x", "y", "p", "a", "b", "c", "d", "e", "f", ""]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=5),
    max_leaves=8,
)
known_ids = st.sampled_from(IDS)
near_misses = (
    st.dictionaries(known_ids, json_values | known_ids | st.booleans())
    | st.lists(known_ids | json_values, max_size=6)
    | st.lists(known_ids, max_size=8)
)
each_key = pytest.mark.parametrize("name", KEYS)


def test_every_interaction_has_a_key() -> None:
    assert {key["interaction"] for key in KEYS.values()} == set(map(str, InteractionType))


@each_key
def test_all_right(name: str) -> None:
    key = KEYS[name]
    outcome = score_response(key, right_response(key))
    if key["interaction"] == "extended_text":
        assert (outcome.status, outcome.half_points, dict(outcome.parts)) == ("pending", 0, {"1": None})
    else:
        assert (outcome.status, outcome.half_points) == ("answered", outcome.max_half_points)
        assert set(outcome.parts.values()) == {True}


@each_key
def test_all_wrong(name: str) -> None:
    key = KEYS[name]
    outcome = score_response(key, _all_wrong(key))
    assert (outcome.status, outcome.half_points) == ("answered", 0)
    assert True not in outcome.parts.values()


def _all_wrong(key: dict[str, Any]) -> Any:
    right = right_response(key)
    match key["interaction"]:
        case "choice":
            return "z"
        case "true_false":
            return {part: not truth for part, truth in right.items()}
        case "order":
            return [*right[1:], right[0]]
        case "multiple_choice" | "select_words" | "hotspot":
            return ["y", "z"]
        case "extended_text":
            return 7
        case _:
            return dict.fromkeys(right, "z")


@pytest.mark.parametrize("name", BY_PARTS)
def test_each_part_counts_for_itself_and_one_more_never_earns_less(name: str) -> None:
    key = KEYS[name]
    right, wrong = right_response(key), _all_wrong(key)
    parts = [*right] if isinstance(right, dict) else [*range(len(right))]
    for chosen in product((None, False, True), repeat=len(parts)):
        if isinstance(right, list) and False in chosen:
            continue  # a choice in a wrong place is one that another place lacks
        value = _composed(right, wrong, parts, chosen)
        outcome = score_response(key, value)
        if any(part is not None for part in chosen):
            assert tuple(outcome.parts.values()) == chosen, value
        assert outcome.half_points == key["half_points"][chosen.count(True)]
        assert outcome.status == ("omitted" if set(chosen) == {None} else "answered")
    assert key["half_points"] == sorted(key["half_points"])


def _composed(right: Any, wrong: Any, parts: list[Any], chosen: tuple[bool | None, ...]) -> Any:
    sides = {
        part: (right if side else wrong) for part, side in zip(parts, chosen, strict=True) if side is not None
    }
    if isinstance(right, list):
        return [sides[part][part] if part in sides else None for part in parts]
    return {part: side[part] for part, side in sides.items()}


@pytest.mark.parametrize("name", TICKED)
def test_every_set_of_ticks(name: str) -> None:
    """A right tick earns, a wrong one takes away, and the table says how much."""
    key = KEYS[name]
    things = [*key["correct"], "w1", "w2", "w3", "w4"]
    for number in range(len(things) + 1):
        for ticks in combinations(things, number):
            right = sum(tick in key["correct"] for tick in ticks)
            outcome = score_response(key, list(ticks))
            assert outcome.half_points == key["half_points"][max(0, 2 * right - len(ticks))]
            assert outcome.status == ("answered" if ticks else "omitted")
            assert {part for part, side in outcome.parts.items() if side is not None} == set(ticks)


@settings(max_examples=300)
@given(name=st.sampled_from(TICKED), ticks=st.lists(known_ids, max_size=9), more=known_ids)
def test_a_wrong_or_repeated_tick_never_earns_more(name: str, ticks: list[str], more: str) -> None:
    key = KEYS[name]
    if more in ticks or more not in key["correct"]:
        assert score_response(key, [*ticks, more]).half_points <= score_response(key, ticks).half_points


@settings(max_examples=100)
@given(name=st.sampled_from(TICKED), ticks=st.lists(known_ids, max_size=6), shuffled=st.randoms())
def test_ticks_have_no_order(name: str, ticks: list[str], shuffled: random.Random) -> None:
    other = [*ticks]
    shuffled.shuffle(other)
    assert score_response(KEYS[name], ticks) == score_response(KEYS[name], other)


@each_key
@pytest.mark.parametrize(
    "value", [None, "", " ", "\n\u00a0", [], {}, [None], ["", None], {"x": ""}, {"1": None}]
)
def test_nothing_is_omitted(name: str, value: Any) -> None:
    outcome = score_response(KEYS[name], value)
    assert (outcome.status, outcome.half_points, set(outcome.parts.values())) == ("omitted", 0, {None})


@settings(max_examples=500)
@given(name=st.sampled_from(sorted(KEYS)), value=json_values | near_misses)
def test_whatever_arrives_has_an_outcome(name: str, value: Any) -> None:
    _check(KEYS[name], value, score_response(KEYS[name], value))


def _check(key: dict[str, Any], value: Any, outcome: ItemOutcome) -> None:
    right = sum(part is True for part in outcome.parts.values())
    wrong = sum(part is False for part in outcome.parts.values())
    counted = max(0, right - wrong) if key["interaction"] in SELECTIONS else right
    assert outcome.half_points == key["half_points"][counted]
    assert outcome.max_half_points == key["half_points"][-1]
    asked = set(key.get("correct", ())) if key["interaction"] in SELECTIONS else set(outcome.parts)
    assert asked <= set(outcome.parts)
    assert len(asked) == len(key["half_points"]) - 1 or key["interaction"] == "extended_text"
    match outcome.status:
        case "omitted":
            assert set(outcome.parts.values()) == {None}
        case "pending":
            assert key["interaction"] == "extended_text"
            assert isinstance(value, str)
            assert value.strip()
        case _:
            assert value not in (None, "", [], {})


# ---- The same on the phone -------------------------------------------------------------------------
def test_phone_and_server_agree_on_two_thousand_responses() -> None:
    rng = random.Random(2026)
    calls = [(name, value) for name in KEYS for value in _many(KEYS[name], rng)]
    assert len(calls) >= 2_000
    told = in_browser(
        "response_processing.js", "scoreResponse", [(KEYS[name], value) for name, value in calls]
    )
    for (name, value), phone in zip(calls, told, strict=True):
        server = score_response(KEYS[name], value)
        assert phone == {
            "halfPoints": server.half_points,
            "maxHalfPoints": server.max_half_points,
            "parts": dict(server.parts),
            "status": server.status,
        }, (name, value)


def _many(key: dict[str, Any], rng: random.Random) -> Iterator[Any]:
    right = right_response(key)
    yield from (right, _all_wrong(key), *VECTORS["junk"])
    yield from (_junk(rng, 3) for _ in range(20))
    for _ in range(40):
        if isinstance(right, dict):
            yield {part: _near(one, rng) for part, one in right.items() if rng.random() < 0.8}
        elif isinstance(right, list):
            yield [_near(one, rng) for one in rng.sample([*right, *IDS], rng.randint(1, 6))]
        else:
            yield _near(right, rng)


def _near(one: Any, rng: random.Random) -> Any:
    """The value itself mostly, else as it may be typed, or something like it, or not at all like it."""
    if not isinstance(one, str):
        return one if rng.random() < 0.6 else rng.choice([not one, None, 1, "true", ""])
    marks = str.maketrans("ЧћшжђČćšžđ", "CcszdCcszd")
    written = [
        one.upper(),
        one.lower(),
        one.capitalize(),
        f" {one}.",
        one.replace(".", ","),
        one.translate(marks),
    ]
    spoilt = [f"{one}x", one[:-1], f"{one}{one}", one.replace("д", "d"), f"{one} cm", rng.choice(IDS)]
    return rng.choice([one, one, one, *written, *spoilt, _junk(rng, 2)])


def _junk(rng: random.Random, depth: int) -> Any:
    kind = rng.randrange(8 if depth else 6)
    if kind == 6:
        return [_junk(rng, depth - 1) for _ in range(rng.randrange(4))]
    if kind == 7:
        return {rng.choice(IDS): _junk(rng, depth - 1) for _ in range(rng.randrange(4))}
    letters = "абвђљњџ ЉЂЧ abcčćžšđDŽx12,./−½.\n\u00a0<>&_"
    text = "".join(rng.choices(letters, k=rng.randrange(12)))
    return [None, rng.random() < 0.5, rng.randrange(-3, 20), rng.random(), text, rng.choice(IDS)][kind]
