"""Which translations does a gettext catalogue hold? For texts that travel to a phone."""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po


def read_catalogue(path: Path) -> dict[str, str | list[str]]:
    """msgid → translation (plural forms as a list), without what is untranslated or fuzzy."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale="sr")
    found: dict[str, str | list[str]] = {}
    for message in catalogue:
        if not message.id or message.fuzzy or not message.string:
            continue
        if isinstance(message.id, str):
            found[message.id] = str(message.string)
        else:
            found[message.id[0]] = list(message.string)
    return found
