"""Practice sets of chosen items on chosen days, through the real form, sitting and journal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from accounts.models import Person
from exams.actions.forms import Selected, publish_form
from exams.actions.sittings import open_practice_sitting
from exams.enums import FormPurpose
from exams.models import Sitting
from tests.factories.exams import make_versions
from tests.factories.journal import sit
from tests.factories.scoring import responses

_numbers = count(1)


def practise(
    pupil: Person,
    items: Sequence[str],
    *,
    at: datetime,
    correct: Collection[str] = (),
    shown: Sequence[str] = (),
    selection: dict[str, Any] | None = None,
    **how: Any,
) -> Sitting:
    """The pupil practises these items, those in `correct` rightly, from `at` on; not scored yet.

    shown: refs that were seen before the others, in this order; selection: by which rule the set came about.
    """
    form = publish_form(
        identifier=f"practised-{next(_numbers)}",
        subject="mathematics",
        purpose=FormPurpose.PRACTICE,
        title_sr="Вежба",
        title_en="Practice",
        selected=[Selected(version) for version in make_versions(items)],
        now=at,
        selection=selection,
    )
    opened = open_practice_sitting(form=form, candidate=pupil, now=at)
    given = responses(form, correct)
    in_order = {ref: given[ref] for ref in (*shown, *given)}
    return sit(opened, in_order, started_at=at, **how)
