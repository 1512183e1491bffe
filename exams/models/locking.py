"""What lies on phones before the day, and what opens it?"""

from __future__ import annotations

from django.db import models

from exams.enums import Language


class AdministrationSecret(models.Model):
    """What only the server knows of an administration: how its papers are locked and its hand-ins read.

    `content_key`: 32 bytes, AES-256-GCM, released at the start. `hand_in_private` (PKCS 8 DER) opens what
    phones hand in without a network, encrypted to `hand_in_public` (SubjectPublicKeyInfo DER, RSA 3072).
    """

    administration = models.OneToOneField(
        "exams.Administration", on_delete=models.CASCADE, related_name="secret"
    )
    content_key = models.BinaryField(max_length=32)
    hand_in_private = models.BinaryField()
    hand_in_public = models.BinaryField()

    def __str__(self) -> str:
        return f"secret of {self.administration_id}"


class LockedPaper(models.Model):
    """A paper as it may lie on a phone before the start: nonce and ciphertext of the gzipped document.

    `sha256` names these very bytes, so a phone can check them long before it can read them.
    """

    administration = models.ForeignKey(
        "exams.Administration", on_delete=models.CASCADE, related_name="locked_papers"
    )
    language = models.CharField(max_length=5, choices=Language)
    sha256 = models.CharField(max_length=64, unique=True)
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["administration", "language"], name="locked_once_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.administration_id} {self.language}"
