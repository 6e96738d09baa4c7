"""Sending: what was written becomes a referral, once, however often it is pressed."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.actions import record as audit
from families.duty.alerts import alert
from families.models import Answer
from referrals import eligibility, texts, working_days
from referrals.actions.checking import ask_for_code
from referrals.answers import Answers, answers_of
from referrals.models import (
    Door,
    Draft,
    Event,
    GuideText,
    Reference,
    Referral,
    ReferredPerson,
    Source,
)
from referrals.written import written_by

TRIES = 20  # at a reference that is free; there are 148 million
ALERT = "referral"
READ_BEFORE_SENDING = (GuideText.Key.PRIVACY, GuideText.Key.EMERGENCY)


@transaction.atomic
def send(*, draft: Draft) -> Referral:
    """The referral of a draft: made now, or the one that it became before.

    Raises ValidationError while a page is unfinished; at the staff door gaps are kept as they are, and only how and
    when it came has to be known.
    """
    found = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if found.sent_as_id is not None:
        return Referral.objects.get(pk=found.sent_as_id)
    written = written_by(found)
    if found.door != Door.STAFF and written.unfinished():
        raise ValidationError("There are pages that are not finished. Finish them, and send it then.")
    answers = answers_of(written)
    if found.door == Door.STAFF and not answers.get("you", "channel"):
        raise ValidationError("Say how and when it came. Everything else may have gaps.")
    referral = _referral(found, answers)
    _people(referral, answers)
    for file in found.attachments.all():
        file.draft, file.referral = None, referral
        file.save(update_fields=["draft", "referral"])
    Event.objects.create(referral=referral, state=referral.state, at=referral.created_at, by=found.by)
    found.sent_as, found.typed, found.email = referral, {}, referral.referrer_email
    found.return_hash = found.return_until = None
    found.save(update_fields=["sent_as", "typed", "email", "return_hash", "return_until"])
    audit(by=found.by, verb="referral.received", subject=referral, door=referral.door, same_day=referral.same_day)
    if referral.same_day:
        alert(
            by=found.by,
            case=None,
            kind=ALERT,
            title=f"Referral {referral.reference.text} says that somebody is in danger",
            detail="Look at it today.",
            subject=referral,
            url=reverse("referrals:referral", args=[referral.pk]),
        )
    if found.email and found.door != Door.STAFF:
        ask_for_code(draft=found)
    return referral


def new_reference() -> Reference:
    """A reference that nobody was ever given."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return Reference.objects.create()
        except IntegrityError:
            continue
    raise RuntimeError("No reference was free. Lengthen them before the next one is given.")


def _referral(draft: Draft, answers: Answers) -> Referral:
    now = timezone.now()
    received = _received(answers, now)
    danger = answers.get("risk", "immediate", Referral.Risk.UNKNOWN)
    rules = eligibility.rules()
    priority = Referral.Priority.ROUTINE
    return Referral.objects.create(
        reference=new_reference(),
        sent_key=draft.pk,
        door=draft.door,
        channel=answers.get("you", "channel", Referral.Channel.ONLINE),
        received_at=received,
        created_at=now,
        by=draft.by,
        answers=draft.typed,
        wordings={key: texts.words(key).version for key in READ_BEFORE_SENDING} if draft.door != Door.STAFF else {},
        asked_anyway=bool(draft.typed.get("anyway")),
        immediate_risk=danger,
        same_day=danger == Referral.Risk.YES,
        same_day_why="Whoever referred said that somebody is in danger" if danger == Referral.Risk.YES else "",
        priority=priority,
        state_since=now,
        decide_by=working_days.after(timezone.localdate(received), rules.working_days(priority)),
        wish=answers.get("hopes", "wish", Referral.Wish.UNSURE),
        **_referrer(draft, answers),
        **_telling(answers),
    )


def _received(answers: Answers, now: datetime) -> datetime:
    """When somebody rang or wrote, as it was keyed in; now for what came by the form. Never in the future."""
    day = answers.get("you", "received_on", None)
    if day is None:
        return now
    hour = answers.get("you", "received_time", None) or time(12)
    return min(now, timezone.make_aware(datetime.combine(day, hour)))


def _referrer(draft: Draft, answers: Answers) -> dict[str, Any]:
    if draft.door == Door.SELF:
        who = answers.caregivers[0] if answers.caregivers else None
        return {
            "source": Source.SELF,
            "referrer_name": " ".join(filter(None, (who.first_name, who.last_name)))[:150] if who else "",
            "referrer_role": "Parent or carer",
            "referrer_phone": who.reaching.phone if who else "",
            "referrer_email": who.reaching.email if who else "",
        }
    return {
        "source": answers.get("you", "source"),
        "referrer_name": answers.get("you", "name"),
        "referrer_role": answers.get("you", "role"),
        "referrer_organisation": answers.get("you", "organisation"),
        "referrer_phone": answers.get("you", "phone"),
        "referrer_email": answers.get("you", "email"),
    }


def _telling(answers: Answers) -> dict[str, Any]:
    told = answers.get("place", "tell_family", Answer.NOT_ASKED)
    channel, address = answers.get("place", "channel"), answers.get("place", "address")
    if told == Answer.YES and not (channel and address):
        told = Answer.NOT_ASKED  # keyed in with a gap: nobody can be told nowhere
    yes = told == Answer.YES
    return {
        "family_may_be_told": told,
        "family_channel": channel if yes else "",
        "family_address": address if yes else "",
    }


def _people(referral: Referral, answers: Answers) -> None:
    Kind = ReferredPerson.Kind
    for baby in answers.babies:
        ReferredPerson.objects.create(
            referral=referral,
            kind=Kind.INFANT,
            number=baby.number,
            first_name=baby.first_name,
            last_name=baby.last_name,
            date_of_birth=baby.born_on,
            expected_on=None if baby.born_on else baby.expected_on,
            nhs_number=baby.nhs_number if baby.born_on else "",
        )
    for who in answers.caregivers:
        ReferredPerson.objects.create(
            referral=referral,
            kind=Kind.CAREGIVER,
            number=who.number,
            first_name=who.first_name,
            last_name=who.last_name,
            known_as=who.known_as,
            date_of_birth=who.born_on,
            nhs_number=who.nhs_number,
            phone=who.reaching.phone,
            email=who.reaching.email,
            postcode=who.reaching.postcode,
            relationship=who.relationship,
        )
    for child in answers.children:
        ReferredPerson.objects.create(
            referral=referral,
            kind=Kind.CHILD,
            number=child.number,
            first_name=child.first_name,
            last_name=child.last_name,
            date_of_birth=child.born_on,
        )
