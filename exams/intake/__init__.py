"""The hot path: what phones talk to on exam day. A thin ASGI app beside Django, without session or ORM."""
