"""In which order do names stand in a class register? By the alphabet of the script they are read in. Pure.

Code points will not do: Ђ, Ј, Љ, Њ, Ћ and Џ would all come before А.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_CYRILLIC_ORDER: Final = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LATIN_ORDER: Final = "абцчћдџђефгхијклљмнњопрсштувзж"
# Names of other languages are kept as the school writes them; their letters stand where they sound.
_SOUNDS: Final = dict(zip("abcdefghijklmnoprstuvzčćšžđ", "абцдефгхијклмнопрстувзчћшжђ", strict=True))
_BEYOND: Final = 1_000

NameKey = tuple[tuple[int, ...], tuple[int, ...]]


def name_key(family_name: str, given_name: str, *, latin: bool) -> NameKey:
    """Sort key of a person: family name first; `latin` for readers of the Latin script."""
    order = _LATIN_ORDER if latin else _CYRILLIC_ORDER
    return _key(family_name, order), _key(given_name, order)


def _key(name: str, order: str) -> tuple[int, ...]:
    return tuple(_place(letter, order) for letter in unicodedata.normalize("NFC", name.casefold()))


def _place(letter: str, order: str) -> int:
    if not letter.isalpha():
        return 0
    letter = _SOUNDS.get(letter, letter)
    if letter not in order:
        bare = unicodedata.normalize("NFD", letter)[0]
        letter = _SOUNDS.get(bare, bare)
    place = order.find(letter)
    return place + 1 if place >= 0 else _BEYOND + ord(letter)
