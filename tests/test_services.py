"""Are the servers that tests use the real ones, with the settings that make an acknowledgement true?"""

import psycopg
import pytest
import redis
from django.db import connection
from playwright.sync_api import Browser


def test_postgres_keeps_what_it_acknowledges(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as server:
        asked = "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
        assert server.execute(asked).fetchone() == ("on", "on")


def test_postgres_database_is_migrated_and_ones_own(postgres_database: str) -> None:
    with psycopg.connect(postgres_database) as database:
        applied = database.execute("SELECT count(*) FROM django_migrations WHERE app = 'exams'").fetchone()
        assert applied and applied[0] >= 1
        database.execute("CREATE TABLE left_behind (id integer)")


@pytest.mark.postgres
@pytest.mark.django_db
def test_django_itself_runs_on_postgres_in_this_kind() -> None:
    assert connection.vendor == "postgresql", "DATABASE_URL says where; `make test` sets it"


def test_redis_keeps_a_stream(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.delete("test_services")
        client.xadd("test_services", {"seq": 7})
        assert [fields for _, fields in client.xrange("test_services")] == [{b"seq": b"7"}]
        client.delete("test_services")


def test_chromium_runs_scripts_and_draws_formulas(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<math id=m><mfrac><mn>1</mn><mn>2</mn></mfrac></math>")
    tall = page.evaluate("document.getElementById('m').getBoundingClientRect().height")
    assert tall > 20
    page.close()
