"""`manage.py pause`: time stands still for a whole administration, or for one school of it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.enums import OrganizationKind
from accounts.models import Organization, Person
from exams.actions.interruptions import begin_pause
from exams.models import Administration
from exams.queries.interruptions import EVERYBODY, Scope, open_pause


class Command(BaseCommand):
    help = (
        "Time stands still for everybody who sits an administration and has not handed in, in the whole "
        "country or in one school; `manage.py resume` ends it. For those who operate the installation: pages "
        "offer invigilators their own rooms and school. Phones hide the tasks at their next contact (within "
        "about a minute), whoever has no network when it comes back; nobody loses time. Open boards of other "
        "processes show it at their next look, within a minute. Example: manage.py pause --administration "
        "5b0e3c1e-… --reason 'Power cut in Belgrade' --by operator@ministry.example"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        arguments(parser)
        parser.add_argument("--reason", required=True, help="stays in the record of every sitting")

    def handle(self, *args: Any, **options: Any) -> None:
        administration, scope, actor = chosen(options)
        if not options["reason"].strip():
            raise CommandError("Say why: the reason stays in the record of every sitting.")
        known = open_pause(administration, scope)
        if known is not None:
            raise CommandError(f"Paused already since {known.begun_at:%Y-%m-%d %H:%M:%S}: {known.reason}")
        held = begin_pause(
            administration=administration,
            scope=scope,
            reason=options["reason"],
            actor=actor,
            now=timezone.now(),
        )
        number = administration.sittings.filter(paused_at=held.begun_at).count()
        self.stdout.write(f"Time stands still for {number} sittings more. End it with: manage.py resume")


def arguments(parser: ArgumentParser) -> None:
    """What `pause` and `resume` ask for alike."""
    parser.add_argument("--administration", required=True, metavar="ID", help="its public id")
    parser.add_argument(
        "--school", metavar="ID", default="", help="the public id of one school; else everybody"
    )
    parser.add_argument("--by", required=True, metavar="E-MAIL", help="who orders it: a member of staff")


def chosen(options: dict[str, Any]) -> tuple[Administration, Scope, Person]:
    """Raises CommandError with what cannot be found, and where that helps with what there is."""
    administration = _by_public_id(Administration.objects.all(), options["administration"])
    if administration is None:
        known = [
            f"  {one.public_id}  {one.title_en}, {one.opens_at:%Y-%m-%d}"
            for one in Administration.objects.all()
        ]
        raise CommandError("\n".join(["No such administration. There are:", *known]))
    scope = EVERYBODY
    if options["school"]:
        schools = Organization.objects.filter(kind=OrganizationKind.SCHOOL)
        school = _by_public_id(schools, options["school"])
        if school is None:
            raise CommandError("No such school.")
        scope = Scope(school=school)
    actor = Person.objects.filter(email__iexact=options["by"], is_active=True).first()
    if actor is None:
        raise CommandError(f"Nobody of the staff has the e-mail {options['by']}.")
    return administration, scope, actor


def _by_public_id(rows: Any, public_id: str) -> Any:
    """Few rows, and whatever somebody types is no reason to fail."""
    return next((row for row in rows if str(row.public_id) == public_id.strip().lower()), None)
