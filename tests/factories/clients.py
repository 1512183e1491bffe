"""Browsers of people who are signed in, as the pages' tests need them."""

from __future__ import annotations

import time

from django.conf import settings
from django.test import Client

from accounts.models import Person
from accounts.pupil_cookie import COOKIE, mint_pupil_cookie


def client_of(person: Person, language: str = "en") -> Client:
    """Staff have a session, pupils the signed cookie that the intake's sign-in sets."""
    client = Client()
    client.cookies["django_language"] = language
    if person.email:
        client.force_login(person)
    else:
        secret = settings.SECRETS["TICKET_SECRET"]
        client.cookies[COOKIE] = mint_pupil_cookie(
            str(person.public_id), secret=secret, now=int(time.time() * 1000)
        )
    return client
