"""The people whom every test knows, and a family to work with.

Asha leads cases in the North team; Ben is a practitioner of another team; Carol manages North; Dev keeps
accounts; Tess trains with Sue as her supervisor; Ina takes referrals in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Role, Team, User
from families.models import Case, Consent, ConsentWording, Family, LegalStatus, Membership, Person

PASSWORD = "kind-otter-hums-42"
PIN = "271828"


@dataclass
class Cast:
    """Everybody who signs in."""

    north: Team
    south: Team
    asha: User
    ben: User
    carol: User
    dev: User
    tess: User
    sue: User
    ina: User

    @property
    def everyone(self) -> list[User]:
        return [self.asha, self.ben, self.carol, self.dev, self.tess, self.sue, self.ina]


def make_cast() -> Cast:
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")

    def person(name: str, role: str, team: Team | None = None, **fields: object) -> User:
        user = User(email=f"{name.split()[0].lower()}@service.example", name=name, role=role, team=team, **fields)
        user.set_password(PASSWORD)
        user.set_pin(PIN)
        user.save()
        return user

    sue = person("Sue Supervisor", Role.SUPERVISOR, south)
    cast = Cast(
        north=north,
        south=south,
        asha=person("Asha Practitioner", Role.PRACTITIONER, north),
        ben=person("Ben Practitioner", Role.PRACTITIONER, south),
        carol=person("Carol Manager", Role.MANAGER, north),
        dev=person("Dev Administrator", Role.ADMINISTRATOR),
        tess=person("Tess Trainee", Role.TRAINEE, north, supervisor=sue),
        sue=sue,
        ina=person("Ina Intake", Role.INTAKE, north),
    )
    cast.carol.teams_managed.add(north)
    return cast


@dataclass
class FamilyInTests:
    """Rowan (a baby of eleven weeks) with Sam, who holds parental responsibility, and Sam's mother Nan."""

    family: Family
    case: Case
    rowan: Person
    sam: Person
    nan: Person


def make_family(lead: User, *, team: Team | None = None) -> FamilyInTests:
    family = Family.objects.create()
    rowan = Person.objects.create(
        kind=Person.Kind.INFANT,
        first_name="Rowan",
        last_name="Example",
        date_of_birth=timezone.localdate() - timedelta(weeks=11),
    )
    sam = Person.objects.create(
        kind=Person.Kind.CAREGIVER, first_name="Sam", last_name="Example", date_of_birth=date(1995, 4, 3)
    )
    nan = Person.objects.create(
        kind=Person.Kind.CAREGIVER,
        first_name="Pat",
        known_as="Nan",
        last_name="Example",
        date_of_birth=date(1960, 1, 9),
    )
    Relationship = Membership.Relationship
    Responsibility = Membership.ParentalResponsibility
    for person, relationship, responsibility in (
        (rowan, Relationship.INFANT, Responsibility.NO),
        (sam, Relationship.BIRTH_PARENT, Responsibility.YES),
        (nan, Relationship.GRANDPARENT, Responsibility.NO),
    ):
        Membership.objects.create(
            person=person,
            family=family,
            relationship=relationship,
            parental_responsibility=responsibility,
            lives_with_infant=True,
        )
    case = Case.objects.create(family=family, team=team or lead.team, lead=lead, stage=Case.Stage.VIG)
    case.people.set([rowan, sam, nan])
    return FamilyInTests(family, case, rowan, sam, nan)


def lives_under(family: FamilyInTests, kind: str, **more: date) -> LegalStatus:
    """Rowan lives under this order or arrangement since a month ago."""
    since = timezone.localdate() - timedelta(days=30)
    lead = family.case.lead
    assert lead is not None
    return LegalStatus.objects.create(child=family.rowan, kind=kind, from_on=since, recorded_by=lead, **more)


def wording(purpose: str) -> ConsentWording:
    """The wording in force for a purpose, made if the database has none yet."""
    return ConsentWording.objects.filter(purpose=purpose).first() or ConsentWording.objects.create(
        purpose=purpose, version=1, text="I agree to this."
    )


def give_consent(person: Person, purpose: str, *, by: User, decided_by: Person | None = None) -> Consent:
    """Recorded as a fact, past the actions: for tests that are about something else."""
    decider = decided_by or person
    return Consent.objects.create(
        person=person,
        purpose=purpose,
        wording=wording(purpose),
        decision=Consent.Decision.GIVEN,
        decided_by=decider,
        capacity=Consent.Capacity.OWN if decider == person else Consent.Capacity.PARENTAL,
        evidence=Consent.Evidence.SPOKEN,
        recorded_by=by,
    )


def consent_to_everything(family: FamilyInTests, *, by: User) -> None:
    """Sam for herself and for Rowan, Nan for herself: film, shared review and supervision."""
    for purpose in ("film", "shared_review", "supervision"):
        give_consent(family.sam, purpose, by=by)
        give_consent(family.nan, purpose, by=by)
        give_consent(family.rowan, purpose, by=by, decided_by=family.sam)
