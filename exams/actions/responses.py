"""How does the journal of a sitting become its current responses?"""

from __future__ import annotations

from django.db import transaction

from exams.intake import journal
from exams.intake.borrowed import borrowed_store
from exams.models import CurrentResponse, FormItem, Sitting
from exams.projection import Projection


def read_projection(sitting: Sitting) -> Projection:
    """The projection straight from the journal; the stored rows are a copy of exactly this."""
    return journal.projection(borrowed_store().db, sitting.pk)


@transaction.atomic
def project_sitting(*, sitting: Sitting) -> list[CurrentResponse]:
    """Replace the sitting's CurrentResponse rows by what the journal says; idempotent.

    A row for every item of the form that was seen or responded to, in the form's order.
    """
    projection = read_projection(sitting)
    rows = [
        CurrentResponse(
            sitting=sitting,
            version_id=version_id,
            value=projection.responses.get(ref),
            late=ref in projection.late,
            hinted=ref in projection.hinted,
        )
        for version_id, ref in FormItem.objects.filter(form_id=sitting.form_id).values_list(
            "version_id", "version__ref"
        )
        if ref in projection.seen
    ]
    CurrentResponse.objects.filter(sitting=sitting).delete()
    return CurrentResponse.objects.bulk_create(rows)
