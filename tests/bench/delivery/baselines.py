"""What would the same save cost as ordinary Django? A bare ASGI reply, and an ORM view, both honest.

The view does what such a view does: checks the same ticket, reads the same body, finds the sitting, inserts
the events that are new, counts what has arrived, all in one transaction, and replies with the same fields.
It is served by Django's own ASGI handler, and through our bridge to threads.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.delivery.settings")

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

wsgi = get_wsgi_application()

from django.conf import settings  # noqa: E402  Django must be set up first
from django.db import transaction  # noqa: E402
from django.db.models import Count, Max  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

from exams.intake.protocol import WireError, parse_save  # noqa: E402
from exams.intake.ticket import read_ticket  # noqa: E402
from exams.models import ResponseEvent, Sitting, SittingDevice  # noqa: E402
from examsite.bridge import WsgiBridge  # noqa: E402


@csrf_exempt
def save(request: HttpRequest) -> JsonResponse:
    now = int(time.time() * 1000)
    token = request.headers["authorization"].removeprefix("Bearer ")
    ticket = read_ticket(token, secret=settings.SECRETS["TICKET_SECRET"], now=now)
    try:
        batch = parse_save(request.body)
    except WireError as error:
        return JsonResponse({"error": error.code}, status=error.status)
    received_at = datetime.fromtimestamp(now / 1000, tz=UTC)
    with transaction.atomic():
        sitting = Sitting.objects.select_related("form", "administration").get(pk=ticket.key)
        if sitting.state != "started":
            return JsonResponse({"error": "not_started"}, status=409)
        rows = []
        for event in batch.events:
            body = event.body
            age = timedelta(milliseconds=max(0, batch.header.mono - body.mono))
            rows.append(
                ResponseEvent(
                    sitting=sitting,
                    device=batch.header.device,
                    seq=body.seq,
                    epoch=body.epoch,
                    kind=body.kind,
                    item_ref=body.item,
                    body=event.raw,
                    digest=event.digest,
                    received_at=received_at,
                    estimated_at=received_at - age,
                    verdict="counted",
                )
            )
        ResponseEvent.objects.bulk_create(rows, ignore_conflicts=True)
        arrived = ResponseEvent.objects.filter(sitting=sitting, device=batch.header.device)
        found = arrived.aggregate(n=Count("pk"), highest=Max("seq"))
        epoch = SittingDevice.objects.filter(sitting=sitting).aggregate(newest=Max("epoch"))["newest"]
    return JsonResponse(
        {
            "acked_upto": found["highest"] if found["n"] == found["highest"] else 0,
            "gaps": [],
            "epoch": epoch,
            "state": sitting.state,
            "ends_at": sitting.ends_at and int(sitting.ends_at.timestamp() * 1000),
            "server_now": now,
            "store_generation": "",
            "notices": [],
            "receipt": None,
        }
    )


urlpatterns = [path("orm/save", save)]
own_handler = get_asgi_application()
through_bridge = WsgiBridge(wsgi, threads=settings.BRIDGE_THREADS)


async def hello(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The least that this server can do for a request."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})
