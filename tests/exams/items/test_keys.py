"""Is every item of the bank sound: source, key, proof, solution and both languages?"""

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from exams.item_source import CompiledItem, ItemSource, compile_item, find_problems, read_item
from exams.markup import split_formulas
from exams.response_processing import score_response
from tests.exams.items.check_proof import disagreements
from tests.exams.items.proofs import registry
from tests.exams.items.responses import right_response, wrong_responses

ROOT = Path(__file__).resolve().parents[3]
FILES = {path.stem: path for path in sorted((ROOT / "fixtures" / "items").glob("*/*.toml"))}
LANGUAGES = ("sr", "en")
KEY_NAMES = {"correct", "value", "values", "accept", "half_points", "tolerance", "form", "wrong", "key"}
SOLUTION_NAMES = {"explanation", "misconceptions", "key_text", "solution"}

each_item = pytest.mark.parametrize("identifier", FILES)


@cache
def _compiled(identifier: str) -> tuple[ItemSource, CompiledItem] | None:
    path = FILES[identifier]
    if find_problems(path):
        return None
    source = read_item(path)
    return source, compile_item(source)


def _sound(identifier: str) -> tuple[ItemSource, CompiledItem]:
    """The item, or a failure that points to the test which lists its faults."""
    compiled = _compiled(identifier)
    if compiled is None:
        pytest.fail(f"{identifier}: the source has faults, see test_source_has_no_faults", pytrace=False)
    return compiled


def _report(identifier: str, faults: list[str]) -> None:
    if faults:
        pytest.fail("\n".join(f"{identifier}: {fault}" for fault in faults), pytrace=False)


def test_bank_is_not_empty() -> None:
    assert FILES


@each_item
def test_source_has_no_faults(identifier: str) -> None:
    faults = find_problems(FILES[identifier])
    if faults:
        pytest.fail("\n".join(map(str, faults)), pytrace=False)


def test_every_proof_module_loads() -> None:
    failures = registry.load_failures()
    assert not failures, "\n".join(f"{module}.py: {error}" for module, error in failures.items())


def test_every_proof_has_an_item() -> None:
    assert sorted(registry.proved_identifiers() - FILES.keys()) == []


@each_item
def test_proof_agrees_with_key(identifier: str) -> None:
    source, item = _sound(identifier)
    proofs = registry.proofs_of(identifier)
    if len(proofs) != 1:
        pytest.fail(f"{identifier}: has {len(proofs)} proofs, needs exactly one", pytrace=False)
    _report(identifier, list(disagreements(source, item.key, proofs[0](source))))


@each_item
def test_proof_would_notice_another_key(identifier: str) -> None:
    source, _item = _sound(identifier)
    proof = registry.proofs_of(identifier)[0](source) if registry.proofs_of(identifier) else {}
    assert list(disagreements(source, compile_item(_with_another_key(source)).key, proof)), identifier


@each_item
def test_right_response_earns_everything(identifier: str) -> None:
    source, item = _sound(identifier)
    outcome = score_response(item.key, right_response(item.key))
    assert set(outcome.parts) == set(source.parts)
    assert all(outcome.parts.values()), f"{identifier}: {dict(outcome.parts)}"
    assert outcome.half_points == outcome.max_half_points == 2


@each_item
def test_every_other_value_is_wrong(identifier: str) -> None:
    source, item = _sound(identifier)
    faults = []
    for part, description, response in wrong_responses(source, item.key):
        outcome = score_response(item.key, response)
        if outcome.parts[part] is not False:
            faults.append(f"part {part}: {description} counts as right")
        if outcome.half_points != source.half_points[sum(map(bool, outcome.parts.values()))]:
            faults.append(f"part {part}: {description} earns {outcome.half_points}")
    _report(identifier, faults)


@each_item
def test_content_holds_no_key_material(identifier: str) -> None:
    _source, item = _sound(identifier)
    for language in LANGUAGES:
        content = item.texts[language]["content"]
        assert not set(_names(content)) & (KEY_NAMES | SOLUTION_NAMES), f"{identifier}, {language}"
        assert item.texts[language]["solution"]["explanation"] not in json.dumps(content, ensure_ascii=False)


@each_item
def test_content_does_not_depend_on_the_key(identifier: str) -> None:
    """With another key the candidate sees the very same bytes, so nothing of it shows through."""
    source, item = _sound(identifier)
    other = compile_item(_with_another_key(source))
    assert other.key != item.key
    for language in LANGUAGES:
        assert other.texts[language]["content"] == item.texts[language]["content"], (
            f"{identifier}, {language}"
        )


def _names(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        yield from content
        for value in content.values():
            yield from _names(value)
    elif isinstance(content, list):
        for value in content:
            yield from _names(value)


def _with_another_key(source: ItemSource) -> ItemSource:
    document = copy.deepcopy(dict(source.document))
    _falsify(document["key"], source)
    return ItemSource(source.path, document, source.figure)


def _falsify(key: dict[str, Any], source: ItemSource) -> None:
    match source.interaction:
        case "choice":
            key["correct"] = next(name for name in source.choices("sr") if name != key["correct"])
        case "order":
            key["correct"] = key["correct"][::-1]
        case "true_false":
            key["correct"] = {part: not truth for part, truth in key["correct"].items()}
        case "match":
            key["correct"] = dict(zip(key["correct"], [*key["correct"].values()][::-1], strict=True))
        case _:
            for part, entry in key.get("fields", key.get("gaps")).items():
                if entry["accept"] == "choice":
                    others = source.gap_choices("sr", part).keys() - {entry["correct"]}
                    entry["correct"] = sorted(others)[0]
                elif entry["accept"] == "number":
                    entry["value"] = "987654"
                else:
                    entry["values_sr"] = entry["values_en"] = ["987654"]


@each_item
def test_languages_carry_the_same_numbers_and_formulas(identifier: str) -> None:
    """So that a proof over the options of one language holds for the other."""
    source, _item = _sound(identifier)
    tables = ("choices", "rows", "statements")
    texts = {language: {table: source.texts(language, table) for table in tables} for language in LANGUAGES}
    for language in LANGUAGES:
        for gap in source.document[language].get("gaps", {}):
            texts[language][f"gaps.{gap}"] = source.gap_choices(language, gap)
    faults = []
    for table, named in texts["sr"].items():
        for name, text in named.items():
            serbian, english = _substance(text, "sr"), _substance(texts["en"][table][name], "en")
            if serbian != english:
                faults.append(f"{table} {name}: {serbian} in Serbian, {english} in English")
    _report(identifier, faults)


def _substance(text: str, language: str) -> dict[str, int]:
    """Formulas and numbers of a text, written the same way for both languages."""
    found: Counter[str] = Counter()
    for is_formula, piece in split_formulas(text):
        if is_formula:
            found[piece.replace(r"\div", ":").replace(" ", "")] += 1
            continue
        group, decimal = (".", ",") if language == "sr" else (",", ".")
        # "16 ч" is "16:00" in English: a full hour is the same number.
        for number in re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"(?<=\d):00\b", "", piece)):
            found[number.replace(group, "").replace(decimal, ".")] += 1
    return dict(sorted(found.items()))
