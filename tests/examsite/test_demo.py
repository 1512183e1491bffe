"""Does `manage.py demo` build, print, start over, and keep its hands off a real database?"""

import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts import cards
from accounts.enums import OrganizationKind
from accounts.models import Organization, Person
from exams.enums import SittingState
from exams.models import Sitting
from examsite.demo import world
from examsite.demo.accounts import card_code, read_plan
from examsite.demo.screen import entries

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; only a server that never comes up meets it


def demo(*options: str) -> tuple[str, str]:
    """(standard output, standard error) of the command on a world of one school."""
    out, err = io.StringIO(), io.StringIO()
    call_command("demo", *options, "--schools=1", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("option", [(), ("--json",), ("--reset",), ("--serve",)])
def test_refuses_a_database_that_is_not_a_demo(option: tuple[str, ...]) -> None:
    Organization.objects.create(kind=OrganizationKind.MINISTRY, name="Показно министарство", simulated=True)
    Organization.objects.create(kind=OrganizationKind.SCHOOL, name="Стварна школа")
    with pytest.raises(CommandError, match="no demo; nothing was changed"):
        demo(*option)
    assert Organization.objects.count() == 2


@pytest.mark.django_db
def test_refuses_people_without_a_demo_ministry() -> None:
    Person.objects.create(email="upravnik@skola.example", given_name="Ана", family_name="Илић")
    with pytest.raises(CommandError, match="no demo; nothing was changed"):
        demo("--reset")
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_taken_port_is_said_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        monkeypatch.setenv("HOST", "127.0.0.1")
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(CommandError, match=f"^Cannot listen on 127.0.0.1:{port} .*run PORT={port + 1}$"):
            demo("--serve")
    assert world.is_empty()


@pytest.mark.django_db
def test_impossible_port_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(CommandError, match="PORT=eighty is not a port"):
        demo("--serve")


@pytest.mark.django_db(transaction=True)
def test_builds_prints_json_and_starts_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.setenv("PORT", "8123")
    out, err = demo("--json")
    first = json.loads(out)
    assert err.startswith("Creating 81 pupils, their schools")
    assert first.keys() == {"url", "pupils", "pupils_sat", "pupils_practised", "staff"}
    assert first["url"] == "http://127.0.0.1:8123/"
    assert 5 <= len(first["pupils"]) <= 12
    for pupil in [*first["pupils"], *first["pupils_sat"], *first["pupils_practised"]]:
        assert pupil.keys() == {"name", "class", "code", "url"}
        assert pupil["url"] == f"http://127.0.0.1:8123/sign-in/#{pupil['code']}"
    assert [(one["role"], one["email"]) for one in first["staff"]] == [
        (one["role"], one["email"]) for one in read_plan().world["staff"]
    ]
    assert {one["url"] for one in first["staff"]} == {"http://127.0.0.1:8123" + reverse("account_login")}
    password = re.compile(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}")
    assert all(password.fullmatch(one["password"]) for one in first["staff"])

    again, err = demo("--json")
    assert (json.loads(again), err) == (first, "")

    screen, _ = demo("--reset")
    assert "Throwing the demo world away …" in screen
    assert first["pupils"][0]["code"] not in screen  # other people, other cards
    second = json.loads(demo("--json")[0])
    assert second["pupils"][0]["code"] in screen
    assert [one["name"] for one in second["pupils"]] == [one["name"] for one in first["pupils"]]


@pytest.mark.django_db(transaction=True)
def test_build_that_was_cut_off_is_finished() -> None:
    now = timezone.now()
    world._prepare(read_plan(1), now)
    waiting = Sitting.objects.filter(simulated=True).count()
    assert set(Sitting.objects.values_list("state", flat=True)) == {SittingState.READY}
    assert world.build_world(now=now, report=lambda _: None, schools=1)
    sealed = Sitting.objects.filter(simulated=True, state=SittingState.SEALED)
    assert sealed.filter(administration__isnull=False).count() == waiting > 50
    assert not world.build_world(now=now, report=lambda _: None, schools=1)


@pytest.mark.django_db(transaction=True)
def test_list_of_unused_cards_is_asked_anew() -> None:
    now = timezone.now()
    world._prepare(read_plan(1), now)
    first = entries("http://x")["pupils"][0]
    pupils = Person.objects.filter(email=None)
    pupil = next(one for one in pupils if cards.pretty(card_code(one.public_id)) == first["code"])
    pupil.login_cards.update(revoked_at=now)
    assert first["code"] not in [one["code"] for one in entries("http://x")["pupils"]]


def test_serves_in_one_go_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HOST")}
    environment |= {"PROBA_DATA_DIR": str(tmp_path), "PORT": str(port), "EMBEDDED_WORKER": "true"}
    environment["DJANGO_SETTINGS_MODULE"] = "examsite.settings"
    command = [sys.executable, "manage.py", "demo", "--serve", "--schools=1"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            page = _status("/sign-in/", port, server)
        finally:
            server.send_signal(signal.SIGINT)
            said, _ = server.communicate(timeout=PATIENCE)
    assert page == 200, said
    assert server.returncode == 0, said
    assert f"http://127.0.0.1:{port}/sign-in/#" in said
    assert "Traceback" not in said


def _status(path: str, port: int, server: subprocess.Popen[str]) -> int:
    """Status of the page as soon as somebody listens; 0 when the server ended or never came up."""
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            time.sleep(0.2)
        finally:
            connection.close()
    return 0
