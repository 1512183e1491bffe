"""What does the player's shell tell the player: its texts in Serbian, and where results are?"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings

from exams.catalogues import read_catalogue


@cache
def player_config() -> dict[str, Any]:
    """English texts are their own msgids, Serbian comes along, and Latin is derived on the phone."""
    catalogue = read_catalogue(settings.LOCALE_PATHS[0] / "sr" / "LC_MESSAGES" / "djangojs.po")
    return {
        "catalog": catalogue,
        "home": "/",
        "signIn": "/sign-in/",
        "result": "/sittings/<id>/result/",
    }
