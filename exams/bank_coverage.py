"""How much does the bank hold, subject by domain by level by language?

Of a family at most MOST_BUILT variants stand in the bank, so no idea counts more often than that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from exams.bank_files import SubjectSource
from exams.item_document import LANGUAGES

LEVELS: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of items of one domain and level: those for practice, and those of trials."""

    subject: str
    domain: str
    level: int
    language: str
    practice: int
    trial: int


def coverage(subjects: Sequence[SubjectSource]) -> list[Coverage]:
    """One row for each cell, empty ones too; retired items do not count."""
    rows = []
    for subject in subjects:
        counted = Counter(
            (item.domain, item.level, language, item.security)
            for item in subject.items
            for language in LANGUAGES
        )
        rows += [
            Coverage(
                subject.name,
                domain,
                level,
                language,
                counted[domain, level, language, "released"],
                counted[domain, level, language, "trial"],
            )
            for domain in subject.domain_codes
            for level in LEVELS
            for language in LANGUAGES
        ]
    return rows


def coverage_table(subjects: Sequence[SubjectSource]) -> list[str]:
    """Lines of text: a row for each domain, per level and language practice+trial items."""
    rows = coverage(subjects)
    cells = {(row.subject, row.domain, row.level, row.language): row for row in rows}
    head = [f"{'level ' + str(level):^{len(LANGUAGES) * 9}}" for level in LEVELS]
    lines = [f"{'practice + trial':24}" + "".join(head) + "   all"]
    lines.append(" " * 24 + "".join(f"{language:^9}" for _ in LEVELS for language in LANGUAGES))
    for subject in subjects:
        for domain in subject.domain_codes:
            own = [cells[subject.name, domain, level, language] for level in LEVELS for language in LANGUAGES]
            lines.append(_line(f"{subject.name} {domain}", own))
        total = [
            Coverage(
                subject.name,
                "",
                level,
                language,
                sum(row.practice for row in _of(rows, subject.name, level, language)),
                sum(row.trial for row in _of(rows, subject.name, level, language)),
            )
            for level in LEVELS
            for language in LANGUAGES
        ]
        lines.append(_line(f"{subject.name}, all", total))
    return lines


def _of(rows: Sequence[Coverage], subject: str, level: int, language: str) -> list[Coverage]:
    return [row for row in rows if (row.subject, row.level, row.language) == (subject, level, language)]


def _line(name: str, cells: Sequence[Coverage]) -> str:
    serbian = [cell for cell in cells if cell.language == LANGUAGES[0]]
    total = f"{sum(cell.practice for cell in serbian)}+{sum(cell.trial for cell in serbian)}"
    return f"{name:24}" + "".join(f"{f'{cell.practice}+{cell.trial}':^9}" for cell in cells) + f"{total:>9}"
