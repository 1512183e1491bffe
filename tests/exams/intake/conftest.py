"""An intake with its own writer, and a pupil with a sitting, on both databases."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Person
from accounts.pupil_cookie import mint_pupil_cookie
from exams.intake.app import Intake
from exams.intake.connection import connect
from exams.intake.writer import Writer
from exams.models import Administration, Sitting
from tests.exams.intake.desk import NINE, Desk, moment
from tests.exams.intake.phone import Phone
from tests.factories.accounts import make_class, make_pupil
from tests.factories.exams import make_administration


@pytest.fixture
def writer(both_databases: None) -> Iterator[Writer]:
    address = connection.settings_dict
    writer = Writer(lambda: connect(address))
    writer.start()
    yield writer
    writer.stop()


@pytest.fixture
def intake(writer: Writer) -> Intake:
    return Intake(writer, ticket_secret="ticket secret", card_secret="card secret", secure_cookie=False)


@pytest.fixture
def administration(both_databases: None) -> Administration:
    group = make_class()
    make_pupil(group)
    return make_administration([group], now=timezone.now())


@pytest.fixture
def sitting(administration: Administration) -> Sitting:
    return Sitting.objects.select_related("candidate").get(administration=administration)


@pytest.fixture
def pupil(sitting: Sitting) -> Person:
    return sitting.candidate


@pytest.fixture
def phone(intake: Intake, pupil: Person) -> Phone:
    return signed_in_phone(intake, pupil)


@pytest.fixture
def desk(both_databases: None) -> Iterator[Desk]:
    desk = Desk(connection.settings_dict)
    yield desk
    desk.db.close()


@pytest.fixture
def trial(both_databases: None) -> Sitting:
    """A sitting of an hour that can be started at NINE, in a window without end."""
    group = make_class()
    make_pupil(group)
    return Sitting.objects.get(administration=make_administration([group], now=moment(NINE)))


def signed_in_phone(intake: Intake, pupil: Person) -> Phone:
    cookie = mint_pupil_cookie(str(pupil.public_id), secret=intake.ticket_secret, now=int(time.time() * 1000))
    return Phone(intake, cookie=cookie)
