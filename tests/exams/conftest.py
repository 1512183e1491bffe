"""What is written by hand for two databases is tested on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import environ
import pytest
from django.db import connection, connections
from django.db.utils import ConnectionHandler


@pytest.fixture(params=["django", pytest.param("postgres", marks=pytest.mark.postgres)])
def both_databases(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[None]:
    """Once on the database Django is tested with, and in the postgres kind on a real PostgreSQL."""
    if request.param == "django" or connection.vendor == "postgresql":
        yield
    else:
        with django_on(request.getfixturevalue("postgres_database")):
            yield


@contextmanager
def django_on(url: str) -> Iterator[None]:
    """This thread's models speak to the database at `url`, which is migrated."""
    own = connections["default"]
    other = ConnectionHandler({"default": environ.Env.db_url_config(url)})["default"]
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = own
