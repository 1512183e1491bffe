"""In which language are items and titles shown to this reader, and in which script are names read?"""

from __future__ import annotations

from django.utils.translation import get_language

from accounts.transliteration import html_to_latin, to_latin
from exams.markup import Language
from exams.option_letters import READINGS, Reading


def reader_language() -> Language:
    """English for readers of English, else Serbian, whose script the templates' filters see to."""
    return "en" if get_language() == "en" else "sr"


def reads_latin() -> bool:
    """Whether stored Serbian reaches this reader in Latin letters, which have an alphabet of their own."""
    return get_language() != "sr"


def in_reader_script(text: str) -> str:
    """Stored Serbian as this reader reads it, where a template's filter comes too late."""
    return to_latin(text) if reads_latin() else text


def in_reader_html(html: str) -> str:
    """The same for compiled HTML, where what is marked keeps its script."""
    return html_to_latin(html) if get_language() == "sr-latn" else html


def reading_of_page() -> Reading:
    """Language and script of this page, by the name that addresses have for it."""
    language = get_language()
    return next((reading for reading in READINGS if reading == language), "sr")
