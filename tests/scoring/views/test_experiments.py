"""Can an analyst take an experiment through all its steps on pages, and nobody else any of them?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import OrganizationKind, Role
from accounts.models import ClassGroup, Person
from exams.actions.experiments import approve_experiment, begin_experiment, draft_experiment
from exams.enums import ExperimentState
from exams.models import Experiment, ExperimentAssignment
from scoring.practice.policy import POLICIES
from scoring.templatetags.experiment_words import RULES
from tests.factories.accounts import (
    make_class,
    make_member,
    make_pupil,
    make_region,
    make_school,
    make_teacher,
)
from tests.factories.clients import client_of
from tests.factories.practice import make_scored_trial_at, make_set, practise_and_score
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS

pytestmark = pytest.mark.django_db
STEPS = ("approve_experiment", "begin_experiment", "stop_experiment")


@pytest.fixture
def analyst() -> Person:
    return make_member(make_region(kind=OrganizationKind.MINISTRY), Role.ANALYST)


@pytest.fixture
def browser(analyst: Person) -> Client:
    return client_of(analyst)


@pytest.fixture
def group() -> ClassGroup:
    return make_class(name="8-1")


def typed(group: ClassGroup, **overrides: str) -> dict[str, str]:
    fields = {
        "title": "Gaps or steady",
        "aim": "Which brings more?",
        "subject": "mathematics",
        "policy_a": "gain-2",
        "policy_b": "even-1",
        "ends_on": str(timezone.localdate() + timedelta(weeks=6)),
        "schools": str(group.school.public_id),
    }
    return fields | overrides


def page_of(browser: Client, experiment: Experiment) -> str:
    response = browser.get(reverse("experiment", args=[experiment.public_id]))
    assert response.status_code == 200
    return response.content.decode()


def post(browser: Client, step: str, experiment: Experiment, **fields: str) -> str:
    response = browser.post(reverse(step, args=[experiment.public_id]), fields, follow=True)
    return str(response.content.decode())


def test_it_is_off_until_somebody_sets_it_up(browser: Client) -> None:
    page = browser.get(reverse("experiments")).content.decode()
    assert "No experiment is running: every pupil practises under the ordinary rule." in page
    assert "No experiment so far" in page
    assert reverse("experiments") in browser.get(reverse("country")).content.decode()


def test_the_whole_way_on_pages(browser: Client, group: ClassGroup) -> None:
    for _ in range(4):
        make_pupil(group)
    make_pupil(make_class(school=group.school, name="8-2"))
    made = browser.post(reverse("new_experiment"), typed(group), follow=True).content.decode()
    experiment = Experiment.objects.get()
    assert "The draft is written down." in made
    assert (experiment.policy_a, experiment.policy_b) == ("gain-2", "even-1")
    assert sorted(one.name for one in experiment.class_groups.all()) == ["8-1", "8-2"]
    ends = timezone.localtime(experiment.ends_at)
    assert (ends.date(), ends.hour) == (timezone.localdate() + timedelta(weeks=6, days=1), 0)
    assert "Begin the experiment" not in made

    refused = post(browser, "begin_experiment", experiment)
    assert "Nothing was changed: this step cannot be taken now." in refused
    approved = post(
        browser, "approve_experiment", experiment, assessment="DPIA 7", assessed_on=str(timezone.localdate())
    )
    assert "The approval is recorded." in approved
    assert "5 pupils are drawn to one of the rules" in approved
    assert not ExperimentAssignment.objects.exists()

    running = post(browser, "begin_experiment", experiment)
    assert "The experiment runs" in running
    assert ExperimentAssignment.objects.count() == 5
    assert "One experiment is running." in browser.get(reverse("experiments")).content.decode()

    stopped = post(browser, "stop_experiment", experiment)
    assert "The experiment has ended" in stopped
    assert re.search(r"DPIA 7", stopped)
    experiment.refresh_from_db()
    assert experiment.state == ExperimentState.STOPPED


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"title": ""}, "Give it a name."),
        ({"aim": ""}, "Write what it is to find out."),
        ({"policy_b": "gain-2"}, "Choose two different rules."),
        ({"schools": "elsewhere"}, "One of these schools is not to be chosen."),
        ({"ends_on": "2020-01-01"}, "The last day has to lie ahead."),
        ({"ends_on": "soon"}, "Write the day like this: 2027-05-31."),
    ],
)
def test_what_is_missing_is_said_and_nothing_written(
    browser: Client, group: ClassGroup, overrides: dict[str, str], message: str
) -> None:
    make_pupil(group)
    response = browser.post(reverse("new_experiment"), typed(group, **overrides))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Experiment.objects.exists()


def test_without_a_school_nothing_is_written(browser: Client, group: ClassGroup) -> None:
    make_pupil(group)
    fields = {name: value for name, value in typed(group).items() if name != "schools"}
    response = browser.post(reverse("new_experiment"), fields)
    assert response.status_code == 422
    assert "Choose at least one school." in response.content.decode()
    assert not Experiment.objects.exists()


def test_a_rule_that_nobody_knows_is_refused(browser: Client, group: ClassGroup) -> None:
    make_pupil(group)
    response = browser.post(reverse("new_experiment"), typed(group, policy_a="best-of-all"))
    assert response.status_code == 422
    assert not Experiment.objects.exists()


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("sr", ["Житни млин", "Под три липе", "Чардак"]),
        ("sr-latn", ["Čardak", "Pod tri lipe", "Žitni mlin"]),
        ("en", ["Čardak", "Pod tri lipe", "Žitni mlin"]),
    ],
)
def test_schools_stand_in_the_order_of_the_script_they_are_read_in(
    browser: Client, analyst: Person, language: str, order: list[str]
) -> None:
    region = make_region(name="Север")
    groups = [
        make_class(school=make_school(parent=region, name=name))
        for name in ("Под три липе", "Чардак", "Житни млин")
    ]
    for group in groups:
        make_pupil(group)
    browser.cookies["django_language"] = language
    experiment = drafted(analyst, *groups)
    for page in (browser.get(reverse("new_experiment")).content.decode(), page_of(browser, experiment)):
        assert [name for _, name in sorted((page.index(name), name) for name in order)] == order


def test_schools_without_pupils_are_not_on_offer(browser: Client, group: ClassGroup) -> None:
    assert str(group.school.public_id) not in browser.get(reverse("new_experiment")).content.decode()
    make_pupil(group)
    assert str(group.school.public_id) in browser.get(reverse("new_experiment")).content.decode()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"assessment": "", "assessed_on": "2026-01-05"}, "Without the assessment nothing runs."),
        ({"assessment": "DPIA", "assessed_on": ""}, "Say of which day the assessment is."),
        ({"assessment": "DPIA", "assessed_on": "2099-01-05"}, "The assessment cannot be of a day to come."),
    ],
)
def test_an_approval_needs_all_of_it(
    browser: Client, analyst: Person, group: ClassGroup, fields: dict[str, str], message: str
) -> None:
    experiment = drafted(analyst, group)
    assert message in post(browser, "approve_experiment", experiment, **fields)
    experiment.refresh_from_db()
    assert experiment.state == ExperimentState.DRAFT


def test_a_class_that_is_taken_stands_in_the_way(browser: Client, analyst: Person, group: ClassGroup) -> None:
    make_pupil(group)
    first, second = (approved(drafted(analyst, group)) for _ in range(2))
    begin_experiment(experiment=first, actor=analyst, now=timezone.now())
    page = page_of(browser, second)
    assert "Another experiment of this subject runs in one of its classes." in page
    assert "Begin the experiment" not in page


def test_results_are_told_after_the_end_and_only_counts_before(
    browser: Client, analyst: Person, group: ClassGroup
) -> None:
    pupils = [make_pupil(group) for _ in range(24)]
    start = timezone.now() - timedelta(weeks=2)
    make_scored_trial_at(group, dict.fromkeys(pupils, REFERENCE_ITEMS[:5]), at=start - timedelta(days=1))
    experiment = approved(drafted(analyst, group))
    begin_experiment(experiment=experiment, actor=analyst, now=start)
    in_a, in_b = (
        [row.person for row in experiment.assignments.filter(arm=arm).select_related("person")]
        for arm in "ab"
    )
    later = start + timedelta(days=2)
    practise_and_score(make_set(PRACTICE_ITEMS[:6]), dict.fromkeys(in_a[:10], PRACTICE_ITEMS[:3]), at=later)
    practise_and_score(make_set(PRACTICE_ITEMS[:12]), dict.fromkeys(in_b, PRACTICE_ITEMS), at=later)

    before = page_of(browser, experiment)
    assert "The difference between the rules is not shown before the end" in before
    assert "What came out" not in before
    assert "Who took part" in before
    after = post(browser, "stop_experiment", experiment)
    assert "Rule B, “Any item alike”, brought more." in after
    assert "The rules lost pupils unevenly" in after
    assert "Items practised on average: 5.0 under rule A, 12.0 under rule B." in after
    assert "<dd>24</dd>" in after
    assert re.search(r"Points gained, B less A: \+\d\.\d\d \(\+\d\.\d\d to \+\d\.\d\d in 95 cases", after)
    assert not any(pupil.family_name in after for pupil in pupils)


def test_without_responses_since_the_start_nothing_came_out(
    browser: Client, analyst: Person, group: ClassGroup
) -> None:
    pupils = [make_pupil(group) for _ in range(22)]
    start = timezone.now() - timedelta(weeks=2)
    make_scored_trial_at(group, dict.fromkeys(pupils, REFERENCE_ITEMS[:5]), at=start - timedelta(days=1))
    experiment = approved(drafted(analyst, group))
    begin_experiment(experiment=experiment, actor=analyst, now=start)
    page = post(browser, "stop_experiment", experiment)
    assert "Too few pupils took part for a word about the rules." in page
    assert "No difference that matters" not in page
    assert "Points gained" not in page
    assert '<td class="is-number" data-label="With responses since">0</td>' in page


def test_few_pupils_are_hidden(browser: Client, analyst: Person, group: ClassGroup) -> None:
    pupils = [make_pupil(group) for _ in range(6)]
    now = timezone.now()
    make_scored_trial_at(group, dict.fromkeys(pupils, REFERENCE_ITEMS), at=now - timedelta(weeks=2))
    experiment = approved(drafted(analyst, group))
    begin_experiment(experiment=experiment, actor=analyst, now=now - timedelta(weeks=1))
    page = post(browser, "stop_experiment", experiment)
    assert "Too few pupils took part for a word about the rules." in page
    assert "because fewer than 10 pupils are behind it" in page
    assert "<dt>Pupils</dt><dd>…</dd>" in page


def test_only_analysts_get_in_and_only_they_take_a_step(analyst: Person, group: ClassGroup) -> None:
    experiment = drafted(analyst, group)
    people = [
        make_teacher(group),
        make_pupil(group),
        make_member(group.school, Role.INVIGILATOR),
        make_member(make_region(kind=OrganizationKind.MINISTRY), Role.AUTHOR),
        make_member(make_region(kind=OrganizationKind.MINISTRY), Role.PSYCHOMETRICIAN),
    ]
    for person in people:
        browser = client_of(person)
        pages = [reverse("experiments"), reverse("new_experiment")]
        for there in (*pages, reverse("experiment", args=[experiment.public_id])):
            assert browser.get(there).status_code == 404
        for step in STEPS:
            assert browser.post(reverse(step, args=[experiment.public_id])).status_code == 404
        assert browser.post(reverse("new_experiment"), typed(group)).status_code == 404
    assert list(Experiment.objects.values_list("state", flat=True)) == [ExperimentState.DRAFT]


def test_an_experiment_that_does_not_exist_is_not_found(browser: Client, group: ClassGroup) -> None:
    assert browser.get(reverse("experiment", args=[group.public_id])).status_code == 404
    assert browser.get(reverse("stop_experiment", args=[group.public_id])).status_code == 405


def test_every_rule_has_words_of_its_own() -> None:
    assert set(RULES) == set(POLICIES)


def drafted(analyst: Person, *groups: ClassGroup) -> Experiment:
    now = timezone.now()
    return draft_experiment(
        title="Gaps or steady",
        aim="Which brings more?",
        subject="mathematics",
        policies=("gain-2", "even-1"),
        class_groups=groups,
        ends_at=now + timedelta(weeks=6),
        seed=5,
        actor=analyst,
        now=now,
    )


def approved(experiment: Experiment) -> Experiment:
    now = timezone.now()
    return approve_experiment(
        experiment=experiment,
        assessment="DPIA 7",
        assessed_on=timezone.localdate(now),
        actor=experiment.created_by,
        now=now,
    )
