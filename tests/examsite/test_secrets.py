"""Secrets come from the environment, else from one private file that is made once."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from examsite.secrets import NAMES, load_secrets


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "secrets.env"


def test_file_is_made_once_and_private(path: Path) -> None:
    first = load_secrets(path, {})
    assert set(first) == set(NAMES) == {"DJANGO_SECRET_KEY", "TICKET_SECRET", "CARD_SECRET"}
    assert len(set(first.values())) == 3
    assert all(len(value) == 64 for value in first.values())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_secrets(path, {}) == first
    assert [file.name for file in path.parent.iterdir()] == ["secrets.env"]


def test_environment_goes_first_and_is_not_written_down(path: Path) -> None:
    given = {"CARD_SECRET": "of the environment", "TICKET_SECRET": "", "OTHER": "x"}
    found = load_secrets(path, given)
    assert found["CARD_SECRET"] == "of the environment"
    assert "CARD_SECRET" not in path.read_text()
    assert len(found["TICKET_SECRET"]) == 64
    later = load_secrets(path, {})
    assert later["TICKET_SECRET"] == found["TICKET_SECRET"]
    assert later["CARD_SECRET"] != "of the environment"


def test_nothing_is_written_when_the_environment_has_all(path: Path) -> None:
    given = dict.fromkeys(NAMES, "x")
    assert load_secrets(path, given) == given
    assert not path.exists()


@pytest.mark.parametrize("held", ["", "\n", "CARD_SECRET=kept=as it is\n"])
def test_what_a_file_lacks_is_added(path: Path, held: str) -> None:
    path.parent.mkdir()
    path.write_text(held)
    found = load_secrets(path, {})
    assert all(found.values())
    if held.strip():
        assert found["CARD_SECRET"] == "kept=as it is"
    assert load_secrets(path, {}) == found
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_processes_that_start_together_agree(path: Path) -> None:
    ready = threading.Barrier(8)
    found: list[dict[str, str]] = []

    def start() -> None:
        ready.wait()
        found.append(load_secrets(path, {}))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(one == found[0] for one in found)
