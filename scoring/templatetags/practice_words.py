"""With which words is practice offered: its kinds, why this one, and what is in it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from exams.enums import FormPurpose, PracticeKind
from exams.models import Domain
from scoring.queries.history import HistoryPoint
from scoring.queries.practice import SuggestedItem, Suggestion
from scoring.templatetags.scoring_words import title_of

register = template.Library()


@dataclass(frozen=True, slots=True)
class Part:
    """Items of one domain; `standards` are their titles, each once."""

    domain: Domain
    n: int
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Items of a set that are in it for one reason, so that it has to be said only once."""

    reason: str
    parts: tuple[Part, ...]

    @property
    def n(self) -> int:
        return sum(part.n for part in self.parts)


@register.filter
def offer_title(offer: Suggestion) -> str:
    """What a practice set is called before it is opened: its domain or skill, else its kind."""
    if offer.focus_title is None:
        return str(offer.kind.label)
    sr, en = offer.focus_title
    return title_of(_Titled(sr, en))


@register.filter
def by_reason(items: Iterable[SuggestedItem]) -> list[Group]:
    """The items of an offer by reason, and in it by domain; the most first, both times."""
    found: dict[str, dict[str, list[SuggestedItem]]] = {}
    for item in items:
        found.setdefault(str(item.reason), {}).setdefault(item.domain.code, []).append(item)
    groups = [Group(reason, _parts(domains.values())) for reason, domains in found.items()]
    return sorted(groups, key=lambda group: -group.n)


def _parts(domains: Iterable[list[SuggestedItem]]) -> tuple[Part, ...]:
    parts = [
        Part(
            domain=own[0].domain,
            n=len(own),
            standards=tuple(dict.fromkeys(title_of(item.standard) for item in own)),
        )
        for own in domains
    ]
    return tuple(sorted(parts, key=lambda part: -part.n))


@dataclass(frozen=True, slots=True)
class _Titled:
    title_sr: str
    title_en: str


@register.filter
def sitting_kind(point: HistoryPoint) -> str:
    """What a sitting in a history was: a trial, or a practice set of which kind."""
    if point.purpose == FormPurpose.TRIAL:
        return _("Trial exam")
    return str(PracticeKind(point.kind).label) if point.kind in PracticeKind.values else _("Practice")
