"""Putting the secrets at rest under the newest key."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.locker import lock, unlock
from accounts.registry import relockers
from audit.actions import record

# Where allauth keeps what its adapter has encrypted: a TOTP seed, the seed of recovery codes.
_LOCKED = ("secret", "seed")


@transaction.atomic
def rotate_field_keys() -> tuple[int, int]:
    """Encrypt everything at rest again with the first of ``VIG_FIELD_KEYS``: how many second factors there were, and
    how much of what other apps keep.

    Raises ``accounts.locker.Unreadable``, and changes nothing, when one of them opens with no key that is left.
    Forms held for somebody live for hours only and are left to pass.
    """
    changed = 0
    for factor in Authenticator.objects.select_for_update().order_by("pk"):
        locked = {name: factor.data[name] for name in _LOCKED if name in factor.data}
        if not locked:
            continue  # a passkey's public key is no secret
        factor.data |= {name: lock(unlock(value)) for name, value in locked.items()}
        factor.save(update_fields=["data"])
        changed += 1
    others = sum(relock() for relock in relockers())
    record(by=None, verb="keys.rotated", subject=("accounts.keys", ""), factors=changed, others=others)
    return changed, others
