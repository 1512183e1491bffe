"""What do the pages about calibrations say, and what do they do with what is posted?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from accounts.models import AuditEntry, Person
from exams.models import Form
from scoring.actions.calibration_decisions import accept
from scoring.actions.calibration_states import State
from scoring.actions.parameters import copy_parameters, current_run
from scoring.actions.rescore import rescore
from scoring.models import Calibration, ScoringRun
from scoring.practice.effects import PracticeEffects
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_member, make_pupil, make_school
from tests.factories.calibration import make_draft, make_psychometrician
from tests.factories.clients import client_of
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form, make_scored_trial

pytestmark = pytest.mark.django_db
OWN = PracticeEffects(
    version="estimated-612",
    domain=(0.01, 0.02, 0.03, 0.03, 0.02, 0.01),
    standard=(0.09, 0.07, 0.05, 0.04, 0.02, 0.0),
    growth=0.02,
    standard_sd=0.5,
)


@pytest.fixture
def person() -> Person:
    return make_psychometrician()


@pytest.fixture
def client(person: Person) -> Client:
    return client_of(person)


@pytest.fixture
def form() -> Form:
    return make_reference_form()


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def page(client: Client, calibration: Calibration, **query: str) -> str:
    return text_of(client.get(reverse("calibration", args=[calibration.public_id]), query))


def post(client: Client, name: str, *where: Any, **typed: Any) -> str:
    response = client.post(reverse(name, args=where), typed, follow=True)
    return text_of(response)


def test_the_role_comes_home_to_the_list(client: Client) -> None:
    assert client.get("/").headers["Location"] == reverse("calibrations")
    page = text_of(client.get(reverse("calibrations")))
    assert "Nothing has been calibrated yet" in page
    assert "A new calibration" in page


def test_practice_counts_only_if_ticked(client: Client) -> None:
    body = client.get(reverse("calibrations")).content.decode()
    assert re.findall(r'<input type="checkbox" name="(\w+)"([^>]*)>', body) == [
        ("practice", ' aria-describedby="practice-hint"'), ("dynamics", " checked"),
    ]  # fmt: skip


def test_only_psychometricians_are_let_in(form: Form) -> None:
    draft = make_draft(form)
    addresses = [reverse("calibrations"), reverse("calibration", args=[draft.public_id])]
    school = make_school()
    for other in (make_member(school, Role.PSYCHOMETRICIAN), make_member(school, Role.ANALYST)):
        assert [client_of(other).get(address).status_code for address in addresses] == [404, 404]
        for name, where in (
            ("request_calibration", []),
            ("calibrated_items", [draft.public_id]),
            ("decide_calibration", [draft.public_id]),
            ("put_calibration_in_force", [draft.public_id]),
            ("withdraw_calibration", [draft.public_id]),
            ("return_to_run", [draft.base_run_id]),
        ):
            assert client_of(other).post(reverse(name, args=where)).status_code == 404
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_what_is_not_there_is_not_found(client: Client, form: Form) -> None:
    nowhere = "00000000-0000-4000-8000-000000000000"
    assert client.get(reverse("calibration", args=[nowhere])).status_code == 404
    assert client.post(reverse("return_to_run", args=[99]), {"reason": "x"}).status_code == 404


def test_asking_for_one_leads_to_its_progress(client: Client, person: Person, form: Form) -> None:
    current_run(now=NOW)
    shown = post(
        client, "request_calibration", subject="mathematics", wanted="300", scale="linked", practice="on"
    )
    calibration = Calibration.objects.get()
    assert "A process of its own picks it up within seconds." in shown
    assert (calibration.requested_by, calibration.state) == (person, "queued")
    assert calibration.settings == {"wanted": 300, "practice": True, "scale": "linked", "dynamics": False}
    again = post(client, "request_calibration", subject="mathematics", wanted="300", scale="linked")
    assert "a calibration of this subject is under way already" in again
    assert "a whole number from 100 to 2000" in post(
        client, "request_calibration", subject="physics", wanted="5", scale="linked"
    )
    assert Calibration.objects.count() == 1


def test_progress_alone_is_a_fragment(client: Client, form: Form) -> None:
    running = make_draft(form, state=State.RUNNING, report={"tries": 1, "step": "dif", "at": NOW.isoformat()})
    response = client.get(reverse("calibration", args=[running.public_id]), {"part": "progress"})
    assert "Now: comparing groups." in text_of(response)
    assert b"<html" not in response.content
    assert b'data-state="running"' in response.content


def test_a_failure_says_why_and_what_to_do(client: Client, form: Form) -> None:
    failed = make_draft(form, state=State.FAILED, problem="too_few_items", report={"tries": 1})
    assert "Ask for fewer, or wait for more." in page(client, failed)
    strange = make_draft(form, state=State.FAILED, problem="a strange message", report={"tries": 1})
    assert "a strange message" in page(client, strange)


def test_a_draft_in_sentences_first(client: Client, form: Form) -> None:
    draft = make_draft(form, flags=["easy"])
    shown = page(client, draft)
    assert re.search(
        r"It rests on 3,000 first responses, which 300 pupils gave from \d+ \w{3} \d{4} to \d+ \w{3} \d{4}\.",
        shown,
    )
    assert (
        "10 items were calibrated together, 0 came to the scale one by one, 0 keep what they have." in shown
    )
    assert "10 of the new ones have a flag." in shown
    assert "10 items would get new parameters." in shown
    assert shown.index("In short") < shown.index("Your decision") < shown.index("What the columns mean")
    assert "+0.50" in shown


def test_what_practice_brings_is_assumed_and_how_to_know_it_is_said(client: Client, form: Form) -> None:
    draft = make_draft(form)
    shown = page(client, draft)
    assert (
        "For choosing practice nothing changes: what a practised item brings stays assumed. Readiness and "
        "growth do not use it. It can be estimated once chance alone has chosen the first practice of 500 "
        "pupils: by an experiment with the rule “Any item alike”. What" in shown
    )
    assert "0.15 +0.0012 +0.0012 0.30 +0.0049 +0.0049 0.45 +0.0113 +0.0113 0.60 +0.0150 +0.0150" in shown
    assert "In brackets" not in shown
    draft.settings["dynamics"] = True
    draft.report["effects"] |= {"n_learners": 1, "table": OWN.as_table()}
    draft.save()
    shown = page(client, draft)
    assert "what a practised item brings stays as it was estimated before." in shown
    assert "the rule “Any item alike”. So far there is 1." in shown


def test_what_practice_brings_is_estimated_with_its_errors(client: Client, form: Form) -> None:
    draft = make_draft(form)
    draft.report["effects"] = {
        "table": OWN.as_table(), "estimated": True, "n_learners": 612, "domain_se": [0.004] * 6,
        "standard_se": [0.007] * 6,
    }  # fmt: skip
    draft.save()
    shown = page(client, draft)
    assert "is estimated from 612 pupils whose items chance alone chose." in shown
    assert "With this draft you accept these figures for choosing practice." in shown
    assert "0.30 +0.0200 (± 0.0040) +0.0700 (± 0.0070)" in shown
    assert "In brackets the standard error." in shown
    assert "stays assumed" not in shown


def test_which_figures_are_for_what_is_said(client: Client, form: Form) -> None:
    draft = make_draft(form)
    draft.report["dynamics"] = {
        "table": {"drift_per_week": 0.004, "gain_per_item": -0.011, "sd_per_week": 0.06}, "estimated": True,
        "n_learners": 1204, "se": {},
    }  # fmt: skip
    draft.save()
    shown = page(client, draft)
    assert (
        "For readiness and growth, abilities are carried on from sitting to sitting: as 1,204 returns "
        "of pupils show, by +0.004 a week and −0.011 with each item practised, give or take 0.060 a week."
        in shown
    )
    assert (
        "not what one item brings. With this draft you accept these figures for readiness and growth."
        in shown
    )
    assert "For choosing practice nothing changes: what a practised item brings stays assumed." in shown
    draft.report["dynamics"] |= {"estimated": False, "n_learners": 12}
    draft.save()
    shown = page(client, draft)
    assert "For readiness and growth nothing changes: too few pupils have come back (12)" in shown
    assert "you accept" not in shown


def test_drafts_from_before_practice_was_estimated_are_shown_without(client: Client, form: Form) -> None:
    draft = make_draft(form)
    del draft.report["effects"]
    draft.save()
    shown = page(client, draft)
    assert "In short" in shown
    assert "What a practised item brings" not in shown


def test_items_come_in_the_order_asked_for(client: Client, form: Form) -> None:
    draft = make_draft(form)
    worst, hardest = draft.items.all()[3], draft.items.all()[6]
    worst.flags = ["backwards"]
    worst.save()
    hardest.steps = [-3.0]
    hardest.save()
    address = reverse("calibration", args=[draft.public_id])
    for sort, first in (("flags", worst), ("difficulty", hardest), ("nonsense", worst)):
        body = client.get(address, {"sort": sort}).content.decode()
        assert re.findall(r'<tr id="item-(\d+)"', body)[0] == str(first.version_id)


def test_an_item_is_left_out_and_taken_in(client: Client, form: Form, person: Person) -> None:
    draft = make_draft(form)
    version = draft.items.all()[2].version_id
    address = reverse("calibrated_items", args=[draft.public_id])
    response = client.post(address, {"leave_out": version, "back": "sort=flags&page=1"})
    assert response.headers["Location"].endswith(f"?sort=flags&page=1#item-{version}")
    assert "9 items would get new parameters." in page(client, draft)
    assert "1 is left out." in page(client, draft)
    client.post(address, {"include": version})
    assert "10 items would get new parameters." in page(client, draft)
    assert AuditEntry.objects.filter(action="choose_calibrated_items", actor=person).count() == 2


def test_a_way_back_cannot_lead_elsewhere(client: Client, form: Form) -> None:
    draft = make_draft(form)
    address = reverse("calibrated_items", args=[draft.public_id])
    response = client.post(address, {"leave_out": "1", "back": "//evil.example"})
    assert response.headers["Location"] == reverse("calibration", args=[draft.public_id])


def test_a_decision_needs_a_reason(client: Client, form: Form) -> None:
    draft = make_draft(form)
    assert "Say why: the reason stays with the decision." in post(
        client, "decide_calibration", draft.public_id, decision="accept"
    )
    assert "Say whether you accept or reject it." in post(
        client, "decide_calibration", draft.public_id, reason="because"
    )
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_rejecting(client: Client, form: Form) -> None:
    draft = make_draft(form)
    shown = post(client, "decide_calibration", draft.public_id, decision="reject", reason="too few items")
    assert "Rejected. The draft stays to be read" in shown
    assert "too few items" in shown
    assert "Your decision" not in shown
    assert "somebody has decided this already" in post(
        client, "decide_calibration", draft.public_id, decision="accept", reason="after all"
    )


def test_from_accepting_to_force_and_back(client: Client, form: Form, person: Person) -> None:
    group = make_class()
    make_scored_trial(group, {make_pupil(group): REFERENCE_ITEMS[:n] for n in (3, 8)}, form=form)
    draft = make_draft(form, shift=0.5)
    shown = post(client, "decide_calibration", draft.public_id, decision="accept", reason="fits")
    assert "Everything is being scored under it" in shown
    assert "0 of 2 sittings" in shown
    assert "not everything has been scored under it yet" in post(
        client, "put_calibration_in_force", draft.public_id, reason="now"
    )
    draft.refresh_from_db()
    while rescore(draft, now=NOW + timedelta(hours=3)):
        pass
    shown = page(client, draft)
    assert "What would change for pupils" in shown
    assert "Of 2 pupils with 2 sittings" in shown
    assert "In force." in post(client, "put_calibration_in_force", draft.public_id, reason="now")
    draft.refresh_from_db()
    assert run_in_force() == draft.run
    shown = page(client, draft)
    assert "What changed for pupils" in shown
    assert "In force" in shown and "Was in force" not in shown
    listed = text_of(client.get(reverse("calibrations")))
    assert re.search(r"Mathematics, \d+ \w{3} \d{4}, \d\d:\d\d In force 300 ", listed)
    assert f"calibration-{draft.pk}" in listed
    assert "Put it in force again" in listed
    back = post(client, "return_to_run", draft.base_run_id, reason="too early")
    assert "In force again." in back
    assert run_in_force() == draft.base_run
    shown = page(client, draft)
    assert "What was different for pupils while it was in force" in shown
    assert "Was in force" in shown and "What changed for pupils" not in shown
    listed = text_of(client.get(reverse("calibrations")))
    assert re.search(r"Mathematics, \d+ \w{3} \d{4}, \d\d:\d\d Was in force 300 ", listed)
    post(client, "return_to_run", draft.run.pk, reason="it was right")
    assert "What changed for pupils" in page(client, draft)
    post(client, "return_to_run", draft.base_run_id, reason="too early")
    assert "cannot be put in force again" in post(client, "return_to_run", draft.base_run_id, reason="again")


def test_what_was_overtaken_says_so(client: Client, form: Form, person: Person) -> None:
    group = make_class()
    make_scored_trial(group, {make_pupil(group): REFERENCE_ITEMS[:4]}, form=form)
    how: dict[str, Any] = {"by": person, "reason": "fits", "now": NOW + timedelta(hours=3)}
    draft = make_draft(form)
    accept(calibration=draft, **how)
    while rescore(draft, now=NOW + timedelta(hours=3)):
        pass
    other = ScoringRun.objects.create(rule_version="rules-9", parameter_version="x", in_force_at=how["now"])
    copy_parameters(draft.base_run, other)
    shown = page(client, draft)
    assert "Other parameters have come into force since it was accepted." in shown
    assert "Withdraw it" in shown


def test_what_was_accepted_is_withdrawn(client: Client, form: Form, person: Person) -> None:
    first, second = make_draft(form), make_draft(form)
    post(client, "decide_calibration", first.public_id, decision="accept", reason="fits")
    assert "Put that one in force or withdraw it first." in post(
        client, "decide_calibration", second.public_id, decision="accept", reason="fits"
    )
    assert "Say why" in post(client, "withdraw_calibration", first.public_id)
    shown = post(client, "withdraw_calibration", first.public_id, reason="a wrong key")
    assert "Withdrawn. It stays to be read, and no page changes." in shown
    assert "a wrong key" in shown
    assert "Withdraw it" not in shown
    again = post(client, "withdraw_calibration", first.public_id, reason="again")
    assert "somebody has decided this already" in again
    assert "Accepted." in post(
        client, "decide_calibration", second.public_id, decision="accept", reason="fits"
    )


def test_how_many_wait_is_said(client: Client, form: Form, person: Person) -> None:
    group = make_class()
    make_scored_trial(group, {make_pupil(group): REFERENCE_ITEMS[:4]}, form=form)
    draft = make_draft(form)
    accept(calibration=draft, by=person, reason="fits", now=NOW)
    Calibration.objects.update(difference={"finished_at": NOW.isoformat(), "n_pupils": 0, "domains": []})
    shown = post(client, "put_calibration_in_force", draft.public_id, reason="now")
    assert "1 sitting still waits to be scored under it" in shown


def test_items_on_the_way_say_how_many_responses_they_need(client: Client, form: Form) -> None:
    draft = make_draft(form)
    item = draft.items.all()[0]
    item.source, item.n_responses, item.flags = "pretest", 120, ["imprecise"]
    item.save()
    shown = page(client, draft)
    assert "1 item that pupils have met is not calibrated with the others yet." in shown
    assert "0 are known well enough as pretest items, 1 not precisely enough yet, 0 keep assumed" in shown
    assert f"{item.version.ref} pretest 120 130" in shown


def test_groups_and_pairs_by_name(client: Client, form: Form) -> None:
    draft = make_draft(form)
    first, second = draft.items.all()[:2]
    draft.report["pairs"] = [{"first": first.version_id, "second": second.version_id, "excess": 0.31}]
    draft.report["dif"] = [
        {
            "kind": "region", "focal": "Север", "n_focal": 150, "n_others": 200, "n_tested": 10,
            "items": [{"item": first.version_id, "class": "C", "difference": -0.12, "p": 0.001}],
        }
    ]  # fmt: skip
    draft.save()
    shown = page(client, draft)
    assert "Sever (150) beside all others (200)" in shown
    assert f"{first.version.ref} (large): −0.120 of its points at equal ability" in shown
    assert f"{first.version.ref} and {second.version.ref} : residuals correlate 0.31" in shown


def test_a_page_takes_as_many_queries_with_one_item_as_with_ten(
    client: Client, form: Form, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    draft = make_draft(form)
    with django_assert_max_num_queries(14):
        page(client, draft)
