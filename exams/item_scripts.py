"""Is each letter of a text in the right script for its language? Of items and of stimuli alike. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from exams.item_slots import SLOT
from exams.markup import Language, split_formulas, without_foreign

CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_NOT_SERBIAN: Final = re.compile(
    r"[^\W\d_\u0000-\u03ff\u2070-\u208eабвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ]"
)
# One Cyrillic letter that looks like a Latin one, alone and not first in a sentence: a point or variable.
_LONE_TWIN: Final = re.compile(r"(?<=[^\W\d_])[,;:]?[ (](?:[АВЕКМНРСТХ]|[хре])(?=[ ,.;:)=]|$)")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_LABEL: Final = re.compile(r"^\s*[а-гa-d]\)")


def script_problems(place: str, text: str, language: Language) -> Iterator[tuple[str, str, str]]:
    """(place, message, remedy) for letters of the other script, homoglyphs, lone twins, labels and HTML."""
    if tag := _TAG.search(text):
        yield (
            place,
            f"{tag.group()} would be read as it stands",
            "write **bold** or *emphasis*; no HTML",
        )
    own = SLOT.sub(_word_or_number, without_foreign(text))
    prose = " ".join(piece for is_formula, piece in split_formulas(own) if not is_formula)
    if language == "en":
        if found := CYRILLIC.search(prose):
            yield place, f"the Cyrillic letter {found.group()!r} stands in English", "use Latin letters"
        return
    for word in _WORD.findall(prose):
        cyrillic = "".join(CYRILLIC.findall(word))
        if cyrillic and cyrillic != word:
            yield place, f"{word!r} mixes scripts (Cyrillic: {cyrillic})", "write the word in one script"
        elif foreign := _NOT_SERBIAN.search(word):
            yield place, f"{foreign.group()!r} in {word!r} is no Serbian letter", "correct the word"
    if lone := _LONE_TWIN.search(prose):
        letter = lone.group()[-1]
        yield place, f"a Cyrillic {letter!r} stands alone like a variable", "points and variables are Latin"
    if _LABEL.search(prose):
        yield place, "the text begins with a label", "labels are added by the program"


def _word_or_number(match: re.Match[str]) -> str:
    """What a slot stands for when only letters count: the word to be selected, or a number."""
    slot = match.group(1)
    return slot.partition("|")[2] if slot.startswith("word:") else "0"
