"""Recording what people decide about film, and stopping what they take back."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families import registry, wordings
from families.consent import decides_alone, decisions_of, is_young, latest_voices
from families.models import Case, Consent, ConsentPaper, ConsentWording, Membership, Person, Signature
from families.placements import shared_with_authority
from families.responsibility import holders, unsettled

Purpose = ConsentWording.Purpose
Capacity = Consent.Capacity


def _only(field: str, message: str) -> ValidationError:
    return ValidationError({field: message})


def _check_who_decides(person: Person, capacity: str, decided_by: Person | None, decided_by_name: str) -> None:
    """Who may decide for whom (AVIGuk; delegated-authority guidance): raises ValidationError in kind words."""
    if decides_alone(person):
        if capacity == Capacity.OWN and decided_by == person:
            return
        if capacity == Capacity.OWN or not is_young(person, timezone.localdate()):
            raise _only("decided_by", f"{person.short_name} decides for themselves. Ask {person.short_name}.")
        if not decided_by_name.strip():
            raise _only(
                "decided_by_name",
                f"Enter the name of the person who has parental responsibility for {person.short_name}",
            )
        return
    if person.lost and not person.was_born:
        raise _only("person", f"{person.short_name} is not asked about any more.")
    if capacity == Capacity.AUTHORITY:
        if not shared_with_authority(person):
            raise _only(
                "decided_by",
                f"As the record has it, no order shares parental responsibility for {person.short_name} with the local "
                f"authority. Add the order on {person.short_name}’s page first, or ask somebody who has parental "
                "responsibility.",
            )
        if not decided_by_name.strip():
            raise _only("decided_by_name", "Enter the name and role of the person who speaks for the local authority")
        return
    if capacity != Capacity.PARENTAL or decided_by is None:
        raise _only("decided_by", f"Select who decides for {person.short_name}")
    if decided_by in holders(person):
        return
    if decided_by in unsettled(person):
        raise _only(
            "decided_by",
            f"It is not known yet whether {decided_by.short_name} has parental responsibility. "
            "Settle that under People first, then record this decision.",
        )
    raise _only(
        "decided_by",
        f"{decided_by.short_name} does not have parental responsibility for {person.short_name}, so somebody "
        "who has it, or the local authority, needs to decide.",
    )


def _check_when(person: Person, decided_at: datetime, expires_on: date | None) -> None:
    now = timezone.now()
    if decided_at > now:
        raise _only("decided_at", "The time of the decision must be in the past")
    if person.date_of_birth is not None and timezone.localtime(decided_at).date() < person.date_of_birth:
        raise _only("decided_at", f"The decision must be after {person.short_name} was born")
    if expires_on is not None and expires_on < timezone.localtime(now).date():
        raise _only("expires_on", "The date until which this holds must be today or in the future")


def _family_of(person: Person) -> str:
    """For the audit alone: the family a person's decision belongs to when no case was named."""
    membership = Membership.objects.filter(person=person).order_by("created_at").first()
    return str(membership.family_id) if membership else ""


