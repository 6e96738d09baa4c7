"""How sending can fail, told apart by what may be done next."""

from __future__ import annotations


class NotSent(Exception):
    """A message did not leave; the text says why, without an address or a name."""


class NotNow(NotSent):
    """It certainly has not left. It is tried again later."""


class Refused(NotSent):
    """It certainly has not left, and trying again would change nothing."""


class Unsure(NotSent):
    """It was handed over and no answer came: it may have left. A person decides, so that nobody is told twice."""
