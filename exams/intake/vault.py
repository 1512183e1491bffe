"""With what does a phone encrypt its outbox, so that the next pupil on that phone cannot read it?"""

from __future__ import annotations

import base64
import hashlib
import hmac


def vault_secret(sitting: str, *, secret: str) -> str:
    """32 bytes (base64) that only the sitting's own pupil is given, the same at every sign-in."""
    return base64.b64encode(
        hmac.new(secret.encode(), f"vault:{sitting}".encode(), hashlib.sha256).digest()
    ).decode()
