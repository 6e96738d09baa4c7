"""What a referral says of people, as facts of the record: what acceptance carries over, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from families import nhs, phones
from families.actions import CaregiverFacts, InfantFacts
from families.finding.likeness import Facts
from families.models import Answer, Membership, Person
from referrals.answers import Answers, BabyAnswers, CaregiverAnswers, ChildAnswers, answers_of
from referrals.matching import as_sent
from referrals.models import Referral, ReferredPerson
from referrals.written import written_by

Kind = ReferredPerson.Kind
Relationship = Membership.Relationship
WAYS = {"call": "may_call", "voicemail": "may_voicemail", "text": "may_text", "email": "may_email", "post": "may_post"}
LIVES = {"yes": True, "with": True, "no": False, "elsewhere": False}


def said_in(referral: Referral) -> Answers:
    """The answers of a referral as values."""
    return answers_of(written_by(referral))


def key_of(row: ReferredPerson) -> str:
    """Who of a referral somebody is: "infant-1"."""
    return f"{row.kind}-{row.number}"


def facts_for_matching(referral: Referral) -> list[Facts]:
    """The people of a referral as the record is searched for them; their ``id`` is their :func:`key_of`."""
    rows = list(referral.people.all())

    def of(row: ReferredPerson, *, child: bool) -> Facts:
        return Facts(
            id=key_of(row),
            child=child,
            first_name=row.first_name,
            last_name=row.last_name,
            known_as=row.known_as,
            date_of_birth=row.date_of_birth,
            expected_on=row.expected_on,
            nhs_number=row.nhs_number,
            phones=frozenset(filter(None, [row.phone])),
            emails=frozenset(filter(None, [row.email])),
            postcodes=frozenset(filter(None, [row.postcode])),
        )

    young = (Kind.INFANT, Kind.CHILD)
    return as_sent(
        [of(row, child=False) for row in rows if row.kind == Kind.CAREGIVER],
        [of(row, child=True) for row in rows if row.kind in young],
        [of(row, child=False) for row in rows if row.kind == Kind.OTHER],
    )


# --- New people ---------------------------------------------------------------------------------------------------


def infant(baby: BabyAnswers) -> InfantFacts:
    return InfantFacts(
        first_name=baby.first_name,
        last_name=baby.last_name,
        date_of_birth=baby.born_on if baby.born != "unborn" else None,
        expected_on=baby.expected_on if baby.born == "unborn" else None,
        nhs_number=baby.nhs_number,
        gestation_days=baby.gestation,
    )


def caregiver(said: CaregiverAnswers) -> CaregiverFacts:
    needs = said.needs
    return CaregiverFacts(
        first_name=said.first_name,
        last_name=said.last_name,
        known_as=said.known_as,
        relationship=said.relationship or Relationship.OTHER,
        relationship_word=said.relationship_word,
        parental_responsibility=said.parental_responsibility or Membership.ParentalResponsibility.UNKNOWN,
        lives_with_infant=LIVES.get(said.lives_with_baby),
        pronouns=said.pronouns,
        date_of_birth=said.born_on,
        nhs_number=said.nhs_number,
        language=needs.language,
        interpreter_needed=needs.interpreter == "yes",
        interpreter_note=needs.interpreter_language if needs.interpreter == "yes" else "",
        communication_needs=needs.needs_what if needs.needs == "yes" else "",
        phone=said.reaching.phone,
        email=said.reaching.email,
    )


def sibling(child: ChildAnswers) -> CaregiverFacts:
    return CaregiverFacts(
        kind=Person.Kind.SIBLING,
        first_name=child.first_name,
        last_name=child.last_name,
        relationship=Relationship.SIBLING,
        parental_responsibility=Membership.ParentalResponsibility.NO,
        lives_with_infant=LIVES.get(child.lives),
        date_of_birth=child.born_on,
    )


def reaching(said: CaregiverAnswers) -> dict[str, Any]:
    """How a caregiver may be reached, for ``change_contact``. What nobody ticked was not asked: it is no "no"."""
    found = said.reaching
    changes: dict[str, Any] = {WAYS[way]: Answer.YES for way in found.safe_ways if way in WAYS}
    changes |= {
        name: value
        for name, value in (
            ("phone", found.phone),
            ("email", found.email),
            ("safe_times", found.safe_times),
            ("discreet_words", found.discreet),
        )
        if value
    }
    if found.address_confidential:
        changes["address_confidential"] = True
    if changes:
        changes["contact_asked_on"] = timezone.localdate()
    return changes


# --- Known people -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """Where the referral says something else of a known person than the record does, or something that it lacks."""

    name: str  # of the person's column
    label: str
    recorded: str  # in words; "" where the record says nothing
    referred: str
    value: Any


COLUMNS = (
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("known_as", "Likes to be called"),
    ("date_of_birth", "Date of birth"),
    ("expected_on", "Expected on"),
    ("nhs_number", "NHS number"),
    ("pronouns", "Pronouns"),
    ("language", "First language"),
    ("phone", "Phone"),
    ("email", "E-mail"),
)
REACHING = frozenset({"phone", "email"})


def differences(person: Person, facts: InfantFacts | CaregiverFacts) -> Iterator[Difference]:
    """What somebody may take over from a referral into the record of a known person, field by field."""
    for name, label in COLUMNS:
        value = getattr(facts, name, None)
        if value in (None, "") or value == getattr(person, name):
            continue
        if name == "expected_on" and person.date_of_birth:
            continue  # born meanwhile
        yield Difference(name, label, _words(name, getattr(person, name)), _words(name, value), value)


def _words(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name in ("date_of_birth", "expected_on"):
        return f"{value:%-d %B %Y}"
    if name == "nhs_number":
        return nhs.shown(value)
    return phones.shown(value) if name == "phone" else str(value)


# --- Everybody of a referral --------------------------------------------------------------------------------------

AnyFacts = InfantFacts | CaregiverFacts


def people_of(referral: Referral) -> list[tuple[str, str, AnyFacts]]:
    """Everybody who comes into the record with a referral: who of it they are, a name for them, their facts.

    What was keyed in with gaps has a baby and somebody who looks after them all the same, of whom nothing is known.
    """
    said = said_in(referral)
    found: list[tuple[str, str, AnyFacts]] = []
    for number, baby in enumerate(said.babies or (BabyAnswers(1),), start=1):
        of_several = f"baby {number}" if len(said.babies) > 1 else "the baby"
        found.append((f"{Kind.INFANT}-{baby.number}", baby.first_name or of_several, infant(baby)))
    for who in said.caregivers or (CaregiverAnswers(1),):
        name = who.known_as or who.first_name or "the parent or carer"
        found.append((f"{Kind.CAREGIVER}-{who.number}", name, caregiver(who)))
    for child in said.children:
        found.append((f"{Kind.CHILD}-{child.number}", child.first_name or "the other child", sibling(child)))
    return found


def is_infant(key: str) -> bool:
    return key.startswith(Kind.INFANT.value)


def lacks(facts: AnyFacts) -> bool:
    """Whether something has to be known before a case can be opened: when a baby was or will be born, what somebody who
    is born is called."""
    if isinstance(facts, InfantFacts) and not facts.first_name:
        return facts.expected_on is None
    return not isinstance(facts, InfantFacts) and not facts.first_name
