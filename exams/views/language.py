"""In which of the two languages are items and titles shown to this reader?"""

from __future__ import annotations

from django.utils.translation import get_language

from exams.enums import Language


def reader_language() -> Language:
    """English for readers of English, else Serbian, whose script the templates' filters see to."""
    return Language.ENGLISH if (get_language() or "").startswith("en") else Language.SERBIAN
