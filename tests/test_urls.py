"""Who gets what at every address of the site? A table written by hand; an address that is missing fails.

Each role asks for each address about real rows: a class with a pupil who has sat, a classmate, and staff of
this and of another school. What belongs to somebody else answers like what does not exist: with 404, and to
strangers with the way to sign-in. Pupils have no account of staff: a card must not grow a password.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import OrganizationKind, Role
from accounts.models import Person
from exams.actions.experiments import draft_experiment
from exams.models import Administration, Sitting
from exams.queries.marking import marking_tasks
from scoring.actions.calibrate import request_calibration
from scoring.actions.score import score_sittings
from tests.factories.accounts import (
    NOW,
    make_class,
    make_member,
    make_pupil,
    make_region,
    make_school,
    make_teacher,
)
from tests.factories.clients import client_of
from tests.factories.exams import make_administration
from tests.factories.journal import sit
from tests.factories.marking import make_texts
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form, responses

pytestmark = pytest.mark.django_db

ROLES = (
    "stranger",
    "pupil",
    "classmate",
    "teacher",
    "colleague",
    "invigilator",
    "outsider",
    "analyst",
    "author",
    "psychometrician",
    "nobody",
)

# A column for each of ROLES: a colleague teaches another class of the school, an outsider watches over rooms
# of another school, nobody is signed in without a role. A number is the status of the answer; a word is where
# it leads: in (sign-in of pupils), staff (sign-in of staff), home, country; away is anywhere else.
GET = """
/                                       in   200  200  200  200  200  200  country 200  calibrations 200
/sign-in/                               200  200  200  200  200  200  200  200  200  200  200
/sign-out/                              405  405  405  405  405  405  405  405  405  405  405
/sit/shell/                             200  200  200  200  200  200  200  200  200  200  200
/sit/<uuid:sitting>/                    in   200  404  404  404  404  404  404  404  404  404
/sittings/<uuid:sitting>/result/        in   200  404  200  404  404  404  404  404  404  404
/readiness/                             in   200  200  404  404  404  404  404  404  404  404
/readiness/target/                      in   away away 404  404  404  404  404  404  404  404
/growth/                                in   200  200  404  404  404  404  404  404  404  404
/practice/                              in   200  200  404  404  404  404  404  404  404  404
/classes/<uuid:class_group>/            in   404  404  200  404  404  404  404  404  404  404
/classes/<uuid:class_group>/practice/   in   404  404  200  404  404  404  404  404  404  404
/pupils/<uuid:pupil>/                   in   404  404  200  404  404  404  404  404  404  404
/rooms/<uuid:class_group>/              in   404  404  404  404  200  404  404  404  404  404
/rooms/<uuid:class_group>/cards/        in   404  404  404  404  200  404  404  404  404  404
/rooms/<uuid:class_group>/decisions/    in   404  404  404  404  200  404  404  404  404  404
/rooms/<uuid:class_group>/hand-ins/     in   404  404  404  404  200  404  404  404  404  404
/rooms/<uuid:class_group>/pause/        in   404  404  404  404  200  404  404  404  404  404
/rooms/<uuid:class_group>/go-on/        405  405  405  405  405  405  405  405  405  405  405
/rooms/<uuid:class_group>/announcement/ in   404  404  404  404  200  404  404  404  404  404
/rooms/<uuid:class_group>/unlock-code/  in   404  404  404  404  200  404  404  404  404  404
/rooms/sittings/<uuid:sitting>/         in   404  404  404  404  200  404  404  404  404  404
/rooms/sittings/<uuid:sitting>/grant/   405  405  405  405  405  405  405  405  405  405  405
/rooms/sittings/<uuid:sitting>/pause/   405  405  405  405  405  405  405  405  405  405  405
/rooms/sittings/<uuid:sitting>/go-on/   405  405  405  405  405  405  405  405  405  405  405
/rooms/sittings/<uuid:sitting>/hand-in/ 405  405  405  405  405  405  405  405  405  405  405
/rooms/sittings/<uuid:sitting>/reopen/  405  405  405  405  405  405  405  405  405  405  405
/marking/                               in   404  404  200  200  404  404  404  404  404  404
/marking/<uuid:class_group>/<uuid:administration>/<int:item>/ in   404  404  200  404  404  404  404  404  404  404
/marking/<uuid:class_group>/<uuid:administration>/<int:item>/<slug:text>/ in   404  404  200  404  404  404  404  404  404  404
/bank/                                  in   404  404  404  404  404  404  404  200  404  404
/bank/coverage/                         in   404  404  404  404  404  404  404  200  404  404
/bank/items/<str:ref>/                  in   404  404  404  404  404  404  404  200  404  404
/bank/items/<str:ref>/phone/            in   404  404  404  404  404  404  404  200  404  404
/bank/forms/<uuid:form>/print/          in   404  404  404  404  404  404  404  200  404  404
/calibrations/                          in   404  404  404  404  404  404  404  404  200  404
/calibrations/new/                      405  405  405  405  405  405  405  405  405  405  405
/calibrations/runs/<int:run>/in-force/  405  405  405  405  405  405  405  405  405  405  405
/calibrations/<uuid:calibration>/       in   404  404  404  404  404  404  404  404  200  404
/calibrations/<uuid:calibration>/items/ 405  405  405  405  405  405  405  405  405  405  405
/calibrations/<uuid:calibration>/decision/ 405  405  405  405  405  405  405  405  405  405  405
/calibrations/<uuid:calibration>/in-force/ 405  405  405  405  405  405  405  405  405  405  405
/calibrations/<uuid:calibration>/withdrawal/ 405  405  405  405  405  405  405  405  405  405  405
/country/                               in   404  404  404  404  404  404  200  404  404  404
/experiments/                           in   404  404  404  404  404  404  200  404  404  404
/experiments/new/                       in   404  404  404  404  404  404  200  404  404  404
/experiments/<uuid:experiment>/         in   404  404  404  404  404  404  200  404  404  404
/experiments/<uuid:experiment>/approve/ 405  405  405  405  405  405  405  405  405  405  405
/experiments/<uuid:experiment>/begin/   405  405  405  405  405  405  405  405  405  405  405
/experiments/<uuid:experiment>/stop/    405  405  405  405  405  405  405  405  405  405  405
/offline/                               200  200  200  200  200  200  200  200  200  200  200
/favicon.ico                            away away away away away away away away away away away
/sw.js                                  200  200  200  200  200  200  200  200  200  200  200
/healthz                                200  200  200  200  200  200  200  200  200  200  200
/styleguide/                            404  404  404  404  404  404  404  404  404  404  404
/i18n/setlang/                          home home home home home home home home home home home
/staff/login/                           200  home home home home home home home home home home
/staff/logout/                          home 404  404  200  200  200  200  200  200  200  200
/staff/inactive/                        200  404  404  200  200  200  200  200  200  200  200
/staff/signup/                          200  404  404  home home home home home home home home
/staff/reauthenticate/                  staff 404  404  200  200  200  200  200  200  200  200
/staff/email/                           staff 404  404  200  200  200  200  200  200  200  200
/staff/confirm-email/                   200  404  404  200  200  200  200  200  200  200  200
/staff/password/change/                 staff 404  404  200  200  200  200  200  200  200  200
/staff/password/set/                    staff 404  404  away away away away away away away away
/staff/password/reset/                  200  404  404  200  200  200  200  200  200  200  200
/staff/password/reset/done/             200  404  404  200  200  200  200  200  200  200  200
/staff/password/reset/key/done/         200  404  404  200  200  200  200  200  200  200  200
/staff/login/code/confirm/              staff 404  404  home home home home home home home home
/staff/^confirm-email/(?P<key>[-:\\w]+)/$ 200  404  404  200  200  200  200  200  200  200  200
/staff/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$ 200  404  404  200  200  200  200  200  200  200  200
"""  # noqa: E501  rows of one table

# Where something is changed, with nothing in the request: who is let in as far as being told what is missing?
POST = """
/sign-in/                               422  422  422  422  422  422  422  422  422  422  422
/sign-out/                              in   in   in   in   in   in   in   in   in   in   in
/rooms/<uuid:class_group>/cards/        in   404  404  404  404  422  404  404  404  404  404
/rooms/<uuid:class_group>/decisions/    in   404  404  404  404  away 404  404  404  404  404
/rooms/<uuid:class_group>/hand-ins/     in   404  404  404  404  422  404  404  404  404  404
/readiness/target/                      in   away away 404  404  404  404  404  404  404  404
/practice/                              in   away away 404  404  404  404  404  404  404  404
/rooms/<uuid:class_group>/pause/        in   404  404  404  404  422  404  404  404  404  404
/rooms/<uuid:class_group>/go-on/        in   404  404  404  404  away 404  404  404  404  404
/rooms/<uuid:class_group>/announcement/ in   404  404  404  404  422  404  404  404  404  404
/rooms/<uuid:class_group>/unlock-code/  in   404  404  404  404  200  404  404  404  404  404
/marking/<uuid:class_group>/<uuid:administration>/<int:item>/<slug:text>/ in   404  404  422  404  404  404  404  404  404  404
/rooms/sittings/<uuid:sitting>/grant/   in   404  404  404  404  away 404  404  404  404  404
/rooms/sittings/<uuid:sitting>/pause/   in   404  404  404  404  away 404  404  404  404  404
/rooms/sittings/<uuid:sitting>/go-on/   in   404  404  404  404  away 404  404  404  404  404
/rooms/sittings/<uuid:sitting>/hand-in/ in   404  404  404  404  away 404  404  404  404  404
/rooms/sittings/<uuid:sitting>/reopen/  in   404  404  404  404  away 404  404  404  404  404
/calibrations/new/                      in   404  404  404  404  404  404  404  404  calibrations  404
/calibrations/runs/<int:run>/in-force/  in   404  404  404  404  404  404  404  404  calibrations  404
/calibrations/<uuid:calibration>/items/ in   404  404  404  404  404  404  404  404  away  404
/calibrations/<uuid:calibration>/decision/ in   404  404  404  404  404  404  404  404  away  404
/calibrations/<uuid:calibration>/in-force/ in   404  404  404  404  404  404  404  404  away  404
/calibrations/<uuid:calibration>/withdrawal/ in   404  404  404  404  404  404  404  404  away  404
/experiments/new/                       in   404  404  404  404  404  404  422  404  404  404
/experiments/<uuid:experiment>/approve/ in   404  404  404  404  404  404  422  404  404  404
/experiments/<uuid:experiment>/begin/   in   404  404  404  404  404  404  away 404  404  404
/experiments/<uuid:experiment>/stop/    in   404  404  404  404  404  404  away 404  404  404
/i18n/setlang/                          home home home home home home home home home home home
/staff/login/                           200  home home home home home home home home home home
/staff/logout/                          home 404  404  home home home home home home home home
/staff/signup/                          200  404  404  home home home home home home home home
/staff/email/                           staff 404  404  away away away away away away away away
/staff/password/change/                 staff 404  404  200  200  200  200  200  200  200  200
/staff/password/set/                    staff 404  404  away away away away away away away away
/staff/password/reset/                  200  404  404  200  200  200  200  200  200  200  200
"""  # noqa: E501  rows of one table

PLACES = {"/": "home", "/sign-in/": "in", "/country/": "country", "/staff/login/": "staff"} | {
    "/calibrations/": "calibrations"
}
ANY_KEYS = {
    "^confirm-email/(?P<key>[-:\\w]+)/$": "confirm-email/nothing/",
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-nothing/",
}


@dataclass(frozen=True, slots=True)
class World:
    """`values` fill the addresses: pupil, class, a sitting that is handed in and scored, a text."""

    people: dict[str, Person | None]
    values: dict[str, str]

    def client(self, role: str) -> Client:
        person = self.people[role]
        return Client() if person is None else client_of(person)

    def address(self, pattern: str) -> str:
        for name, value in self.values.items():
            pattern = re.sub(f"<\\w+:{name}>", value, pattern)
        for written, filled in ANY_KEYS.items():
            pattern = pattern.replace(written, filled)
        return pattern


@pytest.fixture
def world() -> World:
    school, elsewhere = make_school(), make_school()
    group = make_class(school=school)
    pupil, classmate = (make_pupil(group, password=make_password(None)) for _ in range(2))
    form = make_reference_form()
    sitting = sit(_of(make_administration([group], form=form), pupil), responses(form, REFERENCE_ITEMS))
    make_texts(group, {pupil: "x = 4"})
    score_sittings(now=NOW)
    people = (
        None,
        pupil,
        classmate,
        make_teacher(group),
        make_teacher(make_class(school=school)),
        make_member(school, Role.INVIGILATOR),
        make_member(elsewhere, Role.INVIGILATOR),
        make_member(make_region(kind=OrganizationKind.MINISTRY), Role.ANALYST),
        make_member(make_region(kind=OrganizationKind.MINISTRY), Role.AUTHOR),
        make_member(make_region(kind=OrganizationKind.MINISTRY), Role.PSYCHOMETRICIAN),
        Person.objects.create_user("nobody@proba.example", "a long enough secret", given_name="Ена"),
    )
    (task,) = marking_tasks([group], now=NOW)
    analyst = people[ROLES.index("analyst")]
    assert analyst is not None
    experiment = draft_experiment(
        title="Two rules",
        aim="Which brings more?",
        subject="mathematics",
        policies=("gain-2", "even-1"),
        class_groups=[group],
        ends_at=NOW + timedelta(weeks=4),
        seed=1,
        actor=analyst,
        now=NOW,
    )
    calibration = request_calibration(
        subject="mathematics", settings={}, by=people[ROLES.index("psychometrician")], now=NOW
    )
    values = {
        "run": str(calibration.base_run_id),
        "calibration": str(calibration.public_id),
        "sitting": str(sitting.public_id),
        "form": str(form.public_id),
        "ref": f"{REFERENCE_ITEMS[0]}.1",
        "class_group": str(group.public_id),
        "pupil": str(pupil.public_id),
        "administration": str(task.administration.public_id),
        "item": str(task.item.position),
        "text": task.texts[0].name,
        "experiment": str(experiment.public_id),
    }
    return World(dict(zip(ROLES, people, strict=True)), values)


def _of(administration: Administration, pupil: Person) -> Sitting:
    return administration.sittings.get(candidate=pupil)


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address as its patterns are written, one after the other."""
    for entry in (resolver or get_resolver()).url_patterns:
        written = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"/{written}"
        else:
            yield from addresses(entry, written)


