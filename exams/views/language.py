"""In which language are items and titles shown to this reader, and in which script are names read?"""

from __future__ import annotations

from django.utils.translation import get_language

from accounts.transliteration import to_latin
from exams.markup import Language


def reader_language() -> Language:
    """English for readers of English, else Serbian, whose script the templates' filters see to."""
    return "en" if get_language() == "en" else "sr"


def reads_latin() -> bool:
    """Whether stored Serbian reaches this reader in Latin letters, which have an alphabet of their own."""
    return get_language() != "sr"


def in_reader_script(text: str) -> str:
    """Stored Serbian as this reader reads it, where a template's filter comes too late."""
    return to_latin(text) if reads_latin() else text
