"""Talk to us first."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.actions import record as audit
from families.nhs import numbers_in
from referrals.models import AdviceCall


@transaction.atomic
def ask_for_a_call(
    *,
    name: str,
    asker: str,
    organisation: str = "",
    phone: str = "",
    email: str = "",
    best_time: str = AdviceCall.Best.ANY,
    question: str = "",
    without_agreement: bool = False,
) -> AdviceCall:
    """Somebody wants to talk first. Raises ValidationError without a way to reach them, or with an NHS number in it."""
    if not (phone or email):
        raise ValidationError({"phone": "Enter a phone number or an e-mail address"})
    if numbers_in(question):
        raise ValidationError({"question": "There is an NHS number in this. Take it out: please do not say who it is"})
    call = AdviceCall.objects.create(
        name=name,
        asker=asker,
        organisation=organisation,
        phone=phone,
        email=email,
        best_time=best_time,
        question=question,
        without_agreement=without_agreement,
    )
    audit(by=None, verb="call.asked-for", subject=call, asker=asker, without_agreement=without_agreement)
    return call
