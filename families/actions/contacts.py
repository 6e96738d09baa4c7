"""Calls, messages and letters, and advice to professionals about families that stay anonymous."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Case, Consultation, Contact, Person
from families.nhs import numbers_in

Direction, Outcome = Contact.Direction, Contact.Outcome


def may_correct(user: User, contact: Contact) -> bool:
    """Whoever logged a contact corrects it for a short while (``settings.CONTACT_EDIT_HOURS``)."""
    young = timezone.now() - contact.logged_at < timedelta(hours=settings.CONTACT_EDIT_HOURS)
    return young and not contact.is_struck and contact.logged_by_id == user.pk


def _fill(
    contact: Contact,
    *,
    person: Person | None,
    other_party: str,
    kind: str,
    direction: str,
    outcome: str,
    at: datetime,
    minutes: int | None,
    note: str,
) -> None:
    if person is not None and not contact.case.people.filter(pk=person.pk).exists():
        raise ValidationError({"person": "Select somebody of this family, or write who it was"})
    if person is None and not other_party.strip():
        raise ValidationError({"other_party": "Enter who it was, and from where"})
    if at > timezone.now():
        raise ValidationError({"at": "The time of the contact must be in the past"})
    contact.person, contact.other_party = person, "" if person else other_party.strip()
    contact.kind, contact.direction, contact.outcome = kind, direction, outcome
    contact.at, contact.minutes, contact.note = at, minutes, note.strip()
    contact.full_clean(exclude=["case", "person", "logged_by"])
    contact.save()


@transaction.atomic
def log_contact(
    *,
    by: User,
    case: Case,
    kind: str,
    person: Person | None = None,
    other_party: str = "",
    direction: str = Direction.OUT,
    outcome: str = Outcome.REACHED,
    at: datetime | None = None,
    minutes: int | None = None,
    note: str = "",
) -> Contact:
    """Write down a call, message or letter, or the attempt; ``minutes``: how long it took."""
    contact = Contact(case=case, logged_by=by)
    _fill(
        contact,
        person=person,
        other_party=other_party,
        kind=kind,
        direction=direction,
        outcome=outcome,
        at=at or timezone.now(),
        minutes=minutes,
        note=note,
    )
    audit(by=by, verb="contact.logged", subject=contact, family_id=case.family_id, case_id=case.pk, kind=kind)
    return contact


@transaction.atomic
def correct_contact(
    *,
    by: User,
    contact: Contact,
    kind: str,
    person: Person | None,
    other_party: str,
    direction: str,
    outcome: str,
    at: datetime,
    minutes: int | None,
    note: str,
) -> Contact:
    """Put right what was logged just now. What it said before stays in its history."""
    if not may_correct(by, contact):
        raise ValidationError("This contact can no longer be changed. Strike it out and log it again if it is wrong.")
    _fill(
        contact,
        person=person,
        other_party=other_party,
        kind=kind,
        direction=direction,
        outcome=outcome,
        at=at,
        minutes=minutes,
        note=note,
    )
    case = contact.case
    audit(by=by, verb="contact.corrected", subject=contact, family_id=case.family_id, case_id=case.pk)
    return contact


@transaction.atomic
def log_consultation(
    *, by: User, asked_by: str, organisation: str, on: date, minutes: int, topic: str, advice: str
) -> Consultation:
    """Write down advice to a professional. No record is opened, so nothing in it may lead to a family."""
    if on > timezone.localdate():
        raise ValidationError({"on": "The day must be today or in the past"})
    for field, text in (("topic", topic), ("advice", advice), ("organisation", organisation)):
        if numbers_in(text):
            raise ValidationError(
                {field: "This has an NHS number in it. Take it out: nothing here may say which family it was."}
            )
    consultation = Consultation(
        asked_by=asked_by,
        organisation=organisation.strip(),
        on=on,
        minutes=minutes,
        topic=topic.strip(),
        advice=advice.strip(),
        team=by.team,
        given_by=by,
    )
    consultation.full_clean(exclude=["team", "given_by"])
    consultation.save()
    audit(by=by, verb="consultation.logged", subject=consultation, minutes=minutes)
    return consultation
