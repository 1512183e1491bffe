"""No paper of a trial says anything about what is right, and only released items travel with their keys."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.conf import settings

from exams.delivery.paper import FormContent, KeyWouldLeak, PaperItem, build_paper
from tests.factories.exams import compiled

LANGUAGES = ("sr", "en")
FORMS = tuple(sorted(path.stem for path in (settings.FIXTURES_DIR / "forms").glob("*.toml")))

# Everything a trial paper may say, by interaction. A name that is not here is a leak until proven otherwise.
ITEM = {"ref", "n", "interaction", "max", "content"}
CONTENT = {
    "choice": {"stem", "choices"},
    "true_false": {"stem", "statements"},
    "match": {"stem", "rows", "choices"},
    "order": {"stem", "choices"},
    "text_entry": {"stem", "fields"},
    "cloze": {"stem", "text", "gaps"},
    "multiple_choice": {"stem", "choices"},
    "select_words": {"stem", "text"},
    "hotspot": {"stem", "choices"},
    "extended_text": {"stem", "longest"},
}
PARTS = {
    "choices": {"id", "html"},
    "rows": {"id", "html"},
    "statements": {"id", "html"},
    "fields": {"id", "label", "unit", "kind"},
    "gaps": {"kind", "choices", "unit"},
}


@cache
def form(name: str) -> dict[str, Any]:
    path = settings.FIXTURES_DIR / "forms" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def paper_item(identifier: str, language: str, **overrides: Any) -> PaperItem:
    item = compiled(identifier)
    fields: dict[str, Any] = {
        "ref": item.ref,
        "interaction": item.interaction,
        "max_half_points": max(item.key["half_points"]),
        "content": item.texts[language]["content"],
        "released": item.security == "released",
        "key": item.key,
        "solution": item.texts[language]["solution"],
        "selection": None,
        "domain_code": item.domain,
        "domain_title": "Geometry",
    }
    return PaperItem(**(fields | overrides))


def content(purpose: str, language: str, *items: PaperItem) -> FormContent:
    return FormContent("0b5f8f4e-0000-4000-8000-000000000001", language, purpose, "Title", items)


def trial_paper(name: str, language: str) -> dict[str, Any]:
    items = [paper_item(identifier, language) for identifier in form(name)["items"]]
    return build_paper(content("trial", language, *items))


def texts_within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_within(inner)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_trial_paper_says_only_what_the_item_needs(name: str, language: str) -> None:
    paper = trial_paper(name, language)
    assert set(paper) - {"stimuli"} == {"v", "form", "language", "purpose", "title", "items"}
    shared = {item["content"].pop("stimulus") for item in paper["items"] if "stimulus" in item["content"]}
    assert set(paper.get("stimuli", {})) == shared
    assert all(set(stimulus) == {"title", "html"} for stimulus in paper.get("stimuli", {}).values())
    assert [item["n"] for item in paper["items"]] == list(range(1, 21))
    for item in paper["items"]:
        assert set(item) == ITEM
        assert set(item["content"]) == CONTENT[item["interaction"]], item["ref"]
        for part in set(item["content"]) & set(PARTS):
            held = item["content"][part]
            for row in held.values() if isinstance(held, dict) else held:
                assert set(row) <= PARTS[part], (item["ref"], part)
                for choice in row.get("choices", []):
                    assert set(choice) == {"id", "html"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_nothing_of_a_solution_is_in_a_trial_paper(name: str, language: str) -> None:
    paper = trial_paper(name, language)
    everything = json.dumps(paper, ensure_ascii=False)
    for identifier, item in zip(form(name)["items"], paper["items"], strict=True):
        solution = compiled(identifier).texts[language]["solution"]
        secrets = [solution["explanation"], *solution["misconceptions"].values(), solution.get("rubric", "")]
        assert secrets[0]
        assert [text for text in texts_within(secrets) if text and text in everything] == []
        for word in ("correct", "half_points", "accept", "misconception", "explanation", "solution", "key"):
            assert f'"{word}' not in json.dumps(item), (identifier, word)


@pytest.mark.parametrize("name", FORMS)
def test_order_of_what_is_shown_does_not_follow_the_key(name: str) -> None:
    orders = [compiled(identifier) for identifier in form(name)["items"]]
    for item in (item for item in orders if item.interaction in ("order", "match")):
        correct = item.key["correct"]
        right = correct if isinstance(correct, list) else list(correct.values())
        shown = [choice["id"] for choice in item.texts["sr"]["content"]["choices"]]
        assert shown[: len(right)] != right, item.ref


def test_paper_to_the_byte() -> None:
    item = PaperItem(
        "ma-1.1", "choice", 2, {"stem": "<p>?</p>"}, False, {"k": 1}, {"s": 1}, {"r": 1}, "MA.1", "D"
    )
    assert build_paper(content("trial", "sr", item)) == {
        "v": 1,
        "form": "0b5f8f4e-0000-4000-8000-000000000001",
        "language": "sr",
        "purpose": "trial",
        "title": "Title",
        "items": [
            {"ref": "ma-1.1", "n": 1, "interaction": "choice", "max": 2, "content": {"stem": "<p>?</p>"}}
        ],
    }


def test_released_item_of_a_trial_has_no_key_either() -> None:
    (item,) = build_paper(content("trial", "en", paper_item("ma-501", "en")))["items"]
    assert set(item) == ITEM


def test_practice_paper_carries_what_feedback_needs() -> None:
    chosen = paper_item("ma-501", "en", selection={"reason": "weak_domain", "probability": 0.71})
    (item,) = build_paper(content("practice", "en", chosen))["items"]
    source = compiled("ma-501")
    assert item["solution"] == {"key": source.key, **source.texts["en"]["solution"]}
    assert (item["role"], item["family"], "for" in item) == ("main", "", False)
    assert item["why"] == {
        "reason": "weak_domain",
        "probability": 0.71,
        "domain": {"code": source.domain, "title": "Geometry"},
    }
    (bare,) = build_paper(content("practice", "en", paper_item("ma-501", "en")))["items"]
    assert (bare["why"]["reason"], bare["why"]["probability"]) == ("", None)


def test_a_practice_paper_says_what_stands_by_for_what_and_helps_with_the_first_step() -> None:
    spare = paper_item(
        "ma-501",
        "en",
        selection={"role": "spare", "for": "ma-502.1"},
        standard_code="MA.1.1.2",
        standard_title="Decimals",
        family="ma-700",
        hint="<p>First look.</p>",
    )
    (item,) = build_paper(content("practice", "en", spare))["items"]
    assert (item["role"], item["for"], item["family"]) == ("spare", "ma-502.1", "ma-700")
    assert item["standard"] == {"code": "MA.1.1.2", "title": "Decimals"}
    assert item["solution"]["hint"] == "<p>First look.</p>"
    (of_trial,) = build_paper(content("trial", "en", spare))["items"]
    assert set(of_trial) == ITEM


def test_only_practice_carries_a_model() -> None:
    model = {"kind": "quick", "size": 5}
    for purpose in ("trial", "practice"):
        plain = content(purpose, "en", paper_item("ma-501", "en"))
        paper = build_paper(replace(plain, practice=model))
        assert paper.get("practice") == (model if purpose == "practice" else None)
        assert "practice" not in build_paper(plain)


def test_practice_with_a_trial_item_is_refused() -> None:
    items = [paper_item("ma-501", "sr"), paper_item("ma-102", "sr")]
    with pytest.raises(KeyWouldLeak, match=r"ma-102\.1 is not released"):
        build_paper(content("practice", "sr", *items))


def with_stimulus(ref: str, text: str) -> PaperItem:
    shared = {"id": "sj-s01", "title": "Read", "html": text}
    item = {"stem": "<p>?</p>", "stimulus": shared}
    return PaperItem(ref, "choice", 2, item, False, {}, {}, None, "SJ.1", "D")


def test_a_shared_stimulus_stands_once() -> None:
    paper = build_paper(
        content("trial", "sr", with_stimulus("sj-1.1", "<p>A</p>"), with_stimulus("sj-2.1", "<p>A</p>"))
    )
    assert paper["stimuli"] == {"sj-s01": {"title": "Read", "html": "<p>A</p>"}}
    assert [item["content"]["stimulus"] for item in paper["items"]] == ["sj-s01", "sj-s01"]


def test_two_texts_of_one_stimulus_both_reach_the_phone() -> None:
    items = (
        with_stimulus("sj-1.1", "<p>A</p>"),
        with_stimulus("sj-2.1", "<p>B</p>"),
        with_stimulus("sj-3.1", "<p>A</p>"),
        with_stimulus("sj-4.1", "<p>B</p>"),
    )
    paper = build_paper(content("practice", "sr", *(replace(item, released=True) for item in items)))
    assert {name: stimulus["html"] for name, stimulus in paper["stimuli"].items()} == {
        "sj-s01": "<p>A</p>",
        "sj-s01.2": "<p>B</p>",
    }
    assert [item["content"]["stimulus"] for item in paper["items"]] == [
        "sj-s01",
        "sj-s01.2",
        "sj-s01",
        "sj-s01.2",
    ]
