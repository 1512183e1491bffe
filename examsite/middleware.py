"""What does a closed doorway look like from outside? Like a page that does not exist."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.errors import AccessDenied


class DoorwayMiddleware:
    """AccessDenied becomes sign-in for those who are not signed in, and 404 for everybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, AccessDenied):
            return None
        if request.user.is_authenticated:
            raise Http404 from exception
        return HttpResponseRedirect(reverse("sign_in"))
