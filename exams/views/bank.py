"""How does an author find an item in the bank, and see what the bank still lacks?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.actions.audit import record
from accounts.models import Person
from accounts.queries.people import signed_in_author
from exams.bank_coverage import LEVELS
from exams.enums import Security, Subject
from exams.inputs import BankInput
from exams.markup import to_plain
from exams.models import Domain, ItemVersion
from exams.queries.bank import BankRow, CoverageRow, Wanted, bank_rows, coverage, domains, stems_of
from exams.views.language import in_reader_html, in_reader_script, reader_language

PAGE_ROWS = 50
EXCERPT = 110


@never_cache
def item_list(request: HttpRequest) -> HttpResponse:
    """Items that fit what is asked, a family in one row, fifty rows a page."""
    author = signed_in_author(request.user)
    asked = BankInput(request.GET, domains=[(one.code, _domain_name(one)) for one in domains()])
    rows = bank_rows(_wanted(asked)) if asked.is_valid() else []
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    _leave_trace(request, author, page.object_list)
    given = {name: value for name, value in request.GET.items() if value and name in asked.fields}
    context = {
        "input": asked,
        "is_filtered": bool(given),
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "query": urlencode(given),
        "rows": _with_stems(page),
        "counts": _counts(rows),
    }
    return render(request, "exams/bank/list.html", context, status=200 if asked.is_valid() else 422)


@never_cache
def coverage_page(request: HttpRequest) -> HttpResponse:
    """How many items each domain has on each level, for practice and in trials."""
    signed_in_author(request.user)
    rows = coverage()
    names = {subject.value: subject.label for subject in Subject}
    subjects = dict.fromkeys(row.domain.subject for row in rows)
    tables = [
        (names.get(subject, subject), own, _total(own))
        for subject in subjects
        if (own := [row for row in rows if row.domain.subject == subject])
    ]
    return render(request, "exams/bank/coverage.html", {"tables": tables, "total": _total(rows)})


def _wanted(asked: BankInput) -> Wanted:
    given = asked.cleaned_data
    return Wanted(
        subject=given["subject"],
        domain=given["domain"],
        level=given["level"],
        interaction=given["interaction"],
        security=given["security"],
        standard=given["standard"],
        words=given["q"],
    )


def _domain_name(domain: Domain) -> str:
    title = domain.title_en if reader_language() == "en" else in_reader_script(domain.title_sr)
    return f"{domain.code} {title}"


def _with_stems(page: Page[BankRow]) -> list[tuple[BankRow, str]]:
    """Each row with the first words of what is asked, plain and in the reader's script."""
    stems = stems_of([row.first.pk for row in page.object_list], reader_language())
    return [(row, _shortened(to_plain(in_reader_html(stems[row.first.pk])))) for row in page.object_list]


def _shortened(text: str) -> str:
    if len(text) <= EXCERPT:
        return text
    return text[:EXCERPT].rsplit(" ", 1)[0].rstrip(" ,;:–") + "…"


def _counts(rows: list[BankRow]) -> dict[str, Any]:
    versions = [version for row in rows for version in row.versions]
    kinds = [(one.label, sum(version.item.security == one for version in versions)) for one in Security]
    return {"items": len(versions), "by_security": [(label, n) for label, n in kinds if n]}


def _total(rows: list[CoverageRow]) -> dict[str, Any]:
    levels = [
        (level, sum(row.levels[place][1] for row in rows), sum(row.levels[place][2] for row in rows))
        for place, level in enumerate(LEVELS)
    ]
    return {
        "levels": levels,
        "practice": sum(row.practice for row in rows),
        "trial": sum(row.trial for row in rows),
        "n_standards": sum(row.n_standards for row in rows),
        "n_covered": sum(row.n_covered for row in rows),
    }


def _leave_trace(request: HttpRequest, author: Person, rows: Any) -> None:
    """The list quotes what is asked: whose eyes it met stays on record, where it is not released."""
    secret = [row.first.ref for row in rows if not is_open(row.first)]
    if secret:
        record(
            actor=author,
            action="list_items",
            at=timezone.now(),
            place=request.path,
            detail={"items": secret},
        )


def is_open(version: ItemVersion) -> bool:
    """May anybody see it, key and all?"""
    return version.item.security == Security.RELEASED
