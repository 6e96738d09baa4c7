"""A child is adopted by a new family: their own record begins, and the one from before is closed to all but few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Permission, Team, User
from audit.actions import record as audit
from families import identity
from families.actions.addresses import ADDRESS_FIELDS, add_address
from families.actions.case import InfantFacts, open_case
from families.actions.merge import tell_apart
from families.actions.people import FIRST_FIELDS, PERSON_FIELDS, CaregiverFacts, add_person
from families.actions.placement import Change, NewCarer, change_placement
from families.actions.restriction import restrict_family
from families.models import About, Adoption, Case, Identity, Membership, Person, PlacementChange, TwoPeople
from families.models.reaching import Reaching

Relationship = Membership.Relationship
Responsibility = Membership.ParentalResponsibility
REASON = "A child was adopted. This record holds who they were before."
KEPT = "They adopted a child of this family. Nobody in it may learn where they are."
# Further columns of somebody that go with them as they stand; flags that other verbs keep are made anew.
WITH_THEM = sorted(
    {field.name for base in (About, Reaching) for field in base._meta.get_fields()}
    - {*PERSON_FIELDS, *FIRST_FIELDS, "needs_asked_on"}
)
ABOUT_A_CHILD = ("ethnicity", "religion", "disability", "disability_words")


@dataclass(frozen=True)
class NewRecord:
    """What is known of an adoption and of the record that begins with it.

    ``adopters`` are in the earlier record already; ``new_adopters`` are not, and never stand in it. ``named`` may open
    the earlier record from now on, ``known_to`` may know that the two belong together. ``into`` is the case that was
    begun for a brother or sister whom the same family adopted: then adopters, team and lead are as they are there.
    """

    from_on: date
    first_name: str
    named: Sequence[User]
    known_to: Sequence[User]
    last_name: str = ""
    known_as: str = ""
    nhs_number: str = ""
    authority: str = ""
    adopters: Sequence[Person] = ()
    new_adopters: Sequence[NewCarer] = ()
    team: Team | None = None
    lead: User | None = None
    into: Case | None = None


def _check(by: User, child: Person, new: NewRecord) -> None:
    if not by.can(Permission.MANAGE_TEAM):
        raise ValidationError("A manager begins the record after an adoption. Ask yours.")
    if not identity.may_begin(child):
        raise ValidationError("It begins for a baby who is born, and who has no record from after an adoption yet.")
    if not (new.first_name or new.known_as):
        raise ValidationError({"first_name": "Enter the child’s first name as it is now"})
    if new.nhs_number and new.nhs_number == child.nhs_number:
        raise ValidationError(
            {"nhs_number": "This is the number from before. A child is given a new one after an adoption order"}
        )
    if new.into is None and not new.adopters and not new.new_adopters:
        raise ValidationError({"adopters": "Select who adopted"})
    if new.into is None and new.team is None:
        raise ValidationError({"team": "Select a team"})
    _check_who_knows(new.known_to)
    if cannot := sorted(each.name for each in set(new.known_to) - set(new.named)):
        raise ValidationError(
            {"known_to": f"{cannot[0]} could not open the record from before. Name them for it too, or not here"}
        )


def _check_who_knows(known_to: Iterable[User]) -> None:
    if not any(each.can(Permission.MANAGE_TEAM) for each in known_to):
        raise ValidationError(
            {"known_to": "Select at least one manager, so that somebody can change this when the others are away"}
        )


def in_the_earlier_record(new: NewRecord) -> Change:
    """What an adoption changes in the record from before: who decides, and from whom whoever adopted is kept."""
    adopters = [] if new.into else new.adopters
    return Change(
        kind=PlacementChange.Kind.ADOPTED,
        from_on=new.from_on,
        authority=new.authority,
        carers=adopters,
        kept_from=[] if adopters else None,
        reason=KEPT,
    )


@transaction.atomic
def begin_after_adoption(*, by: User, case: Case, child: Person, new: NewRecord) -> tuple[Adoption, Case]:
    """Begin the record of an adopted child; all of it or nothing. Raises ValidationError, keyed by argument.

    In the earlier record the order is written down, whoever adopted is protected from everybody in it, and only
    ``named`` may open it. The child, and whoever adopted, are made anew in the new one, with who they are and how they
    are reached; no consent, film, note or score goes with them. Adoption and Children Act 2002, sections 46 (who
    decides) and 56 to 65 (protected information).
    """
    _check(by, child, new)
    placement = change_placement(by=by, case=case, child=child, change=in_the_earlier_record(new))
    restrict_family(by=by, case=case, named=new.named, reason=REASON)
    begun, made = _joined(by, child, new) if new.into else _begun(by, child, new)
    adoption = Adoption(earlier_family=case.family, family=begun.family, placement=placement, by=by)
    adoption.full_clean()
    adoption.save()
    adoption.known_to.set(new.known_to)
    for earlier, later in made:
        Identity.objects.create(adoption=adoption, earlier=earlier, later=later)
        tell_apart(by=by, one=earlier, other=later)
    # One entry in each record's trail, and neither names the other.
    audit(by=by, verb="identity.closed", subject=child, family_id=case.family_id, case_id=case.pk)
    audit(by=by, verb="identity.begun", subject=made[0][1], family_id=begun.family_id, case_id=begun.pk)
    return adoption, begun


Made = list[tuple[Person, Person]]  # as they stood before, and as they stand now; the child first


def _begun(by: User, child: Person, new: NewRecord) -> tuple[Case, Made]:
    assert new.team is not None  # noqa: S101 — refused before
    facts = [*map(_facts_of, new.adopters), *map(_facts_typed, new.new_adopters)]
    case = open_case(by=by, infants=[_infant(child, new)], caregivers=facts, team=new.team, lead=new.lead)
    people = list(case.people.order_by("created_at"))
    infant = next(each for each in people if each.kind == Person.Kind.INFANT)
    others = [each for each in people if each.kind != Person.Kind.INFANT]
    _take_along(child, infant, ABOUT_A_CHILD)
    for earlier, later in zip(new.adopters, others, strict=False):
        _take_along(earlier, later, WITH_THEM)
        for address in earlier.addresses.current():
            add_address(by=by, case=case, person=later, **{name: getattr(address, name) for name in ADDRESS_FIELDS})
    return case, [(child, infant), *zip(new.adopters, others, strict=False)]


def _joined(by: User, child: Person, new: NewRecord) -> tuple[Case, Made]:
    assert new.into is not None  # noqa: S101 — asked before
    infant = add_person(by=by, case=new.into, kind=Person.Kind.INFANT, facts=_infant(child, new))
    _take_along(child, infant, ABOUT_A_CHILD)
    return new.into, [(child, infant)]


def _infant(child: Person, new: NewRecord) -> InfantFacts:
    """The child as they are called now. Which of twins they were is of the record from before."""
    return InfantFacts(
        first_name=new.first_name,
        last_name=new.last_name,
        known_as=new.known_as,
        nhs_number=new.nhs_number,
        date_of_birth=child.date_of_birth,
        gestation_days=child.gestation_days,
        language=child.language,
        communication_needs=child.communication_needs,
    )


def _facts_of(person: Person) -> CaregiverFacts:
    return _as_adopter(CaregiverFacts(**{name: getattr(person, name) for name in (*PERSON_FIELDS, *FIRST_FIELDS)}))


def _facts_typed(new: NewCarer) -> CaregiverFacts:
    return _as_adopter(CaregiverFacts(new.first_name, new.last_name, phone=new.phone))


def _as_adopter(facts: CaregiverFacts) -> CaregiverFacts:
    return replace(
        facts,
        relationship=Relationship.ADOPTIVE_PARENT,
        parental_responsibility=Responsibility.YES,
        lives_with_infant=True,
    )


def _take_along(earlier: Person, later: Person, names: Iterable[str]) -> None:
    for name in names:
        setattr(later, name, getattr(earlier, name))
    later.full_clean()
    later.save()


@transaction.atomic
def change_who_knows(*, by: User, adoption: Adoption, known_to: Iterable[User]) -> Adoption:
    """Name anew who may know that two records belong together. Only somebody who knows may; a manager stays named."""
    people = list(known_to)
    _check_may(by, adoption)
    _check_who_knows(people)
    for each in people:
        if not each.can(Permission.SEE_CASES):
            raise ValidationError({"known_to": f"{each.name} does not work with records. Select somebody else."})
    adoption.known_to.set(people)
    audit(by=by, verb="identity.readers_changed", subject=adoption, people=sorted(str(each.pk) for each in people))
    return adoption


@transaction.atomic
def strike_out_adoption(*, by: User, adoption: Adoption, reason: str) -> Adoption:
    """It was entered in error: the two records are ordinary ones again, and can be brought together by hand.

    Nothing in either is deleted. The order and the restriction stay until somebody takes each of them back.
    """
    _check_may(by, adoption)
    if not reason.strip():
        raise ValidationError({"reason": "Enter how it came to be entered in error"})
    adoption = Adoption.objects.select_for_update().get(pk=adoption.pk)
    if adoption.is_struck:
        raise ValidationError("This is struck out already.")
    adoption.struck_at, adoption.struck_by, adoption.struck_reason = timezone.now(), by, reason.strip()[:500]
    adoption.save()
    for first, second in _pairs(adoption):
        TwoPeople.objects.filter(one=first, other=second).delete()
    audit(by=by, verb="identity.struck_out", subject=adoption)
    return adoption


def _pairs(adoption: Adoption) -> Iterator[tuple[Person, Person]]:
    for pair in adoption.people.select_related("earlier", "later"):
        first, second = sorted((pair.earlier, pair.later), key=lambda person: str(person.pk))
        yield first, second


def _check_may(by: User, adoption: Adoption) -> None:
    if not (by.can(Permission.MANAGE_TEAM) and Adoption.objects.visible_to(by).filter(pk=adoption.pk).exists()):
        raise ValidationError("Only a manager who may know of both records changes this.")
