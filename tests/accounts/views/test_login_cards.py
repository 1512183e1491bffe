"""Do new cards work, old ones stop, and does the picture hold what the code says?"""

from __future__ import annotations

import re

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry, ClassGroup, LoginCard
from accounts.queries.cards import pupil_by_code
from tests.factories.accounts import make_card, make_class, make_member, make_pupil
from tests.factories.clients import client_of

pytestmark = pytest.mark.django_db


def address(group: ClassGroup) -> str:
    return f"/rooms/{group.public_id}/cards/"


def test_a_new_card_replaces_the_old_one_and_is_written_down() -> None:
    group = make_class()
    pupil, other = make_pupil(group), make_pupil(group)
    old = make_card(pupil)
    make_card(other)
    invigilator = make_member(group.school, Role.INVIGILATOR)
    page = client_of(invigilator).post(address(group), {"pupil": [str(pupil.public_id)]})
    (code,) = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.content.decode())
    assert pupil_by_code(code) == pupil
    assert pupil_by_code(old) is None
    assert LoginCard.objects.filter(person=other, revoked_at=None).count() == 1
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (invigilator, "replace_card", pupil)
    assert page.content.decode().count('class="qr"') == 1


def test_a_pupil_of_another_class_gets_no_card_here() -> None:
    group = make_class()
    stranger = make_pupil(make_class(school=group.school))
    invigilator = make_member(group.school, Role.INVIGILATOR)
    page = client_of(invigilator).post(address(group), {"pupil": [str(stranger.public_id), "junk"]})
    assert page.status_code == 422
    assert "Choose at least one pupil." in page.content.decode()
    assert LoginCard.objects.count() == 0
