"""Do operators stop and release a whole country, and are they told what they got wrong?"""

from __future__ import annotations

import uuid

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import OrganizationKind, Role
from accounts.models import AuditEntry, Person
from exams.models import Administration, Pause, Sitting
from tests.factories.accounts import make_class, make_member, make_pupil, make_region
from tests.factories.exams import make_administration

pytestmark = pytest.mark.django_db


@pytest.fixture
def administration() -> Administration:
    """Two pupils in two schools, who wait."""
    groups = [make_class(), make_class()]
    for group in groups:
        make_pupil(group)
    return make_administration(groups)


@pytest.fixture
def operator() -> Person:
    return make_member(
        make_region(kind=OrganizationKind.MINISTRY), Role.ANALYST, email="operator@proba.example"
    )


def run(name: str, administration: object, *more: str) -> None:
    call_command(
        name, "--administration", str(getattr(administration, "public_id", administration)), "--by",
        "Operator@proba.example", *more,
    )  # fmt: skip


def test_everybody_stops_and_goes_on(
    administration: Administration, operator: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    run("pause", administration, "--reason", "Power cut")
    assert "2 sittings more" in capsys.readouterr().out
    assert not Sitting.objects.filter(paused_at=None).exists()
    assert Pause.objects.get().reason == "Power cut"
    with pytest.raises(CommandError, match=r"Paused already since .*: Power cut"):
        run("pause", administration, "--reason", "Again")
    run("resume", administration)
    assert "Still paused by rooms or schools: 0 sittings." in capsys.readouterr().out
    assert not Sitting.objects.exclude(paused_at=None).exists()
    with pytest.raises(CommandError, match="not paused"):
        run("resume", administration)
    actions = AuditEntry.objects.filter(actor=operator).values_list("action", flat=True)
    assert sorted(actions) == ["end_pause", "pause"]


def test_one_school(
    administration: Administration, operator: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    school = administration.class_groups.all()[0].school
    own = ("--school", str(school.public_id))
    run("pause", administration, "--reason", "Flood", *own)
    assert "1 sittings more" in capsys.readouterr().out
    with pytest.raises(CommandError, match="not paused"):
        run("resume", administration)
    run("pause", administration, "--reason", "Storm")
    run("resume", administration)
    assert "Still paused by rooms or schools: 1 sittings." in capsys.readouterr().out
    run("resume", administration, *own)
    assert not Sitting.objects.exclude(paused_at=None).exists()


def test_what_cannot_be_found_is_said(administration: Administration, operator: Person) -> None:
    with pytest.raises(
        CommandError, match=f"No such administration[^$]*{administration.public_id}  Trial exam"
    ):
        run("pause", "nonsense", "--reason", "?")
    with pytest.raises(CommandError, match="No such school"):
        run("pause", administration, "--reason", "?", "--school", str(uuid.uuid4()))
    with pytest.raises(CommandError, match="Say why"):
        run("pause", administration, "--reason", " ")
    operator.delete()
    with pytest.raises(CommandError, match="Nobody of the staff"):
        run("pause", administration, "--reason", "?")
    assert not Pause.objects.exists()