def outcome(response: HttpResponse) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    return PLACES.get(response["Location"].split("?")[0], "away")


def rows(table: str) -> dict[str, dict[str, str]]:
    """What is expected, by address and role."""
    written = [line.split() for line in table.strip().splitlines()]
    return {pattern: dict(zip(ROLES, row, strict=True)) for pattern, *row in written}


def test_every_address_is_in_the_table() -> None:
    assert sorted(addresses()) == sorted(rows(GET))
    assert set(rows(POST)) <= set(rows(GET))


@pytest.mark.parametrize(("method", "table"), [("get", GET), ("post", POST)])
def test_who_gets_what(world: World, method: str, table: str) -> None:
    unexpected = []
    for pattern, expected in rows(table).items():
        for role in ROLES:
            found = outcome(getattr(world.client(role), method)(world.address(pattern)))
            if found != expected[role]:
                unexpected.append(f"{pattern}: {role} gets {found}, not {expected[role]}")
    assert unexpected == []


def test_what_is_not_there_answers_like_what_is_closed(world: World) -> None:
    """Nobody finds out by asking whether a class, a pupil or a sitting exists."""
    nowhere = dict.fromkeys(world.values, "00000000-0000-4000-8000-000000000000")
    unknown = World(world.people, nowhere | {"item": "1", "run": "0"})
    for pattern, expected in rows(GET).items():
        if "<uuid:" in pattern and "405" not in expected.values():
            for role in ROLES:
                found = outcome(unknown.client(role).get(unknown.address(pattern)))
                assert found == ("in" if role == "stranger" else "404"), (pattern, role, expected[role])
