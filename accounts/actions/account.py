"""What somebody changes about their own account."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from audit.actions import record


@transaction.atomic
def set_pin(*, by: User, pin: str) -> None:
    """Set the PIN that uncovers one's own screen."""
    by.set_pin(pin)
    by.save(update_fields=["pin_hash"])
    record(by=by, verb="pin.set", subject=by)
