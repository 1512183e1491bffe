"""What is wrong with a bank as a whole, though every item of it reads?

Each fault names the place, what is wrong and the remedy, as those of a single item do.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, Final, NamedTuple

from accounts.transliteration import fold_script, to_latin
from exams.bank_files import FormSource, SubjectSource
from exams.item_document import LANGUAGES, ItemSource
from exams.item_source import compile_item
from exams.item_stimulus import SUFFIX
from exams.markup import Language, render, to_plain
from exams.preflight import TAP_AND_KEYBOARD
from exams.prerequisites import prerequisite_faults

LONGEST_STEM: Final = 95
LONGEST_SENTENCE: Final = 34
LARGEST_ITEM: Final = 14_000
"""Bytes of one language of an item as a phone gets it, before compression."""
ALIKE: Final = 0.85
FORM_LENGTH: Final = 20
FORM_LEVELS: Final = {1: 9, 2: 7, 3: 4}
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_SENTENCE_END: Final = re.compile(r"[.!?:](?:\s|$)|\n")
_LONE_LABEL: Final = re.compile(r"\s*[а-дА-Д]\s*")


class BankFault(NamedTuple):
    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message} ({self.remedy})"


def bank_faults(subjects: Sequence[SubjectSource]) -> Iterator[BankFault]:
    """Every fault: of single files first, then of items among each other, of files and of forms."""
    for subject in subjects:
        for standard, message, remedy in prerequisite_faults(subject.standards["standards"]):
            yield BankFault(f"standards/{subject.name}.toml {standard}", message, remedy)
        for problem in subject.problems:
            yield BankFault(
                f"{subject.name}/{problem.path.name} {problem.place}", problem.message, problem.remedy
            )
        for item in subject.items:
            yield from _item_faults(item)
            if item.standard not in subject.standard_codes:
                yield _fault(item, f"the standard {item.standard} is unknown", "add it to the framework")
        yield from _alike(subject.items)
        yield from _files_without_use(subject)
        for form in subject.forms:
            yield from _form_faults(form, subject)


def _fault(item: ItemSource, message: str, remedy: str, place: str = "") -> BankFault:
    return BankFault(f"{item.identifier}{' ' if place else ''}{place}", message, remedy)


def _item_faults(item: ItemSource) -> Iterator[BankFault]:
    if item.interaction not in TAP_AND_KEYBOARD:
        yield _fault(item, f"{item.interaction} cannot be answered by keyboard", "use another interaction")
    yield from _score_table_faults(item)
    yield from _order_faults(item)
    yield from _script_faults(item)
    yield from _length_faults(item)
    for language, text in compile_item(item).texts.items():
        size = len(json.dumps(text["content"], ensure_ascii=False).encode())
        if size > LARGEST_ITEM:
            yield _fault(item, f"[{language}] is {size:,} bytes on a phone", f"at most {LARGEST_ITEM:,}")
        yield from _reading_alike(item, language, text["content"])


def _score_table_faults(item: ItemSource) -> Iterator[BankFault]:
    """Half-points that no response can earn."""
    table = item.half_points
    if item.interaction == "order" and len(table) > 2 and table[-2] not in (table[-3], table[-1]):
        # With all places but one right, the last one is right too.
        yield _fault(
            item,
            f"{table[-2]} half-points for {len(table) - 2} places right can never be earned",
            "an order with one wrong place has two of them",
            "half_points",
        )
    if item.interaction == "match" and len(item.choices("sr")) == len(item.rows("sr")) and len(table) > 2:
        values = list(item.key["correct"].values())
        if len(set(values)) == len(values) and table[-2] not in (table[-3], table[-1]):
            yield _fault(
                item,
                "with as many choices as rows the last row answers itself",
                "add a choice that belongs nowhere",
                "[sr.choices]",
            )


def _order_faults(item: ItemSource) -> Iterator[BankFault]:
    """What is shown in the right order already asks nothing."""
    correct = item.key.get("correct")
    if item.interaction not in ("order", "match") or not correct:
        return
    right = list(correct.values()) if isinstance(correct, Mapping) else list(correct)
    if list(item.choices("sr"))[: len(right)] == right:
        yield _fault(item, "the choices stand in the order of the key", "mix them", "[sr.choices]")


def _script_faults(item: ItemSource) -> Iterator[BankFault]:
    """What reads well in Cyrillic and not in Latin letters."""
    for table in ("choices", "rows", "statements"):
        for name, text in item.texts("sr", table).items():
            if _LONE_LABEL.fullmatch(text):
                message = f"the lone letter {text.strip()!r} would change with the script"
                yield _fault(item, message, "use a number or a Latin letter", f"[sr.{table}] {name}")
    for part, entry in item.key.get("fields", item.key.get("gaps", {})).items():
        if entry["accept"] != "text" or "case" in entry:
            continue
        read = Counter(fold_script(value) for value in entry["values_sr"])
        for value, times in read.items():
            if times > 1:
                yield _fault(
                    item, f"{value!r} is accepted {times} times", "case and script never count", part
                )


def _reading_alike(item: ItemSource, language: str, content: Mapping[str, Any]) -> Iterator[BankFault]:
    """Two choices, rows or statements with the same words: one of them would be right by chance."""
    tables = {table: content.get(table, []) for table in ("choices", "rows", "statements")}
    for gap, entry in content.get("gaps", {}).items():
        tables[f"gaps.{gap}"] = entry.get("choices", [])
    for table, options in tables.items():
        read = Counter(to_latin(to_plain(option["html"])) for option in options)
        for text, times in read.items():
            if times > 1:
                message = (
                    f"{times} texts read {text!r} in Latin" if language == "sr" else f"{times} read {text!r}"
                )
                yield _fault(item, message, "tell them apart", f"[{language}.{table}]")


def _length_faults(item: ItemSource) -> Iterator[BankFault]:
    for language in LANGUAGES:
        stem = to_plain(render(item.text(language, "stem"), language))
        if (words := len(_WORD.findall(stem))) > LONGEST_STEM:
            yield _fault(item, f"has {words} words", f"at most {LONGEST_STEM}", f"[{language}] stem")
        for sentence in _SENTENCE_END.split(item.text(language, "stem")):
            if "|" not in sentence and (words := len(_WORD.findall(sentence))) > LONGEST_SENTENCE:
                message = f"a sentence of {words} words: {sentence.strip()[:40]!r}…"
                yield _fault(item, message, f"at most {LONGEST_SENTENCE}", f"[{language}] stem")


def _alike(items: Sequence[ItemSource]) -> Iterator[BankFault]:
    """Items that ask the same, or nearly, and are no variants of one family."""
    prints = [(item, _fingerprint(item)) for item in items]
    for (one, first), (other, second) in combinations(prints, 2):
        if one.family and one.family == other.family:
            continue
        if first and second and len(first & second) / len(first | second) >= ALIKE:
            yield _fault(one, f"asks nearly the same as {other.identifier}", "change or remove one of them")


def _fingerprint(item: ItemSource) -> frozenset[tuple[str, str]]:
    """Pairs of neighbouring words of everything a pupil reads; numbers count as they stand."""
    language: Language = "sr"
    texts = [item.text(language, "stem")]
    texts += [item.text(language, "text")] if "text" in item.document[language] else []
    for table in ("choices", "rows", "statements", "fields"):
        texts += sorted(item.texts(language, table).values())
    words = _WORD.findall(fold_script(" ".join(texts)))
    return frozenset(pairwise(words))


def _files_without_use(subject: SubjectSource) -> Iterator[BankFault]:
    items = subject.items
    stimuli = {item.stimulus.path.name: item.stimulus for item in items if item.stimulus is not None}
    figures = {str(item.document["figure"]) for item in items if "figure" in item.document}
    figures |= {str(one.document["figure"]) for one in stimuli.values() if "figure" in one.document}
    for path in sorted(subject.folder.iterdir()) if subject.folder.is_dir() else []:
        used = path.name in (figures if path.suffix == ".svg" else stimuli)
        if (path.suffix == ".svg" or path.name.endswith(SUFFIX)) and not used and not subject.problems:
            yield BankFault(f"{subject.name}/{path.name}", "no item uses it", "remove the file or name it")


def _form_faults(form: FormSource, subject: SubjectSource) -> Iterator[BankFault]:
    place = f"forms/{form.path.name}"
    by_name = {item.identifier: item for item in subject.items}
    faulty = {problem.path.stem for problem in subject.problems}
    if faulty & set(form.items):
        return  # what is wrong is said at the items
    for name in form.items:
        if name not in by_name:
            yield BankFault(place, f"{name} is no item of {subject.name} that reads", "correct the name")
    items = [by_name[name] for name in form.items if name in by_name]
    levels = Counter(item.level for item in items)
    if len(form.items) != FORM_LENGTH or dict(levels) != FORM_LEVELS:
        found = f"{levels[1]} basic, {levels[2]} intermediate, {levels[3]} advanced"
        yield BankFault(place, f"has {len(form.items)} items: {found}", "20 items: 9, 7 and 4")
    families = Counter(item.family for item in items if item.family)
    for name, times in families.items():
        if times > 1:
            yield BankFault(place, f"{times} variants of {name}", "one of a family in a form")
    for item in items:
        if item.security != "trial":
            yield BankFault(place, f"{item.identifier} is {item.security}", "a form holds trial items only")
    for name, times in Counter(form.items).items():
        if times > 1:
            yield BankFault(place, f"{name} stands {times} times", "keep it once")
    for name in form.anchors:
        if name not in form.items:
            yield BankFault(place, f"the anchor {name} is not among the items", "correct the name")
    yield from _stimulus_faults(place, items)


def _stimulus_faults(place: str, items: Iterable[ItemSource]) -> Iterator[BankFault]:
    """Items of one stimulus stand together, or a pupil would have to read it again."""
    runs = [item.stimulus.identifier if item.stimulus else "" for item in items]
    starts = Counter(name for name, before in zip(runs, ["", *runs], strict=False) if name and name != before)
    for name, times in starts.items():
        if times > 1:
            yield BankFault(place, f"the items of {name} are parted", "put them next to each other")


def standards_without_items(subject: SubjectSource) -> list[str]:
    """Codes of standards that no practice item covers."""
    covered = {item.standard for item in subject.items if item.security == "released"}
    return [code for code in subject.standard_codes if code not in covered]


def domains_without_items(subject: SubjectSource) -> list[str]:
    """Codes of domains that no practice item covers."""
    covered = {item.domain for item in subject.items if item.security == "released"}
    return [code for code in subject.domain_codes if code not in covered]
