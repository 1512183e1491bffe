"""What does a rehearsal make for itself, and what does it refuse? Whole ones are in tests/faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organization
from exams.models import Sitting
from examsite.rehearsal.cards_file import read_cards


@pytest.mark.django_db(transaction=True)
def test_world_has_classes_of_thirty_and_a_card_for_everybody(tmp_path: Path) -> None:
    file = tmp_path / "cards.txt"
    call_command("rehearse", "--pupils", "45", "--world", str(file))
    pupils = read_cards(file)
    sittings = {str(found) for found in Sitting.objects.values_list("public_id", flat=True)}
    assert {pupil.sitting for pupil in pupils} == sittings
    assert len({pupil.code for pupil in pupils}) == 45
    school = Organization.objects.get(kind="school")
    assert sorted(group.enrollments.count() for group in school.class_groups.all()) == [15, 30]
    call_command("rehearse", "--pupils", "5", "--world", str(file))
    assert Sitting.objects.count() == 50, "a rehearsal's database may be used again"


@pytest.mark.django_db(transaction=True)
def test_database_with_anybody_else_in_it_is_left_alone(tmp_path: Path) -> None:
    Organization.objects.create(kind="school", name="Rehearsal Street School")
    with pytest.raises(CommandError, match="more than a rehearsal"):
        call_command("rehearse", "--pupils", "5", "--world", str(tmp_path / "cards.txt"))
    assert Organization.objects.count() == 1
    assert not Sitting.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--pupils", "0"], "at least one"),
        (["--fault", "earthquake"], "no fault"),
        (["--server", "http://127.0.0.1:9"], "--cards"),
        (["--server", "http://192.0.2.7", "--cards", "cards.txt"], "not this machine"),
        (["--server", "https://127.0.0.1", "--cards", "cards.txt"], "is an address like"),
        (["--server", "http://127.0.0.1:9", "--cards", "nowhere.txt"], "No such file"),
        (["--server", "http://127.0.0.1:9", "--cards", "cards.txt", "--fault", "kill-app"], "starts itself"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused(arguments: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("rehearse", *arguments)
