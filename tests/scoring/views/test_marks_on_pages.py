"""What do pupils, teachers and the country read while texts wait for marks, and after?"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, Organization, Person
from exams.actions.sealing import seal_due
from exams.models import CurrentResponse, Sitting
from scoring.actions.score import score_sittings
from scoring.models import ScoringRun
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_teacher
from tests.factories.clients import client_of
from tests.factories.exams import make_administration
from tests.factories.marking import give, make_written_form, write
from tests.factories.phones import fresh
from tests.factories.scoring import make_reference_form

pytestmark = pytest.mark.django_db
TEXT = "Прво делим са 3, па је x = 4."
_TOKEN = re.compile(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"')


@pytest.fixture
def group() -> ClassGroup:
    return make_class(name="8-1")


@pytest.fixture
def pupil(group: ClassGroup) -> Person:
    return make_pupil(group)


@pytest.fixture
def teacher(group: ClassGroup) -> Person:
    return make_teacher(group)


@pytest.fixture
def sitting(group: ClassGroup, pupil: Person) -> Sitting:
    """Sealed and scored: one right, one wrong, one text."""
    make_reference_form()
    administration = make_administration([group], form=make_written_form())
    write(administration, pupil, TEXT, values={"ma-102.1": "b", "ma-112.1": {"x": "0"}})
    seal_due(now=NOW + timedelta(hours=1))
    score_sittings(now=NOW)
    return fresh(administration.sittings.get(candidate=pupil))


def html_of(person: Person, address: str, language: str = "en") -> str:
    response = client_of(person, language).get(address)
    assert response.status_code == 200
    return _TOKEN.sub("", response.content.decode())


def read(person: Person, address: str, language: str = "en") -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html_of(person, address, language))).split())


def result_of(sitting: Sitting) -> str:
    return reverse("result", args=[sitting.public_id])


def test_the_pupil_s_result_says_what_is_still_to_come(sitting: Sitting, pupil: Person) -> None:
    page = read(pupil, result_of(sitting))
    for said in (
        "1 of 3 points at least",
        "Up to 1 of the 3 points wait for marking: what was written is read by a teacher",
        "The points that are counted by themselves do not change any more.",
        "In the real exam this would bring at least",
        "0 of 2 Of these to be marked: 1",
        "What waits for marking is not in it yet, neither as right nor as wrong.",
        "Waits for marking: 1",
        "up to 1, to be marked",
        TEXT,
    ):
        assert said in page, said
    assert "Final" not in page
    assert "A note from the teacher" not in page


def test_after_the_mark_it_reads_like_any_other(sitting: Sitting, pupil: Person, teacher: Person) -> None:
    give(sitting, TEXT, 1, teacher, note="Где је <i>поступак</i>?")
    score_sittings(now=NOW)
    page = read(pupil, result_of(sitting))
    for said in (
        "1.5 of 3 points Marked",
        "Everything that was written has arrived and is marked. The points change only if a teacher marks",
        "In the real exam this would bring",
        "0.5 of 1",
        "Partly right",
        "A note from the teacher who marked it Где је <i>поступак</i>?",
        TEXT,
    ):
        assert said in page, said
    for gone in ("Waits for marking", "at least", "to be marked", "Final", "do not change any more"):
        assert gone not in page
    # Neither text nor note changes its letters with the reader's.
    assert TEXT in read(pupil, result_of(sitting), "sr-latn")
    assert "поступак" in read(pupil, result_of(sitting), "sr-latn")


def test_lists_say_at_least(sitting: Sitting, pupil: Person, teacher: Person) -> None:
    address = reverse("pupil_report", args=[pupil.public_id])
    assert "at least 1 of 3" in read(pupil, "/")
    assert "waits for marking" in read(pupil, "/")
    assert "at least 1 of 3 Waits for marking" in read(teacher, address)
    assert "about 8 more responses are needed" in read(teacher, address)
    give(sitting, TEXT, 2, teacher)
    score_sittings(now=NOW)
    assert "2 of 3" in read(pupil, "/")
    assert "at least" not in read(pupil, "/") + read(teacher, address)
    assert "about 7 more responses are needed" in read(teacher, address)


def test_the_class_report_leaves_out_what_waits_and_says_so(
    sitting: Sitting, group: ClassGroup, teacher: Person
) -> None:
    address = f"{reverse('class_report', args=[group.public_id])}"
    page = read(teacher, address)
    assert "1 text waits for marking" in page
    assert "1 text of this trial waits for a mark. Its points are in no share and in no domain" in page
    assert "Texts that wait for a mark: 1 of this class, 1 of all. They are in neither share." in page
    give(sitting, TEXT, 1, teacher)
    score_sittings(now=NOW)
    page = read(teacher, address)
    assert "waits for a mark" not in page
    assert "Texts that wait" not in page
    assert "50% all: 50%" in page


def test_the_country_says_how_many_results_wait(sitting: Sitting, teacher: Person) -> None:
    ministry = Organization.objects.create(kind=OrganizationKind.MINISTRY, name="Министарство")
    analyst = make_member(ministry, Role.ANALYST)
    page = read(analyst, reverse("country"))
    assert "1 result waits for marks" in page
    assert "as if it had not been given: neither as earned nor as lost." in page
    give(sitting, TEXT, 0, teacher)
    score_sittings(now=NOW)
    page = read(analyst, reverse("country"))
    assert "waits for marks" not in page
    assert "Written texts are marked by teachers" not in page


@pytest.mark.parametrize("marks", [(), (2,), (2, 0)])
def test_everything_derived_comes_back_letter_by_letter(
    sitting: Sitting, group: ClassGroup, pupil: Person, teacher: Person, marks: tuple[int, ...]
) -> None:
    for half_points in marks:
        give(sitting, TEXT, half_points, teacher, note="Види решење.")
        score_sittings(now=NOW)
    readers = {
        pupil: ["/", result_of(sitting), reverse("readiness")],
        teacher: [
            "/", result_of(sitting), reverse("marking"), reverse("class_report", args=[group.public_id]),
            reverse("pupil_report", args=[pupil.public_id]),
        ],
    }  # fmt: skip

    def pages() -> dict[tuple[str, str], str]:
        return {
            (address, language): html_of(reader, address, language)
            for reader, addresses in readers.items()
            for address in addresses
            for language in ("sr", "en")
        }

    before = pages()
    ScoringRun.objects.all().delete()
    CurrentResponse.objects.all().delete()
    score_sittings(now=NOW)
    after = pages()
    assert [place for place in before if before[place] != after[place]] == []
