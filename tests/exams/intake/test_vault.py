"""Each sitting has its own key material, the same at every sign-in."""

from __future__ import annotations

import base64
import hashlib
import hmac

from exams.intake.vault import vault_secret


def test_vault_is_bound_to_sitting_and_secret() -> None:
    one = vault_secret("a", secret="s")
    assert base64.b64decode(one) == hmac.new(b"s", b"vault:a", hashlib.sha256).digest()
    assert one == vault_secret("a", secret="s")
    assert len({one, vault_secret("b", secret="s"), vault_secret("a", secret="t")}) == 3
