"""What somebody needs in order to understand and be understood: recorded, flagged, reviewed, ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.models import Answer, Case, Need, Person

NEED_FIELDS = ("kind", "text", "may_be_shared", "met_how", "review_on", "ended_on")


@transaction.atomic
def add_need(
    *,
    by: User,
    case: Case,
    person: Person,
    kind: str,
    text: str,
    may_be_shared: str = Answer.NOT_ASKED,
    met_how: str = "",
    review_on: date | None = None,
) -> Need:
    """Record a need. From now on the header of every page of the case shows it."""
    need = Need(
        person=person,
        kind=kind,
        text=text,
        may_be_shared=may_be_shared,
        met_how=met_how,
        review_on=review_on,
        recorded_by=by,
    )
    need.full_clean()
    need.save()
    person.needs_asked_on = timezone.localdate()
    _flag(person)
    audit(by=by, verb="need.added", subject=need, family_id=case.family_id, case_id=case.pk, person=str(person.pk))
    return need


@transaction.atomic
def change_need(*, by: User, case: Case, need: Need, changes: dict[str, Any]) -> Need:
    """Say a need differently, write down how it is met, or (``ended_on``) that it is no longer so."""
    for name in NEED_FIELDS:
        if name in changes:
            setattr(need, name, changes[name])
    need.full_clean()
    need.save()
    _flag(need.person)
    verb = "need.ended" if need.ended_on else "need.changed"
    audit(by=by, verb=verb, subject=need, family_id=case.family_id, case_id=case.pk, person=str(need.person_id))
    return need


@transaction.atomic
def asked_about_needs(*, by: User, case: Case, person: Person) -> Person:
    """Somebody was asked today what they need. Having none is an answer too, and so is "as before"."""
    person.needs_asked_on = timezone.localdate()
    person.save()
    audit(by=by, verb="person.asked_about_needs", subject=person, family_id=case.family_id, case_id=case.pk)
    return person


def first_need(*, by: User, person: Person) -> None:
    """What was typed about needs while somebody was added becomes the first of their list; in the caller's
    transaction."""
    if person.communication_needs:
        Need.objects.create(person=person, kind=Need.Kind.OTHER, text=person.communication_needs, recorded_by=by)
        person.needs_asked_on = timezone.localdate()
        person.save()


def _flag(person: Person) -> None:
    """Keep the line that every page's header shows: the needs in force, as many as it holds.

    It stands on the person so that no page needs one more query to show it.
    """
    room = Person._meta.get_field("communication_needs").max_length or 0
    texts = list(person.needs.in_force().values_list("text", flat=True))
    line = ""
    for number, text in enumerate(texts):
        longer = f"{line}; {text}" if line else text
        if len(longer) > room - 20:
            line += f"; and {len(texts) - number} more"
            break
        line = longer
    person.communication_needs = line
    person.save()
