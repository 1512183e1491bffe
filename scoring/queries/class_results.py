"""How does a class stand: who has sat, what is known, and what is worth teaching again first?

Counts and lists only; what they mean in words is the template's. Pupils always come in the order of names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounts.models import ClassGroup, Person
from accounts.name_order import name_key
from accounts.queries.people import pupils_of
from exams.enums import FormPurpose, SittingState
from exams.markup import Language
from exams.models import Administration, Sitting
from scoring.domains import Verdict
from scoring.models import DomainEstimate, ScoringRun

FEWEST_PUPILS = 5
"""With fewer pupils whose evidence speaks, a sentence about the class would be one about single children."""

SAT = frozenset({SittingState.HANDED_IN, SittingState.SEALED})


@dataclass(frozen=True, slots=True)
class ClassCoverage:
    """One administration in this class. `absent`: pupils who have not handed in, writing or not started.

    `pupils`: whom it is for, all of the class or those who chose the subject.
    """

    administration: Administration
    pupils: tuple[Person, ...]
    n_final: int
    n_provisional: int
    writing: tuple[Person, ...]
    not_started: tuple[Person, ...]
    simulated: bool

    @property
    def n_pupils(self) -> int:
        return len(self.pupils)

    @property
    def n_sat(self) -> int:
        return self.n_final + self.n_provisional

    @property
    def n_absent(self) -> int:
        return len(self.writing) + len(self.not_started)


@dataclass(frozen=True, slots=True)
class DomainCell:
    """What is known of one pupil in one domain; `level` as heat_cell takes it, None without evidence."""

    domain_id: int
    level: int | None
    verdict: str
    half_points: int
    max_half_points: int


@dataclass(frozen=True, slots=True)
class PupilRow:
    """`cells` in the order of the class's domains; empty when nothing of the pupil has been scored."""

    pupil: Person
    cells: tuple[DomainCell, ...]


@dataclass(frozen=True, slots=True)
class DomainSummary:
    """One domain over the class. `n` pupils have evidence that speaks; the rest has too little."""

    id: int
    title: str
    n: int
    n_known: int
    n_shaky: int
    n_not_yet: int
    half_points: int

    @property
    def weight(self) -> int:
        """What teaching it again could bring: pupils who are not there yet, times the points it carries."""
        return self.n_not_yet * self.half_points


@dataclass(frozen=True, slots=True)
class Reteach:
    """`kind`: "start" with `domain`; "firm_up" (nobody is not yet, some are shaky); "settled"; "too_few"."""

    kind: str
    domain: DomainSummary | None
    n_pupils: int
    form_half_points: int


def coverage_of_class(class_group: ClassGroup, *, latin: bool) -> tuple[list[Person], list[ClassCoverage]]:
    """Pupils by name (`latin`: by that alphabet), and every trial they were given, the latest first.

    Two queries.
    """
    pupils = sorted(
        pupils_of(class_group), key=lambda one: name_key(one.family_name, one.given_name, latin=latin)
    )
    sittings = (
        Sitting.objects.filter(candidate__in=[pupil.pk for pupil in pupils], form__purpose=FormPurpose.TRIAL)
        .exclude(administration=None)
        .exclude(state=SittingState.VOIDED)
        .select_related("administration__form")
    )
    given: dict[int, tuple[Administration, dict[int, Sitting]]] = {}
    for sitting in sittings:
        if sitting.administration is not None:
            own = given.setdefault(sitting.administration.pk, (sitting.administration, {}))
            own[1][sitting.candidate_id] = sitting
    ordered = sorted(given.values(), key=lambda one: (one[0].opens_at, one[0].pk), reverse=True)
    return pupils, [_coverage(administration, pupils, own) for administration, own in ordered]


def chosen_coverage(coverage: Sequence[ClassCoverage], wanted: str) -> ClassCoverage | None:
    """The administration asked for by public id; else the latest for all that enough pupils have sat.

    Where there is none: the latest that anybody has sat, else the latest.
    """
    asked = (one for one in coverage if str(one.administration.public_id) == wanted)
    for_all = (one for one in coverage if not one.administration.only_who_chose)
    enough = (one for one in for_all if one.n_sat >= FEWEST_PUPILS)
    sat = (one for one in coverage if one.n_sat)
    return next(asked, None) or next(enough, None) or next(sat, None) or next(iter(coverage), None)


