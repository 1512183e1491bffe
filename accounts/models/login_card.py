"""Which card opens the door for which pupil?"""

from django.db import models


class LoginCard(models.Model):
    """Only a keyed digest of the code is stored; a lost card is revoked and another one issued."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="login_cards")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(revoked_at=None), name="one_valid_card_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"card of {self.person_id}"
