"""What is written to a referrer and to a family when a referral has its outcome: a beginning to change, then sent.

A referrer reads the letter on their own page, behind a link to the address that was checked; the e-mail says only that
there is one. A family hears in the way that they said is safe, in words that tell nobody else what it is about.
"""

from __future__ import annotations

from django.conf import settings

from referrals.models import Decision, DeclineReason, Door, Referral, Signpost

Outcome = Decision.Outcome


def _greeting(referral: Referral) -> str:
    name = referral.referrer_name.strip()
    return f"Dear {name}," if name else "Hello,"


def _end() -> str:
    return f"If anything is unclear, ring us on {settings.SERVICE_PHONE}.\n\n{settings.SERVICE_NAME}"


def _reach(service: Signpost) -> str:
    return ", ".join(filter(None, (service.name, service.phone, service.email, service.url)))


def to_referrer(
    referral: Referral, outcome: str, *, reason: DeclineReason | None = None, service: Signpost | None = None
) -> str:
    """The letter as it is offered for changing; nothing in it says more of the family than its referrer wrote."""
    themselves = referral.door == Door.SELF
    came = f"Thank you for {'writing to us' if themselves else 'your referral'} ({referral.reference.text})."
    whom, passed = ("you", "what you wrote") if themselves else ("this family", "it")
    said = {
        Outcome.ACCEPTED: f"We will be glad to work with {whom}. Somebody of our team will be in touch, in the way "
        "that you told us is safe.",
        Outcome.ADVISED: "We have thought about it together. We do not begin work now; this is what we suggest:\n\n",
        Outcome.REDIRECTED: f"We think that another service can do more for {whom}."
        + (f" We have passed {passed} on to {_reach(service)}." if service else ""),
        Outcome.DECLINED: "We are sorry that we cannot take this on."
        + (f" {reason.public_words}" if reason is not None and reason.public_words else ""),
        Outcome.WITHDRAWN: "We have stopped looking at it, as you asked.",
    }[Outcome(outcome)]
    return f"{_greeting(referral)}\n\n{came} {said}\n\n{_end()}"


def to_family(referral: Referral, outcome: str) -> str:
    """What the family hears: it names neither them nor what it is about.

    "" when nobody said that they may be told, and when they wrote themselves.
    """
    if referral.family_may_be_told != "yes" or referral.door == Door.SELF:
        return ""
    if outcome == Outcome.ACCEPTED:
        what = "we will be in touch with you soon"
    elif outcome == Outcome.WITHDRAWN:
        return ""
    else:
        what = "we have answered whoever asked us for you. They can tell you more, and so can we"
    return f"Hello, {what}. You can ring us on {settings.SERVICE_PHONE}."
