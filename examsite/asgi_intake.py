"""The exam plane alone: what phones talk to under /x/, in processes that no page can slow down."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examsite.settings")
django.setup()

from examsite.composition import build_application  # noqa: E402  Django must be set up first

application = build_application(None)
