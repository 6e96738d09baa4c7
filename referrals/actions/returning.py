"""Saving, and coming back on any device by a link that works once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.actions import record as audit
from outbox.actions import post
from outbox.models import Message
from referrals.actions.drafts import AlreadySent, fingerprint
from referrals.eligibility import rules
from referrals.models import Draft

TOKEN_BYTES = 32
RETURN = "referral-return"
MOST_LINKS = 10  # of one draft


@transaction.atomic
def give_link(*, draft: Draft) -> str:
    """The token of a new link to this draft, told once and kept as a hash; an older one ends. Raises AlreadySent."""
    found = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if found.sent_as_id is not None:
        raise AlreadySent
    token = secrets.token_urlsafe(TOKEN_BYTES)
    found.return_hash = fingerprint(token)
    found.return_until = timezone.now() + timedelta(days=rules().return_days)
    found.save(update_fields=["return_hash", "return_until"])
    audit(by=None, verb="draft.link-given", subject=found)
    return token


@transaction.atomic
def come_back(*, token: str, secret: str) -> Draft | None:
    """Give the draft of a link to the browser that holds ``secret``; None for a link that works no more.

    The link ends with it, and so does the draft's place in the browser that it was written in before.
    """
    found = (
        Draft.objects.unsent()
        .select_for_update(of=("self",))
        .filter(return_hash=fingerprint(token), return_until__gt=timezone.now())
        .first()
    )
    if found is None:
        return None
    found.return_hash, found.return_until, found.device_hash = None, None, fingerprint(secret)
    found.saved_at = timezone.now()
    found.save(update_fields=["return_hash", "return_until", "device_hash", "saved_at"])
    audit(by=None, verb="draft.come-back-to", subject=found)
    return found


@transaction.atomic
def send_link(*, draft: Draft, email: str) -> None:
    """Have a link to come back sent; it is made when the message leaves. Raises ValidationError after too many."""
    sent = Message.objects.filter(kind=RETURN, subject_id=str(draft.pk)).count()
    if sent >= MOST_LINKS:
        raise ValidationError("We have sent many links for this form. Use the last one, or ask us by telephone.")
    post(by=None, kind=RETURN, channel="email", to=email, subject_id=draft.pk, key=f"{RETURN}:{draft.pk}:{sent}")
