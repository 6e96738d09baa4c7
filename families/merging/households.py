"""Two places of one person in one household, made one; the more careful answer stands."""

from __future__ import annotations

from typing import Any

from families.merging.moving import Ledger, change
from families.models import Membership

Contact = Membership.Contact
CAREFUL = (Contact.NONE, Contact.INDIRECT, Contact.SUPERVISED, Contact.AGREED, Contact.UNKNOWN, Contact.FREE)
Responsibility = Membership.ParentalResponsibility


def one_place(row: Any, column: str, kept: Any, ledger: Ledger) -> None:
    """``row`` is about to go; what it knew is put into the membership that stays."""
    if column == "person":
        stays = Membership.objects.get(person=kept.pk, family=row.family_id)
    else:
        stays = Membership.objects.get(person=row.person_id, family=kept.pk)
    values: dict[str, Any] = {}
    answers = {stays.parental_responsibility, row.parental_responsibility}
    if answers == {Responsibility.YES, Responsibility.NO}:
        values["parental_responsibility"] = Responsibility.UNKNOWN  # to settle before anything is filmed
    elif stays.parental_responsibility == Responsibility.UNKNOWN:
        values["parental_responsibility"] = row.parental_responsibility
    if stays.lives_with_infant is None:
        values["lives_with_infant"] = row.lives_with_infant
    values["contact_with_infant"] = min(stays.contact_with_infant, row.contact_with_infant, key=CAREFUL.index)
    rules = dict.fromkeys(text for text in (stays.contact_rules, row.contact_rules) if text)
    values["contact_rules"] = "; ".join(rules)[:500]
    values["relationship_word"] = stays.relationship_word or row.relationship_word
    change(stays, values, ledger)
