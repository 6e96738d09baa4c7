"""Why something is not done."""

from __future__ import annotations


class Refused(Exception):
    """The service does not do this, for reasons that are said to the person who asked.

    ``field`` names the part of a form that the reasons belong to, or is empty.
    """

    def __init__(self, *reasons: str, field: str = "") -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)
        self.field = field

    def __str__(self) -> str:
        return " ".join(self.reasons)


class TooLarge(Refused):
    """The film has more bytes than the service takes."""
