"""Events in any order, any repetition and any splitting amount to the same responses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.projection import UNREADABLE, JournalEvent, Projection, project, readable, shown, value_of


def event(seq: int, kind: str, item: str, value: Any = None, **fields: Any) -> JournalEvent:
    return JournalEvent(
        **({"epoch": 1, "seq": seq, "kind": kind, "item_ref": item, "value": value, "late": False} | fields)
    )


def test_nothing_is_nothing() -> None:
    assert project([]) == Projection({}, frozenset(), frozenset(), frozenset())


def test_last_response_decides_and_clearing_is_one() -> None:
    found = project(
        [
            event(1, "seen", "b"),
            event(2, "response", "a", "x"),
            event(3, "response", "a", "y"),
            event(4, "response", "c", "z"),
            event(5, "response", "c", None),
            event(6, "hand_in", "", "candidate"),
            event(7, "unheard_of", "d"),
        ]
    )
    assert found == Projection({"a": "y", "c": None}, frozenset("abcd"), frozenset(), frozenset())


def test_a_hint_once_asked_for_stays_and_makes_no_response() -> None:
    happened = [event(1, "hint", "a"), event(2, "response", "a", "x"), event(3, "hint", "b")]
    found = project(happened, practice=True)
    assert (found.hinted, found.responses, found.seen) == ({"a", "b"}, {"a": "x"}, {"a", "b"})


def test_who_has_seen_the_solution_cannot_respond_any_more() -> None:
    happened = [
        event(1, "response", "a", "wrong"),
        event(2, "check", "a"),
        event(3, "response", "a", "right", late=True),
        event(4, "check", "a"),
        event(1, "response", "a", "right", epoch=2, device="B"),
        event(2, "hint", "a", epoch=2, device="B"),
        event(3, "check", "b", epoch=2, device="B"),
        event(4, "response", "b", "right", epoch=2, device="B"),
    ]
    for events in (happened, happened[::-1]):
        found = project(events, practice=True)
        assert found == Projection(responses={"a": "wrong"}, seen=frozenset("ab"), checked=frozenset("ab"))


def test_a_trial_knows_no_checks_and_no_hints() -> None:
    honest = [event(1, "seen", "a"), event(4, "response", "a", "x")]
    forged = [event(2, "check", "a"), event(3, "hint", "a"), event(5, "hint", "b")]
    assert project([*honest, *forged]) == project(honest)


def test_a_hint_counts_before_the_first_check_only() -> None:
    happened = [event(1, "hint", "a"), event(2, "check", "a"), event(3, "check", "b"), event(4, "hint", "b")]
    assert project(happened, practice=True).hinted == {"a"}


def test_what_was_shown_in_its_order_with_what_was_said_of_it_first() -> None:
    how = {"place": 1, "reason": "find_out", "probability": 0.5, "propensity": 0.9, "policy": "gain-2"}
    happened = [
        event(1, "seen", "c", {"place": 0}),
        event(9, "seen", "b", how),
        event(10, "seen", "c", {"place": 7}),
        event(2, "seen", "a", {"for": "b"}, epoch=2),
        event(1, "seen", "d", epoch=3),
        event(12, "response", "e", "x"),
    ]
    for events in (happened, happened[::-1]):
        assert shown(events) == [
            ("c", {"place": 0}),
            ("b", {"place": 1, "reason": "find_out", "probability": 0.5}),
            ("a", {"for": "b"}),
            ("d", None),
        ]


@pytest.mark.parametrize(
    "value",
    ["x", ["for"], {"for": 5, "place": True}, {"for": "\ud800", "place": 10**400}, {"place": -1},
     {"probability": float("nan"), "reason": "a\x00"}, {"probability": float("inf"), "other": "a"}],
)  # fmt: skip
def test_what_was_forged_about_a_showing_reaches_no_phone(value: Any) -> None:
    assert shown([event(1, "seen", "a", value)]) == [("a", None)]


def test_newer_epoch_beats_higher_number() -> None:
    older = event(90, "response", "a", "old device")
    newer = event(1, "response", "a", "new device", epoch=2)
    assert project([older, newer]).responses == project([newer, older]).responses == {"a": "new device"}


def test_two_devices_in_one_epoch_are_told_apart_by_name() -> None:
    one = event(1, "response", "a", "one", device="A")
    two = event(1, "response", "a", "two", device="B")
    assert project([one, two]).responses == project([two, one]).responses == {"a": "two"}


def test_only_true_is_a_flag() -> None:
    events = [
        event(seq, "flag", item, value)
        for seq, (item, value) in enumerate(
            [("a", True), ("b", 1), ("c", "true"), ("d", True), ("d", False)], 1
        )
    ]
    assert project(events).flags == {"a"}


def test_late_belongs_to_the_response_that_decides() -> None:
    events = [
        event(1, "response", "a", "x", late=True),
        event(2, "response", "a", "y"),
        event(3, "response", "b", "x"),
        event(4, "response", "b", "y", late=True),
        event(5, "seen", "c", late=True),
    ]
    assert project(events).late == {"b"}


VALUES = (
    st.none()
    | st.text(max_size=3)
    | st.booleans()
    | st.dictionaries(st.sampled_from("12"), st.text(max_size=2))
)
EVENTS = st.lists(
    st.builds(
        JournalEvent,
        epoch=st.integers(1, 3),
        seq=st.integers(1, 20),
        kind=st.sampled_from(["seen", "response", "flag", "hand_in", "check", "hint", "other"]),
        item_ref=st.sampled_from(["", "a", "b", "c"]),
        value=VALUES,
        late=st.booleans(),
        device=st.sampled_from(["A", "B"]),
    ),
    max_size=25,
    # (sitting, device, seq) is unique in the journal.
    unique_by=lambda event: (event.device, event.seq),
)


@given(EVENTS, st.randoms(use_true_random=False), st.integers(1, 5), st.booleans())
def test_order_repetition_and_splitting_do_not_matter(
    events: list[JournalEvent], rng: Any, repeats: int, practice: bool
) -> None:
    expected = project(events, practice=practice)
    again = events * repeats
    rng.shuffle(again)
    assert project(again, practice=practice) == expected
    assert shown(again) == shown(events)
    # What is found for two parts of the items together is what is found for all.
    first, second = (
        [event for event in events if (event.item_ref == "a") == is_first] for is_first in (True, False)
    )
    assert {
        **project(first, practice=practice).responses,
        **project(second, practice=practice).responses,
    } == expected.responses
    assert project(first, practice=practice).seen | project(second, practice=practice).seen == expected.seen


@given(EVENTS)
def test_every_decision_is_some_event(events: list[JournalEvent]) -> None:
    found = project(events)
    assert set(found.responses) == {
        event.item_ref for event in events if event.kind == "response" and event.item_ref
    }
    assert found.late <= set(found.responses) <= found.seen
    assert found.flags <= found.seen
    for ref, value in found.responses.items():
        assert value in [
            readable(event.value) for event in events if (event.kind, event.item_ref) == ("response", ref)
        ]


@pytest.mark.parametrize(
    "value",
    [None, True, "b", "", "3,5 ч", ["c", "a"], [], {"1": True, "2": None, "x": "3"}, {}],
)
def test_shapes_that_phones_send_stay(value: Any) -> None:
    assert readable(value) == value


@pytest.mark.parametrize(
    "value",
    [
        5,
        1.5,
        float("nan"),
        "a\x00",
        "\ud800",
        ["a", 1],
        ["a\x00"],
        [["a"]],
        {"1": 2},
        {"1": ["a"]},
        {"\ud800": "a"},
        {"a": "\x00"},
    ],
)
def test_other_shapes_are_unreadable(value: Any) -> None:
    assert readable(value) == UNREADABLE


@given(
    st.recursive(
        VALUES | st.floats() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=6,
    )
)
def test_whatever_is_readable_can_be_stored(value: Any) -> None:
    stored = json.dumps(readable(value), ensure_ascii=False, allow_nan=False)
    assert "\x00" not in stored
    stored.encode("utf-8")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('{"value":"b"}', "b"),
        ('{"seq":1}', None),
        ('{"value":"a","value":"b"}', "b"),
        ('{"value":' + "9" * 5000 + "}", UNREADABLE),
        ('{"value":' + "[" * 50_000 + "]" * 50_000 + "}", UNREADABLE),
    ],
)
def test_value_of_an_event(body: str, value: Any) -> None:
    assert value_of(body) == value
