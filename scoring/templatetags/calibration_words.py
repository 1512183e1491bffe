"""With which words are flags, states and sources of a calibration said, and how are thetas written?"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

register = template.Library()

MINUS: Final = "\u2212"

_FLAGS: Final = {
    "never_presented": (_("not met"), _("Nobody met it.")),
    "one_category": (_("no variation"), _("Everybody earned the same. Is the key right?")),
    "empty_category": (_("a category is empty"), _("Nobody earned one of its part scores.")),
    "identical": (_("a copy"), _("Every response is that of another item.")),
    "negative_slope": (_("backwards"), _("Stronger pupils earn less on it. Is the key right?")),
    "slope_at_bound": (_("slope ran away"), _("It may repeat another item.")),
    "easy": (_("very easy"), _("It tells little about anybody.")),
    "hard": (_("very hard"), _("Nearly nobody earns anything on it.")),
    "backwards": (_("backwards"), _("Who earns more elsewhere earns less here. Is the key right?")),
    "weak": (_("weak"), _("It hardly goes with the other items. Look at its key and wording.")),
    "steep": (_("very steep"), _("Does it repeat another item, or presuppose it?")),
    "misfit": (_("does not fit"), _("Pupils of some totals respond otherwise than the model says.")),
    "wild": (_("surprising"), _("More surprising responses than the model allows.")),
    "drift": (_("has drifted"), _("It works otherwise than when it was calibrated before.")),
    "imprecise": (_("not precise yet"), _("Its difficulty is still too uncertain to measure with.")),
    "pair": (_("goes with another"), _("It shares more with another item than ability explains.")),
    "dif_region": (_("differs by region"), _("At equal ability it is easier or harder in one region.")),
    "dif_extra_time": (_("differs by time"), _("At equal ability it is easier or harder with extra time.")),
    "dif_practice": (_("differs in practice"), _("At equal ability it is easier or harder in practice.")),
}  # fmt: skip
_SOURCES: Final = {
    "assumed": _("assumed"),
    "pretest": _("pretest"),
    "calibrated": _("calibrated"),
    "linked": _("calibrated and linked"),
}
WAS_IN_FORCE: Final = "was_in_force"
"""Still called in force, which it was once, while pages read by other parameters."""
_STATES: Final = {
    "queued": (_("Waits"), "neutral"),
    "running": (_("Being computed"), "info"),
    "draft": (_("Draft, waits for a decision"), "warning"),
    "failed": (_("Could not be computed"), "danger"),
    "rejected": (_("Rejected"), "neutral"),
    "accepted": (_("Accepted, not in force"), "info"),
    "in_force": (_("In force"), "success"),
    WAS_IN_FORCE: (_("Was in force"), "neutral"),
}
_STEPS: Final = {
    "begin": _("starting"),
    "read": _("reading responses"),
    "fit": _("estimating items"),
    "link": _("finding the bank's scale"),
    "pretest": _("adding newer items"),
    "fit_report": _("checking how items fit"),
    "dif": _("comparing groups"),
    "dynamics": _("estimating how abilities change"),
    "effects": _("estimating what practice brings"),
    "write": _("writing the draft"),
}
_PROBLEMS: Final = {
    "too_few_candidates": _("Fewer than 100 pupils have finished a trial. Calibrate again when more have."),
    "too_few_items": _(
        "Fewer than five items have the responses that were asked for. Ask for fewer, or wait for more."
    ),
    "process_died": _(
        "The process that computed it ended twice before it was done, perhaps for want of memory. "
        "Look into the server's log, then calibrate again."
    ),
}
_REFUSED: Final = {
    "under_way": _("Nothing was started: a calibration of this subject is under way already."),
    "settings": _("Nothing was started: ask for 100 to 2000 responses."),
    "subject": _("Nothing was started: there is no such subject."),
    "state": _("Nothing was changed: somebody has decided this already."),
    "overtaken": _(
        "Nothing was changed: other parameters have come into force since. Calibrate again, on those."
    ),
    "another": _(
        "Nothing was accepted: another calibration is accepted and waits to be put in force. Put that one in "
        "force or withdraw it first."
    ),
    "no_items": _("Nothing was accepted: no item is included. Include one, or reject the draft."),
    "not_scored": _("Nothing was changed: not everything has been scored under it yet."),
    "run": _("Nothing was changed: this run cannot be put in force again."),
}


@register.filter
def flag_word(flag: str) -> str:
    return str(_FLAGS[flag][0]) if flag in _FLAGS else flag


@register.filter
def flag_meaning(flag: str) -> str:
    return str(_FLAGS[flag][1]) if flag in _FLAGS else ""


@register.filter
def source_word(source: str) -> str:
    """Where an item's parameters come from."""
    return str(_SOURCES.get(source, source))


@register.filter
def state_word(state: str) -> str:
    """Of a state, or of `WAS_IN_FORCE`."""
    return str(_STATES[state][0])


@register.filter
def state_tone(state: str) -> str:
    return _STATES[state][1]


@register.filter
def step_word(step: str) -> str:
    """What is being computed just now."""
    return str(_STEPS.get(step, step))


@register.filter
def problem_word(problem: str) -> str:
    """Why a calibration failed; what nobody foresaw is shown as it was written."""
    return str(_PROBLEMS.get(problem, problem))


def refused_word(code: str, number: int = 0) -> str:
    """Why a step was not taken, for whoever tried; `number` of what is in the way."""
    if code == "waiting":
        said = ngettext(
            "Nothing was changed: %(n)s sitting still waits to be scored under it. Try again in a minute.",
            "Nothing was changed: %(n)s sittings still wait to be scored under it. Try again in a minute.",
            number,
        )
        return said % {"n": number}
    return str(_REFUSED[code])


@register.filter
def theta(value: float | None, places: int = 2) -> str:
    """A number on the theta scale with a real minus; a dash where there is none."""
    if value is None:
        return "–"
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = number_format(abs(rounded), decimal_pos=places)
    return f"{MINUS}{text}" if rounded < 0 else text


@register.filter
def change(value: float | None, places: int = 2) -> str:
    """The same with a plus where something rose."""
    text = theta(value, places)
    return f"+{text}" if value is not None and round(value, places) > 0 else text


@register.filter
def share_change(difference: float | None) -> str:
    """A difference of two shares in percentage points, with a plus or a real minus: "−1.2 pp"."""
    if difference is None:
        return "–"
    return gettext("%(n)s pp") % {"n": change(100 * difference, 1)}


@register.filter
def points_change(half_points: float | None, sign: str = "signed") -> str:
    """Half-points as points with one decimal: "+0.4", or without its plus for a size."""
    if half_points is None:
        return "–"
    return theta(half_points / 2, 1) if sign == "plain" else change(half_points / 2, 1)
