"""What can go wrong in scoring and practice, each in words for whoever has to help."""


class NothingToPractise(Exception):
    """No released item of the subject is free for practice; the bank needs some."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            f"{subject}: no released items with parameters; release some, or publish the reference form"
        )
        self.subject = subject


class TargetOutOfRange(ValueError):
    """No result of the subject's test has that many points."""

    def __init__(self, subject: str, half_points: int, most: int) -> None:
        super().__init__(f"{subject}: a target of {half_points} half-points; possible are 1 to {most}")
        self.most = most


class CalibrationRefused(Exception):
    """A step of a calibration that is not possible now; nothing has been written. `code` names the reason,
    `number` how many are in the way where they can be counted.
    """

    def __init__(self, code: str, detail: str, number: int = 0) -> None:
        super().__init__(detail)
        self.code = code
        self.number = number
