"""What can go wrong in scoring and practice, each in words for whoever has to help."""


class NothingToPractise(Exception):
    """No released item of the subject is free for practice; the bank needs some."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            f"{subject}: no released items with parameters; release some, or publish the reference form"
        )
        self.subject = subject
