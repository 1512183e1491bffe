"""What does a psychometrician see: which parameters are in force, and what one calibration says?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache

from accounts.queries.people import signed_in_psychometrician
from exams.views.language import in_reader_script, reader_language
from scoring.calibration_picture import Compared, scatter
from scoring.models import Calibration
from scoring.queries.calibrations import (
    SORTS,
    ItemRow,
    calibrations,
    calibrations_in_force,
    domain_titles,
    effects_told,
    get_calibration,
    item_rows,
    refs_of,
    rescoring,
    subject_states,
)
from scoring.queries.runs import can_come_back, run_in_force, runs_once_in_force
from scoring.reference import reference_data
from scoring.templatetags.calibration_words import WAS_IN_FORCE
from scoring.templatetags.scoring_words import level_name

PAGE_ROWS = 40
LISTED = 20
State = Calibration.State
UNDER_WAY = (State.QUEUED, State.RUNNING)
COMPUTED = (State.DRAFT, State.REJECTED, State.ACCEPTED, State.IN_FORCE)


@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """What is in force, what was calibrated, and a new one to ask for."""
    signed_in_psychometrician(request.user)
    run = run_in_force()
    once = [(one, can_come_back(one)) for one in runs_once_in_force()[:LISTED]]
    latest = list(calibrations()[:LISTED])
    in_force = calibrations_in_force(run)
    context = {
        "run": run,
        "subjects": subject_states(run),
        "calibrations": [(one, _state(one, in_force)) for one in latest],
        "runs": [(one, possible) for one, possible in once if one != run],
        "under_way": any(one.state in UNDER_WAY for one in latest),
    }
    return render(request, "scoring/calibrations/list.html", context)


@never_cache
def one(request: HttpRequest, calibration: UUID) -> HttpResponse:
    """One calibration: how far it is, or what came out and what can be decided. ?part=progress for its
    progress alone.
    """
    found = get_calibration(request.user, calibration)
    if request.GET.get("part") == "progress":
        return render(request, "scoring/calibrations/_progress.html", _progress(found))
    in_force = calibrations_in_force(run_in_force()) if found.state == State.IN_FORCE else frozenset()
    context = _progress(found) | {"state": _state(found, in_force)}
    if found.state in COMPUTED:
        context |= _computed(request, found)
    if found.difference.get("finished_at"):
        context["difference"] = _difference(found)
    return render(request, "scoring/calibrations/one.html", context)


def _state(found: Calibration, in_force: frozenset[int]) -> str:
    """As people read it: what is in force no more was so once."""
    return WAS_IN_FORCE if found.state == State.IN_FORCE and found.pk not in in_force else found.state


def _progress(found: Calibration) -> dict[str, Any]:
    waits_for_scores = found.state == State.ACCEPTED and not found.difference.get("finished_at")
    n_scored, n_sittings = rescoring(found) if waits_for_scores else (0, 0)
    return {
        "calibration": found,
        "is_under_way": found.state in UNDER_WAY,
        "waits_for_scores": waits_for_scores,
        "can_come_into_force": found.state == State.ACCEPTED and found.base_run == run_in_force(),
        "n_scored": min(n_scored, n_sittings),
        "n_sittings": n_sittings,
    }


def _computed(request: HttpRequest, found: Calibration) -> dict[str, Any]:
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "flags"
    rows = item_rows(found, sort=sort)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    new = [row for row in rows if row.new]
    refs = refs_of(found)
    report = found.report
    return {
        "summary": report["summary"],
        "data": report["data"]
        | {name: parse_datetime(report["data"][name] or "") for name in ("first", "last")},
        "populations": report["population"],
        "dynamics": report["dynamics"],
        "effects": effects_told(found),
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "sort": sort,
        "sorts": list(SORTS),
        "query": urlencode({"sort": sort}),
        "n_flagged": sum(bool(row.flags) for row in new),
        "n_left_out": sum(not row.included for row in new),
        "n_included": sum(row.included for row in new),
        "pretest": _pretest(rows),
        "picture": _picture(new),
        "compared": sorted(new, key=lambda row: -abs(row.change)),
        "dif": _dif(report["dif"], refs),
        "pairs": [
            pair | {"first": refs[pair["first"]], "second": refs[pair["second"]]} for pair in report["pairs"]
        ],
        "drifted": [row for row in rows if "displacement" in row.figures],
    }


def _pretest(rows: Sequence[ItemRow]) -> dict[str, Any]:
    """Items on their way into the bank: which still need how many responses."""
    on_the_way = sorted((row for row in rows if row.to_go), key=lambda row: (row.to_go, row.ref))
    return {
        "rows": on_the_way,
        "n_known": sum(row.source == "pretest" and "imprecise" not in row.flags for row in on_the_way),
        "n_imprecise": sum(row.source == "pretest" and "imprecise" in row.flags for row in on_the_way),
        "n_assumed": sum(row.source == "assumed" for row in on_the_way),
    }


def _picture(rows: Sequence[ItemRow]) -> Any:
    compared = [
        Compared(name=row.ref, before=row.b_before, now=row.b, se=row.se_b, flagged=bool(row.flags))
        for row in rows
    ]
    return scatter(compared) if compared else None


def _dif(entries: Sequence[dict[str, Any]], refs: dict[int, str]) -> list[dict[str, Any]]:
    return [
        entry
        | {
            "focal": in_reader_script(entry["focal"]),
            "found": [one | {"ref": refs[one["item"]]} for one in entry["items"]],
        }
        for entry in entries
    ]


def _difference(found: Calibration) -> dict[str, Any]:
    """The difference report, with levels and domains by their names."""
    told = dict(found.difference)
    names = [level_name(level.identifier) for level in reference_data().levels.levels]
    told["level_moves"] = [
        move | {"from": names[move["from"]], "to": names[move["to"]]} for move in told.get("level_moves", [])
    ]
    titles = domain_titles(found.subject)
    told["domains"] = [row | {"title": _title(titles.get(row["code"]))} for row in told["domains"]]
    most = max((row["n"] for row in told.get("bins", [])), default=1)
    told["bins"] = [row | {"share": f"{100 * row['n'] / most:.1f}%"} for row in told.get("bins", [])]
    told["finished_at"] = parse_datetime(told["finished_at"])
    return told


def _title(domain: Any) -> str:
    if domain is None:
        return ""
    return str(domain.title_en) if reader_language() == "en" else in_reader_script(domain.title_sr)
