"""How are very many sittings changed at once, while their pupils go on saving, starting and handing in?"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, models, transaction
from django.db.models import F, Value

from exams.models.sitting import SittingQuerySet

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 20
_SOMEBODY_ELSE_HOLDS_IT = ("55P03", "40P01")  # PostgreSQL: lock_timeout, deadlock_detected


def giving_way(work: Callable[P, T]) -> Callable[P, T]:
    """Runs `work` in a transaction that rather begins anew than stands in the way of the intake.

    The intake locks sittings in the order in which pupils start and hand in, an UPDATE of a whole country in
    the order of the table: now and then each waits for the other. This side then lets go before PostgreSQL
    looks for a victim (after one second), and tries again. SQLite has one writer at a time.
    """

    @wraps(work)
    def patiently(*args: P.args, **kwargs: P.kwargs) -> T:
        inside = connection.in_atomic_block
        for tries_left in reversed(range(TRIES)):
            try:
                with transaction.atomic():
                    _wait_briefly()
                    return work(*args, **kwargs)
            except OperationalError as error:
                held = getattr(error.__cause__, "sqlstate", "") in _SOMEBODY_ELSE_HOLDS_IT
                if not held or inside or not tries_left:
                    raise
            time.sleep(random.uniform(0.05, 0.2))  # noqa: S311
        raise AssertionError("the last try returns or raises")

    return patiently


def insert_for_each(model: type[models.Model], sittings: SittingQuerySet, values: Mapping[str, Any]) -> int:
    """One row of `model` for each of `sittings`, in one statement that also locks them; how many.

    `values`: field → the same value for all. Runs inside the caller's transaction, so that an UPDATE of the
    same sittings right after it meets exactly these.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(_column(model, name)) for name in ("sitting", *values))
    constants = {
        f"given_{name}": Value(value, output_field=_plain(model._meta.get_field(name)))
        for name, value in values.items()
    }
    chosen = sittings.select_for_update(no_key=True).order_by().annotate(**constants)
    statement, parameters = chosen.values_list(F("pk"), *constants).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) {statement}", parameters)
        return int(cursor.rowcount)


def _column(model: type[models.Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "column"))  # noqa: B009


def _plain(field: Any) -> Any:
    """What a reference to another row is made of: its key."""
    return models.BigIntegerField() if field.is_relation else field


def _wait_briefly() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '400ms'")
