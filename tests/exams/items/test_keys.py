"""Is every item of the bank sound: source, key, proof, solution and both languages?"""

import copy
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from exams.item_families import is_family
from exams.item_slots import words_of
from exams.item_source import (
    CompiledItem,
    ItemSource,
    compile_item,
    find_problems,
    item_files,
    random_variants,
    read_variants,
)
from exams.markup import split_formulas
from exams.response_processing import score_response
from tests.exams.items.check_proof import disagreements
from tests.exams.items.proofs import registry
from tests.exams.items.responses import right_response, wrong_responses

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = sorted(path for path in (ROOT / "fixtures" / "items").iterdir() if path.is_dir())
FILES = {path.stem: path for folder in FOLDERS for path in item_files(folder)}
LANGUAGES = ("sr", "en")
KEY_NAMES = {"correct", "value", "values", "accept", "half_points", "tolerance", "form", "wrong", "key"}
SOLUTION_NAMES = {"explanation", "misconceptions", "key_text", "solution", "rubric"}
COMPUTABLE = {"MA", "FI", "HE"}
RANDOM_VARIANTS = 100

each_file = pytest.mark.parametrize("name", FILES)


@cache
def _compiled(name: str) -> list[tuple[ItemSource, CompiledItem]]:
    if find_problems(FILES[name]):
        return []
    return [(source, compile_item(source)) for source in read_variants(FILES[name])]


def _sound(name: str) -> list[tuple[ItemSource, CompiledItem]]:
    """The item of a file or the variants of a family, or a failure that points to where faults are listed."""
    compiled = _compiled(name)
    if not compiled:
        pytest.fail(f"{name}: the source has faults, see test_source_has_no_faults", pytrace=False)
    return compiled


def _report(faults: list[str]) -> None:
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def _needs_proof(source: ItemSource) -> bool:
    """In the subjects that compute: whatever is built from numbers, or asks for one."""
    entries = source.key.get("fields", source.key.get("gaps", {}))
    numbers = any(entry["accept"] == "number" for entry in entries.values())
    drawn = is_family(_document(source.path.stem))
    return source.subject == "MA" or (source.subject in COMPUTABLE and bool(source.data or numbers or drawn))


@cache
def _document(name: str) -> dict[str, Any]:
    return tomllib.loads(FILES[name].read_text(encoding="utf-8"))


def test_bank_is_not_empty() -> None:
    assert FILES


@each_file
def test_source_has_no_faults(name: str) -> None:
    _report([str(fault) for fault in find_problems(FILES[name])])


def test_every_proof_module_loads() -> None:
    failures = registry.load_failures()
    assert not failures, "\n".join(f"{module}.py: {error}" for module, error in failures.items())


def test_every_proof_has_an_item() -> None:
    assert sorted(registry.proved_identifiers() - FILES.keys()) == []


@each_file
def test_proof_agrees_with_key(name: str) -> None:
    """Of a family: on the variants of the bank and on a hundred that nobody has seen."""
    faults = []
    proofs = registry.proofs_of(name)
    for source, item in _sound(name):
        if len(proofs) != 1 and (proofs or _needs_proof(source)):
            pytest.fail(f"{name}: has {len(proofs)} proofs, needs exactly one", pytrace=False)
        faults += [f"{item.ref}: {one}" for proof in proofs for one in _faults(source, item, proof(source))]
    if proofs and is_family(_document(name)):
        for source in random_variants(FILES[name], count=RANDOM_VARIANTS, seed=20_201):
            found = _faults(source, compile_item(source), proofs[0](source))
            faults += [f"{dict(source.data)}: {one}" for one in found]
    _report(faults)


def _faults(source: ItemSource, item: CompiledItem, proof: Any) -> list[str]:
    return list(disagreements(source, item.key, proof))


@each_file
def test_proof_would_notice_another_key(name: str) -> None:
    for source, item in _sound(name):
        for proof in registry.proofs_of(name):
            other = compile_item(_with_another_key(source)).key
            assert _faults(source, item, proof(source)) == [], item.ref
            assert list(disagreements(source, other, proof(source))), item.ref


@each_file
def test_right_response_earns_everything(name: str) -> None:
    for source, item in _sound(name):
        if source.interaction == "extended_text":
            continue
        outcome = score_response(item.key, right_response(item.key))
        assert set(outcome.parts) == set(source.parts)
        assert all(outcome.parts.values()), f"{item.ref}: {dict(outcome.parts)}"
        assert outcome.half_points == outcome.max_half_points == 2


@each_file
def test_every_other_value_is_wrong(name: str) -> None:
    faults = []
    for source, item in _sound(name):
        for part, description, response in wrong_responses(source, item.key):
            outcome = score_response(item.key, response)
            if outcome.parts[part] is not False:
                faults.append(f"{item.ref}, part {part}: {description} counts as right")
            if outcome.half_points == outcome.max_half_points:
                faults.append(f"{item.ref}, part {part}: {description} earns {outcome.half_points}")
    _report(faults)


@each_file
def test_content_holds_no_key_material(name: str) -> None:
    for _source, item in _sound(name):
        for language in LANGUAGES:
            content = item.texts[language]["content"]
            assert not set(_names(content)) & (KEY_NAMES | SOLUTION_NAMES), f"{item.ref}, {language}"
            explanation = item.texts[language]["solution"]["explanation"]
            assert explanation not in json.dumps(content, ensure_ascii=False)


@each_file
def test_content_does_not_depend_on_the_key(name: str) -> None:
    """With another key the candidate sees the very same bytes, so nothing of it shows through."""
    for source, item in _sound(name):
        if source.interaction == "extended_text":
            continue
        other = compile_item(_with_another_key(source))
        assert other.key != item.key
        for language in LANGUAGES:
            assert other.texts[language]["content"] == item.texts[language]["content"], item.ref


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
    return replace(source, document=document)


def _falsify(key: dict[str, Any], source: ItemSource) -> None:
    match source.interaction:
        case "choice":
            key["correct"] = next(name for name in source.choices("sr") if name != key["correct"])
        case "order":
            key["correct"] = key["correct"][::-1]
        case "multiple_choice" | "hotspot":
            key["correct"] = [name for name in source.choices("sr") if name not in key["correct"]]
        case "select_words":
            key["correct"] = [
                name for name, _ in words_of(source.document["sr"]["text"]) if name not in key["correct"]
            ]
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


@each_file
def test_languages_carry_the_same_numbers_and_formulas(name: str) -> None:
    """So that a proof over the options of one language holds for the other."""
    faults = []
    for source, item in _sound(name) if registry.proofs_of(name) else []:
        texts = {language: _options(source, language) for language in LANGUAGES}
        for place, text in texts["sr"].items():
            serbian, english = _substance(text, "sr"), _substance(texts["en"][place], "en")
            if serbian != english:
                faults.append(f"{item.ref}, {place}: {serbian} in Serbian, {english} in English")
    _report(faults)


def _options(source: ItemSource, language: Any) -> dict[str, str]:
    """Every choice, row, statement and gap choice by its place, without material: that is one text."""
    found = {}
    for table in ("choices", "rows", "statements"):
        if source.spoken("en", table) == "en":
            found |= {f"{table} {one}": text for one, text in source.texts(language, table).items()}
    if source.spoken("en", "gaps") == "en":
        for gap in source.document[language].get("gaps", {}):
            found |= {f"gap {gap} {one}": text for one, text in source.gap_choices(language, gap).items()}
    return found


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
