"""Is a room's code the one that opens its papers, and is it shown in time and not before?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams.queries.unlock_codes import code_visible, unlock_code_for
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration

pytestmark = pytest.mark.django_db


def test_each_room_of_each_administration_has_a_code_of_its_own() -> None:
    group, other = make_class(), make_class()
    make_pupil(group)
    first = make_administration([group, other])
    second = make_administration([group], form=first.form)
    codes = [unlock_code_for(first, group), unlock_code_for(first, other), unlock_code_for(second, group)]
    assert len(set(codes)) == 3 and all(len(code) == 13 for code in codes)
    assert codes[0] == unlock_code_for(first, group)


@pytest.mark.parametrize(("minutes", "visible"), [(-61, False), (-60, True), (0, True), (600, True)])
def test_a_code_is_shown_from_an_hour_before(minutes: int, visible: bool) -> None:
    administration = make_administration([make_class()], opens_at=NOW)
    assert code_visible(administration, NOW + timedelta(minutes=minutes)) is visible
