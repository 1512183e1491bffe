"""Is the source of an item complete and consistent, and if not, what exactly is to be mended?

Each check yields Problem(place, message, remedy). The order matters: a check of details runs only
on a document whose outline was found sound.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from exams.item_document import INTERACTIONS, LANGUAGES, MATERIAL, STANDARD
from exams.item_entry_checks import entry_problems
from exams.item_material import material_faults
from exams.item_slots import words_of
from exams.response_processing import SELECTIONS


class Problem(NamedTuple):
    place: str
    message: str
    remedy: str


TOP_LEVEL: Final = frozenset(
    """id version standard interaction security half_points figure stimulus material notes data key
    sr en""".split()  # noqa: SIM905
)
SECURITIES: Final = ("trial", "released", "retired")
_TABLES: Final = {
    "choice": ("choices",),
    "true_false": ("statements",),
    "match": ("rows", "choices"),
    "order": ("choices",),
    "text_entry": ("fields",),
    "cloze": (),
    "multiple_choice": ("choices",),
    "select_words": (),
    "hotspot": ("choices",),
    "extended_text": (),
}
_KEY: Final[dict[str, tuple[str, type]]] = {
    "choice": ("correct", str),
    "true_false": ("correct", dict),
    "match": ("correct", dict),
    "order": ("correct", list),
    "text_entry": ("fields", dict),
    "cloze": ("gaps", dict),
    "multiple_choice": ("correct", list),
    "select_words": ("correct", list),
    "hotspot": ("correct", list),
    "extended_text": ("longest", int),
}
_TEXTS: Final = frozenset(
    """stem explanation text figure_alt choices rows statements fields gaps units labels
    misconceptions rubric words""".split()  # noqa: SIM905
)
_CHOICE_ID: Final = re.compile("[a-h]")
_DATA_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_IDENTIFIER: Final = re.compile(r"[a-z]{2}-\d{3}(-\d{1,3})?")
LONGEST_TEXT: Final = 1200


def outline_problems(document: Mapping[str, Any], file_stem: str, has_figure: bool) -> Iterator[Problem]:
    """What is missing or of the wrong kind in the frame of the document."""
    for name in document.keys() - TOP_LEVEL:
        yield Problem(name, "unknown name at the top level", "see the list of allowed names")
    if document.get("id") != file_stem or not _IDENTIFIER.fullmatch(file_stem):
        yield Problem(
            "id", f"is {document.get('id')!r}", "two letters, a hyphen, three digits, as the file name"
        )
    if not _is_whole(document.get("version")) or document["version"] < 1:
        yield Problem("version", "is not a whole number from 1", "write version = 1")
    if not STANDARD.fullmatch(str(document.get("standard", ""))):
        yield Problem(
            "standard", f"{document.get('standard')!r} is no code of a standard", 'write e.g. "MA.1.3.2"'
        )
    if document.get("interaction") not in INTERACTIONS:
        yield Problem(
            "interaction", f"{document.get('interaction')!r} is unknown", f"one of {', '.join(INTERACTIONS)}"
        )
    if document.get("security") not in SECURITIES:
        yield Problem(
            "security", f"{document.get('security')!r} is unknown", f"one of {', '.join(SECURITIES)}"
        )
    yield from _kind_problems(document)
    yield from _data_problems(document.get("data", {}))
    if "figure" in document and not has_figure:
        yield Problem(
            "figure", f"{document['figure']!r} is not beside the item", "add the file or remove the line"
        )
    for language in LANGUAGES:
        yield from _language_problems(document, language)
    yield from _key_outline_problems(document)


def _kind_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """What goes with some kinds of item only."""
    interaction = document.get("interaction")
    yield from (Problem(*fault) for fault in material_faults(document, MATERIAL))
    if not isinstance(document.get("notes", ""), str):
        yield Problem("notes", "is no text", "write it in quotation marks")
    if interaction == "hotspot" and "figure" not in document:
        yield Problem("figure", "a hotspot needs a figure with places", "add the drawing")
    if interaction == "extended_text" and document.get("security") == "released":
        yield Problem("security", "nobody marks written work in practice", "use trial or another interaction")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _data_problems(data: object) -> Iterator[Problem]:
    if not isinstance(data, Mapping):
        yield Problem("data", "is not a table", "write [data]")
        return
    for name, value in data.items():
        if not _DATA_NAME.fullmatch(name):
            yield Problem(f"[data] {name}", "is not a simple name", "Latin letters, digits and _")
        if not _is_whole(value) and not isinstance(value, str):
            yield Problem(
                f"[data] {name}", f"{value!r} is not exact", 'write a whole number, or "2.75", "3/8", a word'
            )


def _language_problems(document: Mapping[str, Any], language: str) -> Iterator[Problem]:
    texts = document.get(language)
    if not isinstance(texts, Mapping):
        yield Problem(f"[{language}]", "the language is missing", "write the item in both languages")
        return
    for name in texts.keys() - _TEXTS:
        yield Problem(f"[{language}] {name}", "unknown name", f"one of {', '.join(sorted(_TEXTS))}")
    needed = ["stem", "explanation"]
    needed += ["figure_alt"] if "figure" in document else []
    needed += ["text"] if document.get("interaction") in ("cloze", "select_words") else []
    needed += ["rubric"] if document.get("interaction") == "extended_text" else []
    for name in needed:
        if not isinstance(texts.get(name), str) or not texts[name].strip():
            yield Problem(f"[{language}] {name}", "is missing or empty", "write the text")
    tables = _TABLES.get(str(document.get("interaction")), ())
    if document.get("interaction") != "extended_text":
        tables = ("misconceptions", *tables)
    for name in tables:
        if not isinstance(texts.get(name), Mapping) or not texts[name]:
            yield Problem(f"[{language}.{name}]", "is missing or empty", "write the table")
    for place, text in walk_texts(texts, language):
        if not isinstance(text, str) or not text.strip():
            yield Problem(place, "is not a text or empty", "write the text in quotation marks")


def walk_texts(texts: Mapping[str, Any], language: str) -> Iterator[tuple[str, Any]]:
    """Every text of a language with the place it stands at: ("[sr.choices] a", "…")."""
    for name, value in texts.items():
        if not isinstance(value, Mapping):
            yield f"[{language}] {name}", value
            continue
        for inner, text in value.items():
            if isinstance(text, Mapping):
                yield from ((f"[{language}.{name}.{inner}] {choice}", one) for choice, one in text.items())
            else:
                yield f"[{language}.{name}] {inner}", text


def _key_outline_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    interaction, key = document.get("interaction"), document.get("key")
    if not isinstance(interaction, str) or interaction not in _KEY:
        return
    name, kind = _KEY[interaction]
    if not isinstance(key, Mapping) or not isinstance(key.get(name), kind) or not key[name]:
        yield Problem("key", f"{name} is missing or of the wrong kind", f"see the contract for {interaction}")
        return
    for other in key.keys() - {name}:
        yield Problem(f"key.{other}", f"has no meaning for {interaction}", "remove it")
    if isinstance(key[name], dict) and name != "correct":
        for part, entry in key[name].items():
            yield from (
                Problem(*problem) for problem in entry_problems(interaction, f"key.{name}.{part}", entry)
            )


def detail_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """What does not fit together in a document whose outline is sound."""
    yield from _half_point_problems(document)
    yield from _id_problems(document)
    yield from _correct_problems(document)
    if document["interaction"] == "cloze":
        yield from _gap_problems(document)
    if document["interaction"] in SELECTIONS:
        yield from _selection_problems(document)


def part_count(document: Mapping[str, Any]) -> int:
    """How many parts the table of half-points counts; of written work the steps people mark in."""
    key = document["key"]
    match document["interaction"]:
        case "choice":
            return 1
        case "extended_text":
            table = document.get("half_points")
            return max(1, len(table) - 1) if isinstance(table, list) else 1
        case _:
            return len(key.get("correct", key.get("fields", key.get("gaps"))))


def _half_point_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    table, parts = document.get("half_points"), part_count(document)
    if not isinstance(table, list) or not all(_is_whole(value) for value in table):
        yield Problem("half_points", "is not a list of whole numbers", "one number for 0, 1, … correct parts")
        return
    if len(table) != parts + 1:
        yield Problem(
            "half_points", f"has {len(table)} numbers for {parts} part(s)", f"write {parts + 1} numbers"
        )
    if table != sorted(table) or table[:1] != [0] or table[-1:] != [2]:
        yield Problem(
            "half_points", f"{table} does not rise from 0 to 2", "start with 0, never fall, end with 2"
        )


def _id_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """The same ids in both languages and in the key."""
    for table in (*_TABLES[document["interaction"]], "labels"):
        names = {language: list(document[language].get(table, {})) for language in LANGUAGES}
        if sorted(names["sr"]) != sorted(names["en"]):
            missing = sorted(set(names["sr"]) ^ set(names["en"]))
            yield Problem(
                f"[sr.{table}], [en.{table}]",
                f"{', '.join(missing)} is in one language only",
                "write it in both",
            )
        if table == "choices":
            for name in names["sr"]:
                if not _CHOICE_ID.fullmatch(name):
                    yield Problem(f"[sr.choices] {name}", "is no id of a choice", "use a, b, c, d…")


def _correct_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    key, sr = document["key"], document["sr"]
    choices = list(sr.get("choices", {}))
    match document["interaction"]:
        case "choice":
            if key["correct"] not in choices:
                yield Problem("key.correct", f"{key['correct']!r} is none of the choices", "name one of them")
            if len(choices) < 3:
                yield Problem("[sr.choices]", f"has {len(choices)} choices", "write at least 3")
        case "extended_text":
            if not 40 <= key["longest"] <= LONGEST_TEXT:
                yield Problem("key.longest", f"is {key['longest']}", f"from 40 to {LONGEST_TEXT} characters")
        case "true_false":
            if sorted(key["correct"]) != sorted(sr["statements"]):
                yield Problem("key.correct", "does not name exactly the statements", "one truth for each")
            if not all(isinstance(truth, bool) for truth in key["correct"].values()):
                yield Problem(
                    "key.correct", "holds something else than true and false", "write true or false"
                )
        case "match":
            used = list(key["correct"].values())
            if sorted(key["correct"]) != sorted(sr["rows"]):
                yield Problem("key.correct", "does not name exactly the rows", "one choice for each")
            if any(name not in choices for name in used) or len(set(map(str, used))) != len(used):
                yield Problem(
                    "key.correct",
                    "names a choice that is missing or used twice",
                    "one own choice for each row",
                )
        case "order":
            if sorted(map(str, key["correct"])) != sorted(choices):
                yield Problem(
                    "key.correct", "does not name every choice once", "put all ids in the right order"
                )
        case "text_entry":
            if sorted(key["fields"]) != sorted(sr["fields"]):
                yield Problem("key.fields", "does not name exactly the fields", "one entry for each")


def _gap_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    gaps = document["key"]["gaps"]
    for language in LANGUAGES:
        found = re.findall(r"\[\[gap:(.*?)\]\]", document[language]["text"])
        if sorted(found) != sorted(gaps):
            yield Problem(
                f"[{language}] text", f"has the gaps {found}", f"each of {sorted(gaps)} exactly once"
            )
        tables = document[language].get("gaps", {})
        wanted = [gap for gap, entry in gaps.items() if entry["accept"] == "choice"]
        if sorted(tables) != sorted(wanted):
            yield Problem(
                f"[{language}.gaps]", f"has tables for {sorted(tables)}", f"write them for {sorted(wanted)}"
            )
            continue
        for gap in wanted:
            if gaps[gap]["correct"] not in tables[gap] or len(tables[gap]) < 2:
                yield Problem(
                    f"[{language}.gaps.{gap}]", "lacks the correct choice or a distractor", "write both"
                )
            if sorted(tables[gap]) != sorted(document["sr"].get("gaps", {}).get(gap, {})):
                yield Problem(
                    f"[{language}.gaps.{gap}]", "differs in its ids from Serbian", "use the same ids"
                )


def _selection_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Ticks of several choices, words of a text, places of a figure."""
    interaction, correct = document["interaction"], document["key"]["correct"]
    offered = list(document["sr"].get("choices", {}))
    if interaction == "select_words":
        offered = [name for name, _ in words_of(document["sr"]["text"])]
        for language in LANGUAGES:
            yield from _word_problems(document[language]["text"], language)
            own = [name for name, _ in words_of(document[language]["text"])]
            if sorted(own) != sorted(offered) or len(set(own)) < len(own):
                yield Problem(
                    f"[{language}] text",
                    f"has the words {own}",
                    "each [[word:1|…]] once, alike in both languages",
                )
    if not all(isinstance(name, str) and name in offered for name in correct) or len(set(correct)) < len(
        correct
    ):
        yield Problem("key.correct", f"{correct!r} is not among {offered}", "name each right one once")
    least, spare = (2, 2) if interaction == "multiple_choice" else (1, 1)
    if len(correct) < least or len(offered) < len(correct) + spare:
        yield Problem(
            "key.correct",
            f"has {len(correct)} of {len(offered)}",
            f"at least {least} right and {spare} wrong ones",
        )


def _word_problems(text: str, language: str) -> Iterator[Problem]:
    """A phrase has to be whole: a button can hold neither a formula nor half of a bold passage."""
    for name, phrase in words_of(text):
        if not re.fullmatch("[0-9]{1,3}", name):
            yield Problem(f"[{language}] text", f"the word {name!r} has no number", "write [[word:1|…]]")
        if "$" in phrase or phrase.count("**") % 2:
            yield Problem(
                f"[{language}] text",
                f"the word {phrase!r} holds a formula or half of something bold",
                "mark plain words, or all of what is bold",
            )
