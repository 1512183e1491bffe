"""What does a teacher see of one class?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.queries.people import get_class_for_teacher
from exams.queries.marking import marking_tasks, number_to_mark
from exams.queries.sittings import administration_released
from exams.views.language import reader_language, reads_latin
from scoring.queries.class_items import form_content, furthest_behind, item_rows
from scoring.queries.class_practice import practice_summary
from scoring.queries.class_results import (
    chosen_coverage,
    coverage_of_class,
    domain_rows,
    what_to_reteach,
)
from scoring.queries.runs import Difficulties, difficulties_in, run_in_force


@never_cache
def class_page(request: HttpRequest, class_group: UUID) -> HttpResponse:
    """Who sat, what to teach again first, the picture, the items; ?administration=… for an earlier trial.

    Before results are released there is only who sat: others may still be writing.
    """
    own_class = get_class_for_teacher(request.user, class_group)
    language = reader_language()
    pupils, coverage = coverage_of_class(own_class, latin=reads_latin())
    chosen = chosen_coverage(coverage, request.GET.get("administration", ""))
    now = timezone.now()
    context: dict[str, Any] = {
        "class_group": own_class,
        "pupils": pupils,
        "coverage": coverage,
        "chosen": chosen,
        "practice": practice_summary(pupils, now=now) if pupils else None,
    }
    context["released"] = chosen and administration_released(chosen.administration, now=now)
    tasks = marking_tasks([own_class], now=now)
    context |= {"tasks": tasks, "n_to_mark": number_to_mark(tasks)}
    run = run_in_force()
    if chosen is None or run is None or not (context["released"] and chosen.n_sat):
        return render(request, "scoring/class_report.html", context)
    administration = chosen.administration
    content = form_content(administration.form)
    rows, domains = domain_rows(
        chosen.pupils,
        subject=administration.form.subject,
        run=run,
        language=language,
        points=content.half_points_by_domain,
    )
    difficulties = difficulties_in(run, administration.form.subject)
    items = item_rows(content, administration=administration, pupils=pupils, run=run, language=language)
    context |= {
        "assumed": difficulties is not Difficulties.MEASURED,
        "difficulties": difficulties,
        "rows": rows,
        "domains": domains,
        "reteach": what_to_reteach(rows, domains, form_half_points=content.half_points),
        "items": items,
        "behind": furthest_behind(items),
        "n_pending": sum(item.n_pending for item in items),
    }
    return render(request, "scoring/class_report.html", context)
