"""How does a pupil set the result they want, and take it back?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.queries.people import signed_in_pupil
from scoring.actions.target import clear_target, set_target
from scoring.inputs import SubjectInput, TargetInput
from scoring.queries.targets import reference_maximum
from scoring.views.readiness import readiness_page


@never_cache
@require_http_methods(["GET", "POST"])
def target(request: HttpRequest) -> HttpResponse:
    """Sets or, with `clear`, removes the target of a subject; what was mistyped is said beside the field.

    GET, from the address that stands there then, leads to the page of the target.
    """
    pupil = signed_in_pupil(request.user)
    subject = SubjectInput(request.POST or request.GET).named
    back = f"{reverse('readiness')}?subject={subject}#target"
    if request.method == "GET":
        return HttpResponseRedirect(back)
    most = reference_maximum(subject)
    if "clear" in request.POST or not most:
        clear_target(person=pupil, subject=subject)
        return HttpResponseRedirect(back)
    given = TargetInput(request.POST, most=most // 2)
    if not given.is_valid():
        return readiness_page(request, pupil, subject, target_input=given)
    set_target(
        person=pupil,
        subject=subject,
        half_points=2 * given.cleaned_data["points"],
        now=timezone.now(),
    )
    return HttpResponseRedirect(back)
