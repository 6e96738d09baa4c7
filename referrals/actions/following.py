"""The referrer's side of a referral: a link to it, answers, more information, taking it back."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.actions import record as audit
from outbox.actions import post
from referrals.actions.drafts import fingerprint
from referrals.eligibility import rules
from referrals.models import Decision, Event, Exchange, Referral, ReferrerLink

LINK = "referral-link"
TOKEN_BYTES = 32
State = Referral.State


@transaction.atomic
def new_link(*, referral: Referral) -> str:
    """The token of a link by which this referral is followed, told once and kept as a hash. Older ones end."""
    now = timezone.now()
    referral.links.filter(ended_at__isnull=True).update(ended_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = now + timedelta(days=rules().link_days)
    ReferrerLink.objects.create(referral=referral, token_hash=fingerprint(token), made_at=now, until=until)
    audit(by=None, verb="referral.link-given", subject=referral)
    return token


def referral_of(token: str) -> Referral | None:
    """The referral that a link's token opens; None when it opens nothing (any more)."""
    link = (
        ReferrerLink.objects.filter(
            token_hash=fingerprint(token),
            until__gt=timezone.now(),
            ended_at__isnull=True,
            referral__referrer_email_checked_at__isnull=False,
        )
        .select_related("referral__reference")
        .first()
    )
    if link is None:
        return None
    if link.used_at is None:
        ReferrerLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    return link.referral


def renew_link(*, reference: str) -> None:
    """Have a link anew sent to the address that was checked; for any other reference nothing happens, and the same is
    said."""
    found = Referral.objects.filter(reference__text=reference, referrer_email_checked_at__isnull=False).first()
    if found is None:
        return
    hour = f"{timezone.now():%Y%m%d%H}"  # one an hour: nobody fills somebody's post box by pressing
    post(
        by=None,
        kind=LINK,
        channel="email",
        to=found.referrer_email,
        subject_id=found.pk,
        key=f"{LINK}:{found.pk}:{hour}",
    )


@transaction.atomic
def say(*, referral: Referral, text: str) -> Exchange:
    """The referrer answers, or adds something; what waited for an answer waits for us again."""
    found = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if not text.strip():
        raise ValidationError({"text": "Enter what you would like to tell us"})
    if not found.is_open:
        raise ValidationError("This referral has its outcome. Please ring us if something has changed.")
    said = Exchange.objects.create(referral=found, direction=Exchange.Direction.FROM_REFERRER, text=text.strip())
    if found.state == State.ASKED:
        found.state, found.state_since = State.LOOKING, said.at
        found.save(update_fields=["state", "state_since"])
        Event.objects.create(referral=found, state=found.state, at=said.at)
    audit(by=None, verb="referral.answered", subject=found)
    return said


@transaction.atomic
def withdraw(*, referral: Referral, reason: str) -> Referral:
    """The referrer takes it back. Raises ValidationError without a reason, or when there is an outcome already."""
    found = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why you take it back"})
    if not found.is_open:
        raise ValidationError("This referral has its outcome already. Please ring us.")
    now = timezone.now()
    found.state, found.state_since = State.WITHDRAWN, now
    found.save(update_fields=["state", "state_since"])
    Event.objects.create(referral=found, state=found.state, at=now, public_words=reason.strip())
    Decision.objects.create(referral=found, outcome=Decision.Outcome.WITHDRAWN, reason=reason.strip(), at=now)
    audit(by=None, verb="referral.withdrawn", subject=found)
    return found
