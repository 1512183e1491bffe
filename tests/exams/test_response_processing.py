"""Does every response earn what the key says, and does nothing a phone may send break the scoring?"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.enums import InteractionType
from exams.response_processing import score_response

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[2] / "fixtures" / "vectors" / "responses.json").read_text("utf-8")
)
KEYS: dict[str, dict[str, Any]] = VECTORS["keys"]
SIGNS = {"T": True, "F": False, "-": None}

typed_numbers = st.text(alphabet="0123456789 .,/+-−½cm\u00a0", max_size=18)
each_key = pytest.mark.parametrize("name", KEYS)


@pytest.mark.parametrize(
    "case", VECTORS["cases"], ids=lambda case: f"{case['key']}: {json.dumps(case['value'])[:60]}"
)
def test_vector(case: dict[str, Any]) -> None:
    key = KEYS[case["key"]]
    outcome = score_response(key, case["value"])
    parts = case["parts"]
    if isinstance(parts, str):
        assert [*outcome.parts.values()] == [SIGNS[sign] for sign in parts]
    else:
        assert outcome.parts == {name: SIGNS[sign] for name, sign in parts.items()}
    assert outcome.half_points == case["half_points"]
    assert outcome.max_half_points == 2
    status = "omitted" if case.get("omitted") else "pending" if case.get("pending") else "answered"
    assert outcome.status == status


def test_vectors_cover_every_interaction_and_outcome() -> None:
    assert len(VECTORS["cases"]) >= 300
    seen: dict[str, set[int]] = {}
    expected = {str(interaction): [-1, 0, 1, 2] for interaction in InteractionType}
    expected |= {"choice": [-1, 0, 2], "extended_text": [-1, 0]}
    for case in VECTORS["cases"]:
        interaction = KEYS[case["key"]]["interaction"]
        seen.setdefault(interaction, set()).add(-1 if case.get("omitted") else case["half_points"])
    assert {name: sorted(points) for name, points in seen.items()} == expected


@each_key
@pytest.mark.parametrize("junk", VECTORS["junk"], ids=lambda junk: json.dumps(junk)[:40])
def test_junk_earns_nothing(name: str, junk: Any) -> None:
    outcome = score_response(KEYS[name], junk)
    assert outcome.half_points == 0


@each_key
def test_nothing_is_omitted(name: str) -> None:
    outcome = score_response(KEYS[name], None)
    assert outcome.status == "omitted"
    assert outcome.half_points == 0
    assert set(outcome.parts.values()) == {None}


def test_deep_nesting_is_no_trap() -> None:
    value: Any = "b"
    for _ in range(100_000):
        value = [value]
    for key in KEYS.values():
        assert score_response(key, value).half_points == 0
    while isinstance(value, list):  # unpeeled by hand: freeing it at once would recurse
        value = value[0]


@given(text=st.text(max_size=80) | typed_numbers)
def test_any_typed_text_is_judged(text: str) -> None:
    for name in ("number", "reduced", "tolerance", "word"):
        assert score_response(KEYS[name], {"x": text}).half_points in (0, 2)


@given(whole=st.integers(0, 999_999), thousandths=st.integers(0, 999), is_negative=st.booleans())
def test_every_way_of_writing_a_number_is_read(whole: int, thousandths: int, is_negative: bool) -> None:
    sign = "-" if is_negative else ""
    key = {
        "interaction": "text_entry",
        "half_points": [0, 2],
        "fields": {"x": {"accept": "number", "value": f"{sign}{whole}.{thousandths:03}"}},
    }
    grouped = f"{whole:,}"
    for text in (
        f"{sign}{whole}.{thousandths:03}",
        f"{sign}{whole},{thousandths:03}",
        f"{sign}{grouped}.{thousandths:03}",
        f"{sign}{grouped.replace(',', '.')},{thousandths:03}",
        f"{sign}{grouped.replace(',', ' ')},{thousandths:03}",
        f"{sign}{whole * 1000 + thousandths}/1000",
        f"{sign}{whole} {thousandths}/1000",
        f"{sign}{whole},{thousandths:03}0",
    ):
        assert score_response(key, {"x": text}).half_points == 2, text


@given(value=st.integers(1, 10**6), other=st.integers(1, 10**6))
def test_another_whole_number_is_wrong(value: int, other: int) -> None:
    key = {
        "interaction": "text_entry",
        "half_points": [0, 2],
        "fields": {"x": {"accept": "number", "value": str(value)}},
    }
    assert (score_response(key, {"x": str(other)}).half_points == 2) == (value == other)
