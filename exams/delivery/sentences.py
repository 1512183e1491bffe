"""Where do the sentences of a compiled text end? Pure; never inside a formula, a tag or a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_FIRST_PARAGRAPH: Final = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_PIECE: Final = re.compile(r"<math\b.*?</math>|<[^>]*>|[^<]", re.DOTALL)
_END: Final = re.compile(r"[.!?…][”“\"»)]*\Z")
_ANY_LETTERS: Final = re.compile(r"\s*(?:<(?:strong|em|span class)[^>]*>)*<(?:math|span lang)\b")
_BEGINS: Final = re.compile(r"[„“\"«(]?[A-ZА-ЯЂЈЉЊЋЏČĆŠŽĐ0-9]")
# After these a point ends no sentence: initials (units are in Latin letters), and what is shortened.
_NO_END: Final = re.compile(
    r"\b(?:[А-ЯЂЈЉЊЋЏ]|нпр|тј|итд|год|бр|стр|дин|св|тзв|e\.g|i\.e|etc|vs|Mr|Mrs|Dr|St)\.\Z"
)


def sentences(html: str) -> list[str]:
    """The sentences of the first paragraph, each as whole HTML; empty for a text that begins otherwise.

    Where more follows the paragraph, an empty string stands for it at the end.
    """
    paragraph = _FIRST_PARAGRAPH.match(html.strip())
    if paragraph is None:
        return []
    found = [sentence for sentence in _split(paragraph.group(1)) if sentence]
    return [*found, ""] if html.strip()[paragraph.end() :].strip() else found


def _split(inline: str) -> Iterator[str]:
    depth, plain, begun = 0, "", 0
    for piece in _PIECE.finditer(inline):
        text = piece.group()
        if text.startswith("<math"):
            plain += "∎"  # a formula, which ends no sentence by itself
        elif text.startswith("</"):
            depth -= 1
        elif text.startswith("<"):
            depth += 0 if text.startswith("<br") else 1
        elif text.isspace() and depth == 0 and _ends(plain, inline[piece.end() :]):
            yield inline[begun : piece.start()].strip()
            begun, plain = piece.end(), ""
        else:
            plain += text
    yield inline[begun:].strip()


def _ends(before: str, after: str) -> bool:
    if not _END.search(before) or _NO_END.search(before):
        return False
    # A formula, or a word quoted in its own language, may begin a sentence in any letters.
    return bool(_ANY_LETTERS.match(after) or _BEGINS.match(re.sub(r"<[^>]*>", "", after).lstrip()))
