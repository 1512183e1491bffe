"""How costly is checking a staff password? Argon2id with 19 MiB and two passes (OWASP's first choice)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LightArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's default spends ten times as long, which a staff room signing in at once would feel."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
