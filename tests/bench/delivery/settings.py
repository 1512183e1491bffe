"""Settings of the baselines: the site's own, with one address."""

import os

from examsite.settings import *  # noqa: F403
from examsite.settings import DATABASES

ROOT_URLCONF = "tests.bench.delivery.baselines"
# Django's ASGI handler gives each request a thread of its own; a connection kept there is of no use.
DATABASES["default"]["CONN_MAX_AGE"] = 0 if os.environ.get("BASELINE") == "own_handler" else 600
