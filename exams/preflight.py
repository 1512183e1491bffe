"""Is this administration fit to be given to pupils, or could it cost somebody time, responses or fairness?

Pure. What is refused would do harm by itself on the day; a remark is for a person to know. What other parts
of the system know of an administration (can its points be turned into results?) they add with `also`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from exams.enums import FormPurpose, Language, ResultsRelease
from exams.response_processing import SELECTIONS, score_response

TAP_AND_KEYBOARD = frozenset(
    {"choice", "true_false", "text_entry", "match", "order", "cloze", *SELECTIONS, "extended_text"}
)
"""Interactions that the player offers without dragging: whoever cannot drag can still give every response."""
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=6)
TICKETS_LIVE = timedelta(days=7)
NAMED = 3


@dataclass(frozen=True, slots=True)
class Findings:
    """Each in a sentence with what to do. Empty refusals: it may be scheduled."""

    refusals: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemPlan:
    ref: str
    interaction: str
    key: Mapping[str, Any]
    released: bool = False


@dataclass(frozen=True, slots=True)
class FormPlan:
    identifier: str
    subject: str
    purpose: str
    published: bool
    languages: frozenset[str]
    items: tuple[ItemPlan, ...]

    @property
    def max_half_points(self) -> int:
        return sum(max(item.key["half_points"], default=0) for item in self.items)


@dataclass(frozen=True, slots=True)
class PupilPlan:
    """`room` is the name of the class with its school."""

    name: str
    room: str
    time_percent: int


@dataclass(frozen=True, slots=True)
class Plan:
    """All that matters of an administration before it exists. `zone`: whose clocks hang in the rooms."""

    form: FormPlan
    opens_at: datetime
    closes_at: datetime | None
    limit: timedelta
    cut_off: timedelta
    results_release: str
    results_at: datetime | None
    rooms: tuple[str, ...]
    pupils: tuple[PupilPlan, ...]
    now: datetime
    zone: tzinfo
    only_who_chose: bool = False

    @property
    def longest(self) -> timedelta:
        """The limit of the pupil with most extra time."""
        return self.limit * max((pupil.time_percent for pupil in self.pupils), default=100) / 100


Check = Callable[[Plan], Findings]
_others: dict[str, Check] = {}


def also(name: str, check: Check) -> None:
    """Ask `check` as well, every time; registering the same name again replaces it."""
    _others[name] = check


def preflight(plan: Plan) -> Findings:
    """Everything that is to be said of the plan, at once."""
    refusals = [*_window(plan), *_people(plan), *_end(plan), *_results(plan), *_form(plan.form)]
    remarks = [*_remarks(plan)]
    for check in _others.values():
        found = check(plan)
        refusals += found.refusals
        remarks += found.remarks
    return Findings(tuple(refusals), tuple(remarks))


# ---- Reasons to refuse -------------------------------------------------------------------------------
def _window(plan: Plan) -> Iterator[str]:
    if not SHORTEST <= plan.limit <= LONGEST:
        yield (
            f"the limit is {_minutes(plan.limit)}; "
            f"give between {_minutes(SHORTEST)} and {_minutes(LONGEST)} to respond"
        )
    if plan.closes_at is None:
        return
    if plan.closes_at <= plan.opens_at:
        yield "the window closes before it opens; set a later close"
        return
    if plan.closes_at <= plan.now:
        yield "the window is over already; set a later close"
        return
    room = plan.closes_at - max(plan.opens_at, plan.now)
    short = [pupil for pupil in plan.pupils if plan.limit * pupil.time_percent / 100 > room]
    if short:
        longest = plan.limit * max(pupil.time_percent for pupil in short) / 100
        yield (
            f"the window has {_minutes(room)}, but {_named(short)} may write for up to {_minutes(longest)}; "
            "close it later"
        )


def _people(plan: Plan) -> Iterator[str]:
    if not plan.rooms:
        yield "it has no class; choose at least one"
    elif not plan.pupils:
        if plan.only_who_chose:
            yield f"nobody in its classes chose {plan.form.subject}; enter the pupils' subjects first"
        else:
            yield "none of its classes has a pupil; enter the pupils first"
    for room, times in Counter(plan.rooms).items():
        if times > 1:
            yield f"{room} is in it {times} times; name each class once"


def _end(plan: Plan) -> Iterator[str]:
    if plan.cut_off < plan.longest:
        yield (
            f"sittings are sealed {_hours(plan.cut_off)} after the hand-in, but may last "
            f"{_minutes(plan.longest)}: one handed in by mistake would be sealed before its legal end; "
            "set a later cut-off"
        )


def _results(plan: Plan) -> Iterator[str]:
    if plan.results_release == ResultsRelease.AT_CLOSE and plan.closes_at is None:
        yield "results come when the window closes, but it never does; set a close or another time"
    if plan.results_release != ResultsRelease.AT_TIME:
        return
    if plan.results_at is None:
        yield "results come at a set time, but none is set; set it"
    elif plan.closes_at is None:
        yield (
            "results come at a set time, but the window has no end: solutions would be out while others "
            "still write; set a close"
        )
    elif plan.results_at < plan.closes_at:
        # Before the close somebody may still be within their time: sittings end with the window at latest.
        yield (
            f"results come on {_moment(plan.results_at, plan)}, but sittings may last until "
            f"{_moment(plan.closes_at, plan)}: solutions would be out while others still write; "
            "set a later time"
        )


def _form(form: FormPlan) -> Iterator[str]:
    if form.purpose != FormPurpose.TRIAL:
        yield f"{form.identifier} is a practice form, whose papers carry the keys; choose a trial form"
    if not form.published:
        yield f"{form.identifier} is not published; publish it first"
    else:
        for language in Language:
            if language not in form.languages:
                yield f"{form.identifier} has no paper in {language.name.lower()}; publish it anew"
    for item in form.items:
        if item.released and form.purpose == FormPurpose.TRIAL:
            yield (
                f"{item.ref} is released: its key is on phones; use another item, "
                "or set it to trial before practice has shown it"
            )
        yield from _item(item)


def _item(item: ItemPlan) -> Iterator[str]:
    if item.interaction not in TAP_AND_KEYBOARD:
        yield f"{item.ref} needs dragging ({item.interaction}); not every pupil can: use another interaction"
        return
    try:
        outcome = score_response(item.key, correct_response(item.key))
        # What a person marks earns nothing by itself; that it waits for the mark is all there is to see.
        earned = outcome.max_half_points if outcome.status == "pending" else outcome.half_points
        full = earned == max(item.key["half_points"]) > 0
    except (KeyError, IndexError, TypeError, ValueError):
        full = False
    if not full:
        yield f"{item.ref}: its own correct response does not earn all its points; correct the key"


def correct_response(key: Mapping[str, Any]) -> Any:
    """What a phone sends from a pupil who gets everything right; `key` as compiled."""
    if key["interaction"] in ("text_entry", "cloze"):
        entries = key["fields" if key["interaction"] == "text_entry" else "gaps"]
        return {part: _correct_entry(entry) for part, entry in entries.items()}
    return "…" if key["interaction"] == "extended_text" else key["correct"]


def _correct_entry(entry: Mapping[str, Any]) -> str:
    if entry["accept"] == "choice":
        return str(entry["correct"])
    return str(entry["values"][0] if entry["accept"] == "text" else entry["value"])


# ---- Remarks -----------------------------------------------------------------------------------------
def _remarks(plan: Plan) -> Iterator[str]:
    filled = {pupil.room for pupil in plan.pupils}
    for room in dict.fromkeys(plan.rooms):
        if plan.pupils and room not in filled:
            yield f"{room} has no pupils"
    if plan.closes_at is not None:
        latest = plan.closes_at - plan.longest
        yield f"who starts after {_moment(latest, plan)} may not get the whole time before the window closes"
    if plan.results_release == ResultsRelease.AT_HAND_IN:
        yield "whoever hands in first sees the solutions while others still write"
    if plan.cut_off > TICKETS_LIVE:
        yield "phones can send for 7 days only; what comes later has to be carried in as a file"
    end = plan.closes_at or max(plan.opens_at, plan.now) + plan.longest
    if plan.opens_at.astimezone(plan.zone).utcoffset() != end.astimezone(plan.zone).utcoffset():
        yield "the clocks change while the window is open; sittings keep their full time all the same"


# ---- Words -------------------------------------------------------------------------------------------
def _named(pupils: list[PupilPlan]) -> str:
    shown = ", ".join(f"{pupil.name} ({pupil.room})" for pupil in pupils[:NAMED])
    more = len(pupils) - NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _minutes(span: timedelta) -> str:
    return f"{span / timedelta(minutes=1):g} min"


def _hours(span: timedelta) -> str:
    return f"{span / timedelta(hours=1):g} h"


def _moment(moment: datetime, plan: Plan) -> str:
    return f"{moment.astimezone(plan.zone):%Y-%m-%d %H:%M}"
