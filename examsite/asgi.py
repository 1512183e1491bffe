"""Who answers what: /x/ the intake, WebSockets Channels, everything else Django's pages."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examsite.settings")

from django.core.wsgi import get_wsgi_application

pages = get_wsgi_application()

from examsite.composition import build_application  # noqa: E402  Django must be set up first

application = build_application(pages)
