"""A child comes to live with somebody else, or under another order: written down in one go, taken back in one go."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.actions.addresses import add_address
from families.actions.legal import add_legal_status, change_legal_status
from families.actions.people import CaregiverFacts, add_person, tell_of_everything
from families.actions.protection import protect
from families.models import Adoption, Case, LegalStatus, Membership, Person, PlacementChange
from families.responsibility import CARERS, PARENTS

Kind = PlacementChange.Kind
Order = LegalStatus.Kind
Relationship = Membership.Relationship
Responsibility = Membership.ParentalResponsibility
CHILDREN = (Person.Kind.INFANT, Person.Kind.SIBLING)
PLACE_FIELDS = ("relationship", "parental_responsibility", "lives_with_infant", "from_on", "until_on")
# What somebody is to the child who comes to care for it, and what is known of their responsibility by that alone.
COMES_AS: dict[str, tuple[str, str]] = {
    Kind.FOSTER: (Relationship.FOSTER_CARER, Responsibility.NO),
    Kind.KINSHIP: (Relationship.KINSHIP_CARER, Responsibility.NO),
    Kind.HOME: (Relationship.NON_BIRTH_PARENT, Responsibility.UNKNOWN),
    Kind.PLACED: (Relationship.ADOPTIVE_PARENT, Responsibility.UNKNOWN),  # as far as the agency allows
    Kind.STEP: (Relationship.ADOPTIVE_PARENT, Responsibility.YES),
    Kind.ADOPTED: (Relationship.ADOPTIVE_PARENT, Responsibility.YES),
}
RELATIVES = (Relationship.GRANDPARENT, Relationship.SIBLING)  # stay what they are while they care for the child
NOT_A_PARENT = (Kind.FOSTER, Kind.KINSHIP, Kind.PLACED, Kind.ADOPTED)  # what no parent of the child becomes
# Nobody new has to care for the child; who adopts without being known here stands in the record that begins then.
ANYBODY_MAY_CARE = (Kind.AUTHORITY, Kind.OTHER, Kind.ADOPTED)


@dataclass(frozen=True)
class NewCarer:
    """Somebody who cares for the child now and is not in the record yet."""

    first_name: str
    last_name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Change:
    """What is known of a change of placement.

    ``legal`` is a kind of ``LegalStatus``, empty when it rests on what stood before; ``ended`` are those that end with
    it. ``kept_from``: None when nobody's whereabouts are kept back, an empty sequence for everybody else in the family.
    """

    kind: str
    from_on: date
    legal: str = ""
    ended: Sequence[LegalStatus] = ()
    authority: str = ""
    carers: Sequence[Person] = ()
    new_carers: Sequence[NewCarer] = ()
    lines: str = ""
    postcode: str = ""
    left: Sequence[Person] = ()
    kept_from: Sequence[Person] | None = None
    reason: str = ""
    keeps: Person | None = None
    note: str = ""


@dataclass
class _Before:
    """What each row said that the change touched."""

    places: dict[str, dict[str, Any]] = field(default_factory=dict)  # by membership: {column: [before, after]}
    orders: dict[str, Any] = field(default_factory=dict)  # by legal status: the last day it had
    came: list[str] = field(default_factory=list)  # people who came to this family with it


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _check(child: Person, change: Change) -> None:
    if child.kind not in CHILDREN:
        raise ValidationError("Only a child has a placement.")
    if child.unborn or child.lost:
        raise ValidationError(f"{child.short_name} cannot be placed with somebody.")
    if change.kind not in Kind.values:
        raise ValidationError({"kind": "Select what has changed"})
    if change.from_on > timezone.localdate():
        raise ValidationError({"from_on": "The day must be today or in the past. Write it down when it has happened"})
    if child.date_of_birth and change.from_on < child.date_of_birth:
        raise ValidationError({"from_on": "The day cannot be before the birth"})
    if not change.carers and not change.new_carers and change.kind not in ANYBODY_MAY_CARE:
        raise ValidationError({"carers": f"Select who cares for {child.short_name} now"})
    if both := [person for person in change.carers if person in change.left]:
        raise ValidationError({"left": f"{both[0].short_name} cannot both care for {child.short_name} and have left"})
    if change.kind == Kind.STEP and change.keeps is None:
        raise ValidationError({"keeps": "Select the parent who is the adopter’s partner"})
    if change.keeps is not None and change.keeps in change.carers:
        raise ValidationError({"carers": f"{change.keeps.short_name} keeps what they have. Select who adopts"})
    if change.kept_from is not None and not change.reason.strip():
        raise ValidationError({"reason": "Enter why, for colleagues who have to know what to be careful about"})


@transaction.atomic
def change_placement(*, by: User, case: Case, child: Person, change: Change) -> PlacementChange:
    """Write down everything that a change of placement changes: the order, who cares for the child, who left, from
    whom it is kept. All of it or nothing. Raises ValidationError, keyed by argument.

    What was agreed to before counts on as far as whoever agreed still decides; nothing of it is written again.
    """
    _check(child, change)
    before = _Before()
    _end(change.ended, by=by, case=case, day=change.from_on, before=before)
    kind = Order.ADOPTED if change.kind in {Kind.STEP, Kind.ADOPTED} else change.legal
    legal = None
    if kind:
        legal = add_legal_status(
            by=by,
            case=case,
            child=child,
            kind=kind,
            from_on=change.from_on,
            authority=change.authority,
            keeps=change.keeps,
        )
    carers = [*change.carers, *_newcomers(by, case, change, before)]
    for person in carers:
        _comes_to_care(person, case=case, change=change, before=before)
    for person in change.left:
        _leaves(person, case=case, day=change.from_on, before=before)
    if change.kept_from is not None:
        _keep_from(by, case, carers, change)
    row = PlacementChange(
        case=case,
        child=child,
        kind=change.kind,
        from_on=change.from_on,
        legal=legal,
        authority=change.authority,
        note=change.note.strip(),
        before={"places": before.places, "orders": before.orders, "came": before.came},
        by=by,
    )
    row.full_clean(exclude=["before"])
    row.save()
    row.carers.set(carers)
    audit(
        by=by,
        verb="placement.changed",
        subject=row,
        family_id=case.family_id,
        case_id=case.pk,
        child=str(child.pk),
        kind=row.kind,
        legal=kind,
        carers=sorted(str(person.pk) for person in carers),
        left=sorted(str(person.pk) for person in change.left),
        kept_back=change.kept_from is not None,
    )
    _tell(case)
    return row


def _tell(case: Case) -> None:
    """Who decides for the children of the family may be somebody else: whoever holds their films looks again."""
    for child in Person.objects.filter(memberships__family=case.family_id, kind__in=CHILDREN):
        tell_of_everything(child)


def _end(orders: Iterable[LegalStatus], *, by: User, case: Case, day: date, before: _Before) -> None:
    for order in orders:
        before.orders[str(order.pk)] = _plain(order.until_on)
        last = max(order.from_on, day - timedelta(days=1))
        change_legal_status(by=by, case=case, status=order, changes={"until_on": last})


def _newcomers(by: User, case: Case, change: Change, before: _Before) -> list[Person]:
    relationship, responsibility = _as_what(change, "", Responsibility.UNKNOWN)
    found = []
    for new in change.new_carers:
        facts = CaregiverFacts(
            first_name=new.first_name,
            last_name=new.last_name,
            phone=new.phone,
            relationship=relationship,
            parental_responsibility=responsibility,
            lives_with_infant=True,
        )
        person = add_person(by=by, case=case, kind=Person.Kind.CAREGIVER, facts=facts)
        if change.lines or change.postcode:
            add_address(
                by=by,
                case=case,
                person=person,
                lines=change.lines,
                postcode=change.postcode,
                from_on=change.from_on,
            )
        before.came.append(str(person.pk))
        found.append(person)
    return found


def _as_what(change: Change, relationship: str, responsibility: str) -> tuple[str, str]:
    """What somebody is to the child from now on, and whether they hold responsibility, from what they were."""
    if change.legal == Order.GUARDIANSHIP and change.kind == Kind.KINSHIP:
        return Relationship.SPECIAL_GUARDIAN, Responsibility.YES
    comes_as, holds = COMES_AS.get(change.kind, (relationship or Relationship.OTHER, responsibility))
    if change.legal == Order.ARRANGEMENTS and change.kind == Kind.KINSHIP:
        holds = Responsibility.YES
    if change.kind == Kind.HOME and relationship:
        return relationship, responsibility
    if change.kind == Kind.KINSHIP and relationship in RELATIVES:
        return relationship, holds
    if relationship == comes_as and holds == Responsibility.UNKNOWN:
        return relationship, responsibility  # what is known already stays known
    return comes_as, holds


def _place_of(person: Person, case: Case) -> Membership:
    place = Membership.objects.select_for_update().filter(person=person, family=case.family_id).first()
    if place is None:
        raise ValidationError(f"{person.short_name} is not in this family.")
    return place


def _set(place: Membership, values: dict[str, Any], before: _Before) -> None:
    noted = {
        name: [_plain(getattr(place, name)), _plain(value)]
        for name, value in values.items()
        if getattr(place, name) != value
    }
    if not noted:
        return
    for name, value in values.items():
        setattr(place, name, value)
    place.full_clean(exclude=["person", "family"])
    place.save()
    before.places.setdefault(str(place.pk), {}).update(noted)


def _comes_to_care(person: Person, *, case: Case, change: Change, before: _Before) -> None:
    place = _place_of(person, case)
    is_parent = place.relationship in PARENTS
    if is_parent and change.kind in (*NOT_A_PARENT, Kind.STEP):
        raise ValidationError({"carers": f"{person.short_name} is a parent. Change what has changed, or select others"})
    relationship, responsibility = _as_what(change, place.relationship, place.parental_responsibility)
    here = place.lives_with_infant and not place.has_left
    since = place.from_on if here and place.from_on else change.from_on
    _set(
        place,
        {
            "relationship": relationship,
            "parental_responsibility": responsibility,
            "lives_with_infant": True,
            "from_on": min(since, change.from_on),
            "until_on": None,
        },
        before,
    )


def _leaves(person: Person, *, case: Case, day: date, before: _Before) -> None:
    """A parent who does not live with the child any more stays a parent, and part of the household's own story; for
    everybody else their time in the household is over."""
    place = _place_of(person, case)
    values: dict[str, Any] = {"lives_with_infant": False}
    if place.relationship in (*CARERS, Relationship.SPECIAL_GUARDIAN):
        last = day - timedelta(days=1)
        values["until_on"] = max(last, place.from_on) if place.from_on else last
    _set(place, values, before)


def _keep_from(by: User, case: Case, carers: Sequence[Person], change: Change) -> None:
    """Protect whoever cares for the child; of a protection that stands already the stricter answer stays."""
    others = list(change.kept_from or ())
    for person in carers:
        from_people = [other for other in others if other.pk != person.pk]
        from_everyone = not others
        standing = person.protections.filter(lifted_at=None).prefetch_related("from_people").first()
        if standing is not None:
            from_everyone = from_everyone or standing.from_everyone
            from_people = list({*from_people, *standing.from_people.all()})
        if from_everyone or from_people:
            protect(
                by=by,
                case=case,
                person=person,
                reason=change.reason,
                from_everyone=from_everyone,
                from_people=[] if from_everyone else from_people,
            )


@transaction.atomic
def strike_out_placement(*, by: User, change: PlacementChange, reason: str) -> PlacementChange:
    """It was entered in error: orders and places are what they were, as far as nobody has changed them since.

    A protection that came with it stays until somebody ends it, and whoever was added stays in the record, as somebody
    who does not live with the child: neither is safe to undo unseen.
    """
    change = PlacementChange.objects.select_for_update().get(pk=change.pk)
    if change.is_struck:
        raise ValidationError("This is struck out already.")
    if Adoption.objects.standing().filter(placement=change).exists():
        raise ValidationError("A record began with this. Whoever may know of both says first that it was an error.")
    if not reason.strip():
        raise ValidationError({"reason": "Enter how it came to be entered in error"})
    later = PlacementChange.objects.standing().filter(child=change.child_id, at__gt=change.at)
    if later.exists():
        raise ValidationError("A later change of placement came after this one. Strike that out first.")
    case = change.case
    if change.legal is not None and not change.legal.is_struck:
        order = change.legal
        order.struck_at, order.struck_by, order.struck_reason = timezone.now(), by, reason.strip()[:500]
        order.save()
        audit(by=by, verb="legal_status.struck_out", subject=order, family_id=case.family_id, case_id=case.pk)
    for pk, last in change.before.get("orders", {}).items():
        ended = LegalStatus.objects.standing().filter(pk=pk).first()
        if ended is not None:
            until_on = date.fromisoformat(last) if last else None
            change_legal_status(by=by, case=case, status=ended, changes={"until_on": until_on})
    for pk, noted in change.before.get("places", {}).items():
        _put_back(pk, noted)
    for pk in change.before.get("came", []):
        _did_not_come(pk, case, change.from_on)
    change.struck_at, change.struck_by, change.struck_reason = timezone.now(), by, reason.strip()
    change.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    audit(
        by=by,
        verb="placement.struck_out",
        subject=change,
        family_id=case.family_id,
        case_id=case.pk,
        child=str(change.child_id),
    )
    _tell(case)
    return change


def _put_back(pk: str, noted: dict[str, list[Any]]) -> None:
    place = Membership.objects.select_for_update().filter(pk=pk).first()
    if place is None:
        return  # two records were brought together since
    for name, (was, became) in noted.items():
        if _plain(getattr(place, name)) == became:
            setattr(place, name, date.fromisoformat(was) if was and name in {"from_on", "until_on"} else was)
    place.save()


def _did_not_come(pk: str, case: Case, day: date) -> None:
    place = Membership.objects.select_for_update().filter(person=uuid.UUID(pk), family=case.family_id).first()
    if place is None:
        return
    place.lives_with_infant, place.parental_responsibility = False, Responsibility.NO
    place.until_on = max(day, place.from_on) if place.from_on else day
    place.save()
