"""Whether an e-mail address is the writer's own: a code that they read there. It never holds a referral up."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.actions import record as audit
from outbox.actions import post
from outbox.models import Message
from referrals.actions.drafts import fingerprint
from referrals.models import Draft, Referral

CODE = "referral-code"
RECEIVED = "referral-received"
CODE_LASTS = timedelta(minutes=30)
MOST_TRIES = 5
MOST_CODES = 5  # of one draft


@transaction.atomic
def ask_for_code(*, draft: Draft) -> None:
    """Have a code sent to the address that was written down. Raises ValidationError after too many."""
    found = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not found.email or found.email_checked_at:
        return
    sent = Message.objects.filter(kind=CODE, subject_id=str(found.pk)).count()
    if sent >= MOST_CODES:
        raise ValidationError("We have sent several codes. Your referral has arrived all the same.")
    post(by=None, kind=CODE, channel="email", to=found.email, subject_id=found.pk, key=f"{CODE}:{found.pk}:{sent}")


@transaction.atomic
def new_code(*, draft: Draft) -> str:
    """Six figures, made when the message leaves and kept as a hash; an older code ends."""
    found = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    code = f"{secrets.randbelow(10**6):06}"
    found.email_code_hash = fingerprint(f"{found.pk}:{code}")
    found.email_code_until, found.tries = timezone.now() + CODE_LASTS, 0
    found.save(update_fields=["email_code_hash", "email_code_until", "tries"])
    return code


@transaction.atomic
def check_code(*, draft: Draft, code: str) -> bool:
    """Whether that is the code, within five tries and half an hour; then the referral can be followed."""
    found = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    now = timezone.now()
    if not found.email_code_hash or found.tries >= MOST_TRIES or (found.email_code_until or now) <= now:
        return False
    found.tries += 1
    right = secrets.compare_digest(found.email_code_hash, fingerprint(f"{found.pk}:{code}"))
    if right:
        found.email_checked_at, found.email_code_hash, found.email_code_until = now, "", None
    found.save(update_fields=["tries", "email_checked_at", "email_code_hash", "email_code_until"])
    if right and found.sent_as_id is not None:
        _followed(found)
    return right


def _followed(draft: Draft) -> None:
    """The referral of an address that is its writer's own: it can be followed from there."""
    referral = Referral.objects.select_for_update(of=("self",)).get(written_as=draft)
    referral.referrer_email, referral.referrer_email_checked_at = draft.email, draft.email_checked_at
    referral.save(update_fields=["referrer_email", "referrer_email_checked_at"])
    audit(by=None, verb="referral.address-checked", subject=referral)
    post(
        by=None,
        kind=RECEIVED,
        channel="email",
        to=referral.referrer_email,
        subject_id=referral.pk,
        key=f"{RECEIVED}:{referral.pk}",
    )
