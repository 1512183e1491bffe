"""What every page needs to know: who is signed in, in which script, and whether the world is simulated."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.models import Organization
from accounts.queries.people import class_of


def site(request: HttpRequest) -> dict[str, Any]:
    person = request.user if request.user.is_authenticated else None
    return {
        "person": person,
        "person_class": class_of(person) if person and not person.email else None,
        "simulated": Organization.objects.filter(simulated=True).exists(),
    }
