"""How does Serbian Cyrillic read in Latin letters, and when are two typed texts the same?

Cyrillic is the stored form; Latin is always derived from it (the other direction is ambiguous:
"nj" may be њ or нј). The same rules live in exams/static/exams/js/transliterate.js; both are
held to fixtures/vectors/transliteration.json.
"""

import re
import unicodedata
from html.parser import HTMLParser
from typing import Final

_LETTERS: Final = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
_CAPITALS: Final = {cyrillic.upper(): latin.upper() for cyrillic, latin in _LETTERS.items()}
_DIGRAPHS: Final = {"љ": "lj", "њ": "nj", "џ": "dž"}
_TABLE: Final = str.maketrans({**_LETTERS, **_CAPITALS, **_DIGRAPHS})
_CAPITAL_DIGRAPH: Final = re.compile("[ЉЊЏ]")

_WORD: Final = re.compile(r"[^\W\d_]+")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
# Letters that look alike in print: a keyboard switched half-way through a word mixes them.
_LATIN_TWINS: Final = "ABCEHJKMOPTXYacejopxy"
_CYRILLIC_TWINS: Final = "АВСЕНЈКМОРТХУасејорху"
_TO_CYRILLIC: Final = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
_TO_LATIN_TWIN: Final = str.maketrans(_CYRILLIC_TWINS, _LATIN_TWINS)

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_MARKS: Final = re.compile("[\u0300-\u036f]")
_ETH: Final = str.maketrans("ðÐ", "đĐ")

_ATTRIBUTE: Final = re.compile(r"""(\s+)([^\s=>/"']+)((?:\s*=\s*)(?:"[^"]*"|'[^']*'|[^\s>"']+))?""")
_READABLE_ATTRIBUTES: Final = frozenset({"alt", "title", "aria-label", "alttext"})
_VOID_ELEMENTS: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def to_latin(text: str) -> str:
    """Serbian Latin of the Cyrillic letters in `text`; everything else stays as it is.

    Љ, Њ and Џ become two letters: both are capitals when the next letter of the word is one
    (or, at its end, the letter before): ЉУБАВ → LJUBAV, Љубав → Ljubav, БОЉ → BOLJ, Љ → Lj.
    """
    return _CAPITAL_DIGRAPH.sub(_capital_digraph, text).translate(_TABLE)


def _capital_digraph(match: re.Match[str]) -> str:
    text, at = match.string, match.start()
    digraph = _DIGRAPHS[match.group().lower()]
    following = text[at + 1 : at + 2]
    preceding = text[at - 1 : at] if at else ""
    neighbour = following if following.isalpha() else preceding
    return digraph.upper() if neighbour.isalpha() and neighbour.isupper() else digraph.capitalize()


def fold_script(text: str) -> str:
    """The form in which two typed texts are compared: Latin, lower case, single blanks, NFKC.

    A word written in both scripts through look-alike letters (Latin c in "cунце") is first
    brought into one script: Cyrillic, unless only its Latin letters are beyond confusion.
    """
    # ð and đ are different letters with the same capital; keyboards offer both.
    text = unicodedata.normalize("NFKC", _latin_of_one_script(text).casefold()).replace("ð", "đ")
    return " ".join(text.split())


def fold_script_keeping_case(text: str) -> str:
    """`fold_script` where capital letters count, as in spelling: "Нови Сад" is Novi Sad and not novi sad."""
    text = unicodedata.normalize("NFKC", _latin_of_one_script(text)).translate(_ETH)
    return " ".join(text.split())


def without_diacritics(folded: str) -> str:
    """A folded text as typed without marks: c for č and ć, s, z, dj for đ; e for é.

    Dj, DJ and Đ are one, so that a kept case does not depend on how đ was typed.
    """
    text = folded.replace("đ", "dj").replace("Đ", "Dj").replace("DJ", "Dj")
    return _MARKS.sub("", unicodedata.normalize("NFD", text))


def _latin_of_one_script(text: str) -> str:
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return to_latin(_WORD.sub(lambda word: _in_one_script(word.group()), text))


def _in_one_script(word: str) -> str:
    cyrillic = [letter for letter in word if _CYRILLIC.match(letter)]
    latin = [letter for letter in word if not _CYRILLIC.match(letter)]
    if not cyrillic or not latin:
        return word
    if all(letter in _LATIN_TWINS for letter in latin):
        return word.translate(_TO_CYRILLIC)
    if all(letter in _CYRILLIC_TWINS for letter in cyrillic):
        return word.translate(_TO_LATIN_TWIN)
    return word


def html_to_latin(html: str) -> str:
    """`to_latin` for the readable parts of an HTML fragment; markup comes back as it was
    (end tags in lower case).

    Readable: text outside translate="no", <math>, <script> and <style>, and the attributes
    alt, title, aria-label and alttext (the reading of a formula) outside translate="no".
    """
    writer = _LatinWriter()
    writer.feed(html)
    writer.close()
    return "".join(writer.pieces)


class _LatinWriter(HTMLParser):
    """Copies a fragment, transliterating as it goes; knows at each point what is readable."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        # One entry per open element: (tag, attributes are readable, text is readable).
        self._open: list[tuple[str, bool, bool]] = []

    def _readable(self) -> tuple[bool, bool]:
        return self._open[-1][1:] if self._open else (True, True)

    def _tag(self, tag: str, attrs: list[tuple[str, str | None]]) -> tuple[bool, bool]:
        attributes, text = self._readable()
        wish = dict(attrs).get("translate")
        if wish is not None:
            attributes = text = wish.lower() != "no"
        if tag in ("math", "script", "style"):
            text = False
        raw = self.get_starttag_text() or ""
        self.pieces.append(_ATTRIBUTE.sub(_latin_attribute, raw) if attributes else raw)
        return attributes, text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes, text = self._tag(tag, attrs)
        if tag not in _VOID_ELEMENTS:
            self._open.append((tag, attributes, text))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(f"</{tag}>")
        if any(name == tag for name, _, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.pieces.append(to_latin(data) if self._readable()[1] else data)

    def handle_entityref(self, name: str) -> None:
        self.pieces.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.pieces.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.pieces.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.pieces.append(f"<!{decl}>")


def _latin_attribute(match: re.Match[str]) -> str:
    blank, name, value = match.groups()
    return (
        f"{blank}{name}{to_latin(value)}" if value and name.lower() in _READABLE_ATTRIBUTES else match.group()
    )
