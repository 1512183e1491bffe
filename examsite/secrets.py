"""Where do the secrets of this installation come from? The environment, or a generated ignored file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

NAMES = ("DJANGO_SECRET_KEY", "TICKET_SECRET", "CARD_SECRET")


def load_secrets(path: Path, environment: dict[str, str]) -> dict[str, str]:
    """Every name of NAMES from `environment`, else from `path`, which is created (mode 0600) when missing.

    Losing CARD_SECRET makes every printed card useless, losing TICKET_SECRET ends running sittings' tickets
    (phones sign in again and go on); back the file up with the database.
    """
    stored = _read(path)
    found = {name: environment.get(name) or stored.get(name, "") for name in NAMES}
    missing = [name for name, value in found.items() if not value]
    if missing:
        for name in missing:
            found[name] = secrets.token_urlsafe(48)
        _write(path, stored | {name: found[name] for name in missing})
    return found


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = path.read_text(encoding="ascii").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write(path: Path, values: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{name}={value}\n" for name, value in sorted(values.items()))