def domain_rows(
    pupils: Iterable[Person], *, subject: str, run: ScoringRun, language: Language, points: Mapping[int, int]
) -> tuple[list[PupilRow], list[DomainSummary]]:
    """The picture of pupils and domains, and the same summed by domain. One query.

    Rests on everything each pupil has sat and practised in the subject. `points`: half-points each domain
    (by id) carries on the form in question.
    """
    pupils = list(pupils)
    estimates = (
        DomainEstimate.objects.filter(
            estimate__run=run, estimate__subject=subject, estimate__person__in=[pupil.pk for pupil in pupils]
        )
        .select_related("domain", "estimate")
        .defer("posterior", "estimate__posterior", "estimate__levels")
        .order_by("domain__code")
    )
    cells: dict[int, list[DomainCell]] = {}
    titles: dict[int, str] = {}
    for row in estimates:
        titles[row.domain_id] = row.domain.title_en if language == "en" else row.domain.title_sr
        cells.setdefault(row.estimate.person_id, []).append(_cell(row))
    rows = [PupilRow(pupil, tuple(cells.get(pupil.pk, ()))) for pupil in pupils]
    return rows, [_summary(domain, title, rows, points.get(domain, 0)) for domain, title in titles.items()]


def what_to_reteach(
    rows: Iterable[PupilRow], domains: Sequence[DomainSummary], *, form_half_points: int
) -> Reteach:
    """The one domain to begin with, or why there is none. Ties go to the domain with more shaky pupils."""
    n_pupils = sum(bool(row.cells) for row in rows)
    speaking = [domain for domain in domains if domain.n >= FEWEST_PUPILS and domain.half_points]
    if not speaking:
        return Reteach("too_few", None, n_pupils, form_half_points)
    first = max(speaking, key=lambda one: (one.weight, one.n_shaky * one.half_points))
    if first.n_not_yet:
        return Reteach("start", first, n_pupils, form_half_points)
    kind = "firm_up" if first.n_shaky else "settled"
    return Reteach(kind, first if first.n_shaky else None, n_pupils, form_half_points)


LEVELS: dict[str, int | None] = {
    Verdict.KNOWN: 3,
    Verdict.SHAKY: 2,
    Verdict.NOT_YET: 1,
    Verdict.NOT_ENOUGH: None,
}


def _coverage(
    administration: Administration, pupils: Sequence[Person], sittings: Mapping[int, Sitting]
) -> ClassCoverage:
    states = Counter(sitting.state for sitting in sittings.values())
    if administration.only_who_chose:
        pupils = [pupil for pupil in pupils if pupil.pk in sittings]
    # A pupil who joined the class later has no sitting here, and has not sat.
    own = {pupil.pk: sittings[pupil.pk].state if pupil.pk in sittings else "" for pupil in pupils}
    return ClassCoverage(
        administration=administration,
        pupils=tuple(pupils),
        n_final=states[SittingState.SEALED],
        n_provisional=states[SittingState.HANDED_IN],
        writing=tuple(pupil for pupil in pupils if own[pupil.pk] == SittingState.STARTED),
        not_started=tuple(pupil for pupil in pupils if own[pupil.pk] in ("", SittingState.READY)),
        simulated=any(sitting.simulated for sitting in sittings.values()),
    )


def _cell(row: DomainEstimate) -> DomainCell:
    return DomainCell(row.domain_id, LEVELS[row.verdict], row.verdict, row.half_points, row.max_half_points)


def _summary(domain: int, title: str, rows: Iterable[PupilRow], half_points: int) -> DomainSummary:
    verdicts = Counter(cell.verdict for row in rows for cell in row.cells if cell.domain_id == domain)
    known, shaky, not_yet = (verdicts[verdict] for verdict in (Verdict.KNOWN, Verdict.SHAKY, Verdict.NOT_YET))
    return DomainSummary(domain, title, known + shaky + not_yet, known, shaky, not_yet, half_points)
