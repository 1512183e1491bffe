"""How is the server made ready and run in this very process, so that one command is enough?"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
from pathlib import Path

import uvicorn
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from examsite.demo.world import Report


def address() -> tuple[str, int]:
    """HOST and PORT of the environment, else 127.0.0.1:8000. Raises CommandError for an impossible port."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise CommandError(f"PORT={port} is not a port; choose a number from 1 to 65535.")
    return os.environ.get("HOST") or "127.0.0.1", int(port)


def base_url() -> str:
    """Where a browser on this machine finds the server."""
    host, port = address()
    if host in ("0.0.0.0", "::"):  # noqa: S104  not bound here, only shown
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def take_port() -> socket.socket:
    """A socket bound to the address, before anything slow is done. Raises CommandError when it is taken."""
    host, port = address()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise CommandError(
            f"Cannot listen on {host}:{port} ({error.strerror}). Choose another: make run PORT={port + 1}"
        ) from None
    return taken


def serve(bound: socket.socket) -> None:
    """Until Ctrl-C. Raises CommandError when the application does not start; its reason is in the log."""
    config = uvicorn.Config(
        "examsite.asgi:application",
        http="httptools",
        loop="auto",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        # Longer than the pause between two heartbeats, or every save would begin with a new connection.
        timeout_keep_alive=90,
    )
    server = uvicorn.Server(config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[bound])
    if not server.started:
        raise CommandError("The server did not start; the lines above say why.")


def migrate(report: Report) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        report("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)


def prepare_pages(report: Report) -> None:
    """Compiled texts and collected static files, where something has changed since they were made."""
    if "messages" in get_commands():
        call_command("messages", "--compile")
    stamp = Path(settings.DATA_DIR) / "static.stamp"
    before = stamp.read_text(encoding="ascii") if stamp.exists() else ""
    state = _static_state()
    if state != before or not Path(settings.STATIC_ROOT).is_dir():
        report("Collecting scripts, styles and pictures …")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(state, encoding="ascii")


def _static_state() -> str:
    """Changes with any static file's path, size or time of change, and with how they are stored."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            digest.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()
