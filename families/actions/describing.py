"""What is known of somebody beyond the first facts: how to reach them, who they are, their place in a household."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Case, Membership, Person

ASKED = ("may_call", "may_voicemail", "may_text", "may_email", "may_post")
REACHING_FIELDS = (
    "phone",
    "other_phone",
    "phone_note",
    "email",
    *ASKED,
    "safe_times",
    "discreet_words",
    "hide_caller",
    "address_confidential",
    "contact_asked_on",
)
ABOUT_FIELDS = (
    "nhs_number_status",
    "ethnicity",
    "religion",
    "disability",
    "disability_words",
    "sexual_orientation",
    "gender_identity",
    "gender_same_as_at_birth",
)
PLACE_FIELDS = ("contact_with_infant", "contact_rules", "from_on", "until_on")


def _changed(row: Person | Membership, changes: dict[str, Any], fields: tuple[str, ...]) -> list[str]:
    """Set what differs; the names of what did."""
    differing = [name for name in fields if name in changes and getattr(row, name) != changes[name]]
    for name in differing:
        setattr(row, name, changes[name])
    return sorted(differing)


def _note(by: User, case: Case, person: Person, fields: list[str]) -> None:
    audit(
        by=by, verb="person.changed", subject=person, family_id=case.family_id, case_id=case.pk, fields=sorted(fields)
    )


@transaction.atomic
def change_contact(*, by: User, case: Case, person: Person, changes: dict[str, Any]) -> Person:
    """How to reach somebody, and what they said about it. An answer given without a day was given today."""
    differing = _changed(person, changes, REACHING_FIELDS)
    if set(differing) & set(ASKED) and "contact_asked_on" not in differing:
        person.contact_asked_on = timezone.localdate()
    if differing:
        person.full_clean()
        person.save()
        _note(by, case, person, differing)
    return person


@transaction.atomic
def change_background(*, by: User, case: Case, person: Person, changes: dict[str, Any]) -> Person:
    """Who somebody is, as far as they wish to say. The audit names what changed, never what it says."""
    differing = _changed(person, changes, ABOUT_FIELDS)
    if differing:
        person.full_clean()
        person.save()
        _note(by, case, person, differing)
    return person


@transaction.atomic
def change_place(*, by: User, case: Case, membership: Membership, changes: dict[str, Any]) -> Membership:
    """Somebody's place in this household: how they see the baby, and from when until when they are part of it."""
    differing = _changed(membership, changes, PLACE_FIELDS)
    if differing:
        membership.full_clean()
        membership.save()
        _note(by, case, membership.person, differing)
    return membership
