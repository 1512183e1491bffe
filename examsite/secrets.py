"""Where do the secrets of this installation come from? The environment, or a generated ignored file."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

NAMES = ("DJANGO_SECRET_KEY", "TICKET_SECRET", "CARD_SECRET")


def load_secrets(path: Path, environment: dict[str, str]) -> dict[str, str]:
    """Every name of NAMES from `environment`, else from `path`, which is created (mode 0600) when missing.

    Losing CARD_SECRET makes every printed card useless. Losing TICKET_SECRET ends running sittings' tickets:
    phones sign in again and go on. Back the file up with the database.
    """
    while True:
        stored = _read(path)
        found = {name: environment.get(name) or (stored or {}).get(name, "") for name in NAMES}
        missing = [name for name, value in found.items() if not value]
        if not missing:
            return found
        made = {name: secrets.token_urlsafe(48) for name in missing}
        # Two processes that start together must end up with the same secrets: the file is read again.
        _write(path, (stored or {}) | made, replace=stored is not None)


def _read(path: Path) -> dict[str, str] | None:
    if not path.exists():
        return None
    lines = path.read_text(encoding="ascii").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write(path: Path, values: dict[str, str], *, replace: bool) -> None:
    """Whole or not at all; without `replace` a file that is there already stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{name}={value}\n" for name, value in sorted(values.items()))
    if replace:
        beside.replace(path)
        return
    with suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()
