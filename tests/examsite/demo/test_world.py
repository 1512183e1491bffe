"""Is the demo world what it says it is: complete, plausible, and written through the journal only?"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from accounts import cards
from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, LoginCard, Organization, Person
from exams.actions.responses import read_projection
from exams.intake.protocol import chain_text, genesis
from exams.models import ConflictingEvent, FormItem, ResponseEvent, Sitting
from exams.response_processing import score_response
from examsite.demo.accounts import card_code, school_year, staff_password
from examsite.demo.world import build_world, is_demo, is_empty
from scoring.models import ItemOutcomeRow, SittingScore

pytestmark = pytest.mark.django_db
SCHOOLS = 3  # with the third one comes every administration


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """Built once and committed, because the journal has a connection of its own; the lines it reported."""
    said: list[str] = []
    with django_db_blocker.unblock():
        assert is_empty()
        assert build_world(now=timezone.now(), report=said.append, schools=SCHOOLS)
    yield said
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def test_says_what_it_does(world: list[str]) -> None:
    n_pupils = Person.objects.filter(email=None).count()
    assert n_pupils == 292
    assert world[0] == f"Creating {n_pupils} pupils, their schools, and the item bank …"
    trials = Sitting.objects.filter(simulated=True, administration__isnull=False)
    again = trials.filter(form__identifier="ma-b").count()
    sets = Sitting.objects.filter(simulated=True, administration=None).count()
    assert world[1:] == [
        f"Simulating {trials.count() - again} sittings, response by response …",
        "Scoring them …",
        f"Simulating {sets} practice sets, each from the one before …",
        f"Simulating {again} sittings, response by response …",
        "Scoring them …",
    ]


def test_every_organization_is_marked() -> None:
    assert is_demo()
    assert not is_empty()
    assert Counter(Organization.objects.values_list("kind", "simulated")) == {
        (OrganizationKind.MINISTRY, True): 1,
        (OrganizationKind.REGION, True): 3,
        (OrganizationKind.SCHOOL, True): SCHOOLS,
    }


def test_chain_of_every_device_holds() -> None:
    events = ResponseEvent.objects.select_related("sitting").order_by("sitting_id", "device", "seq")
    devices = 0
    for (sitting, device), chain in groupby(events, key=lambda event: (event.sitting, event.device)):
        previous = genesis(str(sitting.public_id), device)
        for number, event in enumerate(chain, start=1):
            assert event.seq == number
            assert json.loads(event.body)["prev"] == chain_text(previous)
            assert bytes(event.digest) == hashlib.sha256(event.body.encode()).digest()
            previous = bytes(event.digest)
        devices += 1
    assert devices == Sitting.objects.filter(simulated=True).count()


def test_everything_was_in_time() -> None:
    assert set(ResponseEvent.objects.values_list("verdict", "reason")) == {("counted", "")}
    assert not ConflictingEvent.objects.exists()
    for event in ResponseEvent.objects.select_related("sitting"):
        assert event.sitting.started_at <= event.estimated_at <= event.received_at < timezone.now()


def test_simulated_sittings_and_no_others_are_over() -> None:
    states = Counter(Sitting.objects.values_list("simulated", "state"))
    assert set(states) == {(True, "sealed"), (False, "ready")}
    causes = Counter(Sitting.objects.filter(simulated=True).values_list("handed_in_cause", flat=True))
    assert set(causes) == {"candidate", "time"}
    assert causes["candidate"] > 5 * causes["time"]


def test_scores_follow_from_the_journal() -> None:
    assert SittingScore.objects.filter(final=True).count() == Sitting.objects.filter(simulated=True).count()
    for score in SittingScore.objects.select_related("sitting__form")[:40]:
        responses = read_projection(score.sitting).responses
        versions = score.sitting.form.versions.all()
        earned = sum(score_response(v.key, responses.get(v.ref)).half_points for v in versions)
        assert earned == score.half_points


def test_means_are_plausible() -> None:
    scores = SittingScore.objects.filter(sitting__form__identifier="ma-a")
    points = scores.values_list("half_points", flat=True)
    assert len(points) > 200
    assert 10.5 < sum(points) / len(points) / 2 < 13
    assert 0 <= min(points) < 14
    assert max(points) > 34


def test_nobody_sits_a_form_twice_and_times_differ() -> None:
    assert not Sitting.objects.values("candidate", "form").annotate(n=Count("pk")).filter(n__gt=1).exists()
    classes = Sitting.objects.filter(administration__isnull=False).values_list(
        "form__identifier", "administration__limit_seconds", "candidate__enrollments__class_group"
    )
    limits = Counter((form, seconds) for form, seconds, _ in set(classes))
    mathematics = {("ma-a", 3600): 9, ("ma-a", 7200): 2, ("ma-b", 3600): 9, ("ma-b", 7200): 2}
    assert {key: n for key, n in limits.items() if key[0].startswith("ma-")} == mathematics
    others = {key: n for key, n in limits.items() if not key[0].startswith("ma-")}
    assert others.pop(("sj-a", 3600)) == 3
    assert {form[:2] for form, _ in others} <= {"bi", "ge", "is", "fi", "he"}


def test_everybody_sits_one_third_test_at_most() -> None:
    third = Sitting.objects.exclude(form__subject__in=["mathematics", "serbian"])
    assert set(Counter(third.values_list("candidate", flat=True)).values()) == {1}
    for sitting in third.select_related("form")[:30]:
        assert sitting.form.subject == sitting.candidate.enrollments.get(role=Role.PUPIL).chosen_subject


def test_simulated_pupils_have_written_texts_that_wait_for_marks() -> None:
    score = SittingScore.objects.filter(sitting__form__identifier="sj-a").first()
    assert score.outcomes.get(version__interaction="extended_text").status in (
        "pending",
        "omitted",
        "not_reached",
    )
    pending = Sitting.objects.filter(form__identifier="sj-a", scores__outcomes__status="pending")
    assert pending.count() > 10
    trials = Sitting.objects.filter(administration__isnull=False)
    assert set(trials.values_list("administration__closes_at", flat=True)) == {None}


def test_the_teachers_pupils_practised_between_their_trials() -> None:
    sets = Sitting.objects.filter(form__purpose="practice").select_related("form", "candidate")
    assert sets.count() > 30
    assert set(sets.values_list("simulated", "state", "form__pocket")) == {(True, "sealed", False)}
    kinds = {one.form.selection["kind"] for one in sets}
    assert kinds == {"full", "quick", "mistakes"}
    groups = Counter(sets.values_list("candidate__enrollments__class_group__name", flat=True))
    assert groups.keys() == {"8-1", "8-2"}
    for one in sets:
        trials = one.candidate.sittings.filter(administration__isnull=False)
        first = trials.get(form__identifier="ma-a")
        assert first.handed_in_at < one.started_at < one.handed_in_at < timezone.now()
        assert not trials.filter(form__identifier="ma-b", started_at__lt=one.handed_in_at).exists()
    assert max(Counter(sets.values_list("candidate", flat=True)).values()) >= 4


def test_practice_is_believable() -> None:
    outcomes = ItemOutcomeRow.objects.filter(score__sitting__form__purpose="practice")
    rows = list(outcomes.values_list("half_points", "max_half_points", "hinted"))
    share = sum(row[0] for row in rows) / sum(row[1] for row in rows)
    assert 0.5 < share < 0.8
    assert 0.03 < sum(row[2] for row in rows) / len(rows) < 0.25
    kept = FormItem.objects.filter(form__purpose="practice").values_list("selection__role", flat=True)
    assert set(kept) == {"main", "spare"}
    assert outcomes.count() < len(kept)  # spares that nobody needed were not seen


def test_teacher_has_a_class_with_cards_and_one_that_has_sat() -> None:
    trial = Sitting.objects.filter(form__identifier="ma-a", administration__limit_seconds=3600)
    left = {
        group.name: trial.filter(candidate__enrollments__class_group=group, state="ready").count()
        for group in ClassGroup.objects.filter(enrollments__role=Role.TEACHER)
    }
    assert left.keys() == {"8-1", "8-2"}
    assert left["8-1"] >= 12
    assert left["8-2"] <= 2


def test_extra_time_reaches_the_sittings() -> None:
    extra = Sitting.objects.filter(time_percent=150)
    assert set(extra.values_list("candidate__enrollments__class_group__name", flat=True)) == {"8-1", "8-2"}
    for sitting in extra.exclude(started_at=None):
        assert (sitting.ends_at - sitting.started_at).total_seconds() == 5400


def test_codes_and_passwords_follow_from_the_secrets_and_are_stored_nowhere() -> None:
    pupil = Person.objects.filter(email=None).first()
    assert pupil is not None
    code = card_code(pupil.public_id)
    secret = settings.SECRETS["CARD_SECRET"]
    assert LoginCard.objects.get(person=pupil).digest == cards.digest(code, secret=secret)
    assert not pupil.has_usable_password()
    for person in Person.objects.exclude(email=None):
        assert person.check_password(staff_password(str(person.email)))
        assert str(person.email).endswith("@proba.example")


def test_again_it_changes_nothing() -> None:
    def rows() -> dict[str, int]:
        return {model._meta.label: model._default_manager.count() for model in apps.get_models()}

    before = rows()
    said: list[str] = []
    assert not build_world(now=timezone.now(), report=said.append, schools=SCHOOLS)
    assert said == []
    assert rows() == before


@pytest.mark.parametrize(("month", "expected"), [(8, "2025/2026"), (9, "2026/2027"), (1, "2025/2026")])
def test_school_year_begins_in_september(month: int, expected: str) -> None:
    assert school_year(timezone.now().replace(year=2026, month=month, day=1)) == expected