@transaction.atomic
def record_consent(
    *,
    by: User,
    person: Person,
    purpose: str,
    decision: str,
    capacity: str,
    decided_by: Person | None = None,
    decided_by_name: str = "",
    evidence: str = Consent.Evidence.SPOKEN,
    witness: str = "",
    decided_at: datetime | None = None,
    expires_on: date | None = None,
    wording: ConsentWording | None = None,
    signature: Signature | None = None,
    paper: ConsentPaper | None = None,
    case: Case | None = None,
) -> Consent:
    """Write down one decision about one purpose; earlier ones stay as they are.

    For somebody who decides for themselves: ``capacity`` OWN and ``decided_by`` the person. For a child:
    PARENTAL with a holder of parental responsibility, or AUTHORITY with ``decided_by_name``. For a caregiver under
    16, beside their own: PARENTAL or AUTHORITY with ``decided_by_name``, who is not of the family's record. A spoken
    decision without a named witness was heard by whoever records it. An agreement without an end ends when the
    service has set that it does (``families.wordings.usual_end``). Raises ValidationError, keyed by argument.
    """
    decided_at = decided_at or timezone.now()
    if purpose not in Purpose.values:
        raise _only("purpose", "Select what the decision is about")
    if decision not in Consent.Decision.values:
        raise _only("decision", "Select whether they agree")
    _check_who_decides(person, capacity, decided_by, decided_by_name)
    _check_when(person, decided_at, expires_on)
    wording = wording or wordings.current(purpose)
    if wording.purpose != purpose:
        raise _only("wording", "The wording shown was about something else. Read out the right one.")
    named = capacity == Capacity.AUTHORITY or (decides_alone(person) and capacity != Capacity.OWN)
    if decision != Consent.Decision.GIVEN:
        expires_on = None
    elif expires_on is None:
        expires_on = wordings.usual_end(purpose, timezone.localtime(decided_at).date())
    consent = Consent(
        person=person,
        wording=wording,
        purpose=purpose,
        decision=decision,
        decided_by=None if named else decided_by,
        decided_by_name=decided_by_name.strip() if named else "",
        capacity=capacity,
        evidence=evidence,
        witness=witness.strip() or (by.name if evidence == Consent.Evidence.SPOKEN else ""),
        decided_at=decided_at,
        expires_on=expires_on,
        signature=signature,
        paper=paper,
        recorded_by=by,
    )
    consent.full_clean(exclude=["wording", "person", "decided_by", "recorded_by", "signature", "paper"])
    consent.save()
    audit(
        by=by,
        verb="consent.recorded",
        subject=consent,
        family_id=case.family_id if case else _family_of(person),
        case_id=case.pk if case else "",
        person=str(person.pk),
        purpose=purpose,
        decision=decision,
        capacity=capacity,
    )
    registry.tell_holders(person, purpose)
    return consent


@transaction.atomic
def withdraw_consent(
    *, by: User, person: Person, purpose: str, said_by: Person | str, case: Case | None = None
) -> list[Consent]:
    """Somebody takes an agreement back, or says no: it counts from this moment, for this purpose and no other.

    ``said_by`` is who said so. Somebody who decides for themselves takes back what they said. A holder of parental
    responsibility takes back what they said themselves, or, when they had not been asked, is written down as not
    agreeing; anybody else's word (a name, the caregiver in the room) stops all that was agreed for the person.
    Raises ValidationError when nothing stands to be taken back.
    """
    now = timezone.now()
    latest = latest_voices(person, decisions_of([person], [purpose]).filter(decided_at__lte=now))
    standing = [
        each for each in latest.values() if each.decision == Consent.Decision.GIVEN and each.withdrawn_at is None
    ]
    name = said_by.display_name if isinstance(said_by, Person) else said_by.strip()
    if not name:
        raise _only("said_by", "Enter who said so")
    if not standing:
        label = Purpose(purpose).label.lower()
        raise _only("purpose", f"{person.short_name}: no agreement stands ({label}), so there is nothing to stop.")
    if isinstance(said_by, Person) and not decides_alone(person) and said_by in holders(person):
        own = [each for each in standing if each.decided_by_id == said_by.pk]
        if not own:
            return [
                record_consent(
                    by=by,
                    person=person,
                    purpose=purpose,
                    decision=Consent.Decision.REFUSED,
                    capacity=Capacity.PARENTAL,
                    decided_by=said_by,
                    case=case,
                )
            ]
        standing = own
    if said_by == person:
        standing = [each for each in standing if each.decided_by_id == person.pk] or standing
    for each in standing:
        each.withdrawn_at, each.withdrawn_by = now, name[:150]
        each.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit(
            by=by,
            verb="consent.withdrawn",
            subject=each,
            family_id=case.family_id if case else _family_of(person),
            case_id=case.pk if case else "",
            person=str(person.pk),
            purpose=purpose,
        )
    registry.tell_holders(person, purpose)
    return standing
