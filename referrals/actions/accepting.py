"""Accepting: a referral becomes a case. Everything that was written is carried over, and nothing is typed again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from audit.actions import record as audit
from families import actions as record
from families.models import Answer, Case, Family, Pathway, Person
from referrals import carrying
from referrals.actions.deciding import UNDO_FOR, written_down
from referrals.actions.looking import enter, locked
from referrals.answers import Answers, CaregiverAnswers
from referrals.models import Decision, Door, Referral, ReferredPerson

Kind = ReferredPerson.Kind
State = Referral.State
NOT_SAFE = {
    "to_self": "to themselves",
    "to_others": "to others",
    "to_baby": "to the baby",
    "to_visitors": "to visitors",
}


@dataclass(frozen=True)
class Joined:
    """Somebody of the referral who is in the record: who, and which columns are taken over from the referral."""

    person: Person
    take: frozenset[str] = field(default_factory=frozenset)


@transaction.atomic
def accept(
    *,
    by: User,
    referral: Referral,
    team: Team,
    lead: User | None = None,
    pathway: Pathway | None = None,
    family: Family | None = None,
    known: Mapping[str, Joined] | None = None,
    completed: Mapping[str, Mapping[str, Any]] | None = None,
    reason: str = "",
    to_referrer: str,
    to_family: str = "",
) -> Case:
    """Open a case for whom a referral names: for a new family, or as a further one of ``family``.

    ``known``: who of the referral ("infant-1") is somebody of the record; everybody else is made new. ``completed``:
    columns that the referral left open, by the same keys. Raises
    ValidationError when one person would stand for two, when somebody known is not of ``family`` or of a record that
    ``by`` may open, and when there is no baby or nobody who cares for them.
    """
    found = locked(referral, by)
    known = dict(known or {})
    _check_known(by, family, known)
    said = carrying.said_in(found)
    people_of = [(key, replace(facts, **(completed or {}).get(key, {}))) for key, _, facts in carrying.people_of(found)]
    if any(carrying.lacks(facts) for key, facts in people_of if key not in known):
        raise ValidationError(
            "Something has to be known first: when the baby was or will be born, and who cares for them."
        )
    infants = [each for each in people_of if carrying.is_infant(each[0])]
    adults = [each for each in people_of if not carrying.is_infant(each[0])]

    def placed(each: tuple[str, Any]) -> Any:
        key, facts = each
        return record.KnownPerson(known[key].person, facts) if key in known else facts

    case = record.open_case(
        by=by,
        infants=[placed(each) for each in infants],
        caregivers=[placed(each) for each in adults],
        team=team,
        lead=lead,
        family=family,
        pathway=pathway,
    )
    people = _who_they_became(found, case, known, infants + adults)
    for key, facts in infants + adults:
        if key in known:
            _take_over(by, case, people[key], facts, known[key].take)
    _carry(by, case, found, said, people, new={key for key, _ in adults if key not in known})
    written_down(
        by=by,
        referral=found,
        outcome=Decision.Outcome.ACCEPTED,
        reason=reason,
        to_referrer=to_referrer,
        to_family=to_family,
        case=case,
    )
    return case


def _check_known(by: User, family: Family | None, known: Mapping[str, Joined]) -> None:
    people = [each.person.pk for each in known.values()]
    if len(set(people)) != len(people):
        raise ValidationError("Two people of the referral cannot be the same person of the record. Choose again.")
    if people and family is None:
        raise ValidationError("Choose the family whom they join.")
    if family is not None and not Family.objects.visible_to(by).filter(pk=family.pk).exists():
        raise ValidationError("This record is not open to you. Ask the service lead.")
    if Person.objects.visible_to(by).filter(pk__in=people).count() != len(people):
        raise ValidationError("Somebody of them is in a record that is not open to you. Ask the service lead.")


def _who_they_became(
    referral: Referral, case: Case, known: Mapping[str, Joined], facts: list[tuple[str, Any]]
) -> dict[str, Person]:
    """Tie the people of the referral to those of the record; new ones stand in the order in which they were made."""
    taken = {each.person.pk for each in known.values()}
    made: dict[str, list[Person]] = {}
    for person in case.people.exclude(pk__in=taken).order_by("created_at", "pk"):
        made.setdefault(person.kind, []).append(person)
    kinds = {Kind.INFANT: Person.Kind.INFANT, Kind.CAREGIVER: Person.Kind.CAREGIVER, Kind.CHILD: Person.Kind.SIBLING}
    people: dict[str, Person] = {}
    rows = {carrying.key_of(row): row for row in referral.people.all()}
    for key, _ in facts:
        kind = kinds[Kind(key.rsplit("-", 1)[0])]
        people[key] = known[key].person if key in known else made[kind].pop(0)
        if key in rows:
            rows[key].person = people[key]
            rows[key].save(update_fields=["person"])
    return people


def _take_over(by: User, case: Case, person: Person, facts: Any, take: Collection[str]) -> None:
    chosen = {each.name: each.value for each in carrying.differences(person, facts) if each.name in take}
    reached = {name: chosen.pop(name) for name in list(chosen) if name in carrying.REACHING}
    if chosen:
        record.edit_person(by=by, case=case, person=person, changes=chosen)
    if reached:
        record.change_contact(by=by, case=case, person=person, changes=reached)


def _carry(
    by: User, case: Case, referral: Referral, said: Answers, people: Mapping[str, Person], *, new: set[str]
) -> None:
    """What stands beside the people: how to reach them, where they live, who works with them, what they hope for, and
    what was said about danger. Of somebody known nothing of this is written over."""
    for who in said.caregivers:
        key = f"{Kind.CAREGIVER}-{who.number}"
        if key in new:
            _about(by, case, people[key], who)
    for each in said.professionals:
        _professional(by, case, each)
    risks = [words for name, words in NOT_SAFE.items() if said.get("risk", name) == "yes"]
    what = said.get("risk", "what")
    if risks or what or said.get("risk", "immediate") == "yes":
        text = f"From the referral. Danger {', '.join(risks) or 'named'}. {what}".strip()
        record.add_concern(by=by, case=case, text=text)
    _as_a_contact(by, case, referral, said)


CAME_BY = {"telephone": "call", "email": "email", "letter": "letter", "in_person": "in_person", "online": "letter"}


def _as_a_contact(by: User, case: Case, referral: Referral, said: Answers) -> None:
    """The referral in the record's own words: who wrote, when, what was seen and what the family hopes for."""
    themselves = referral.door == Door.SELF
    parts = [
        ("What the family hopes for", said.get("hopes", "hopes")),
        ("What was seen or heard", said.get("reasons", "observed")),
    ]
    who = ", ".join(filter(None, (referral.referrer_name, referral.referrer_role, referral.referrer_organisation)))
    record.log_contact(
        by=by,
        case=case,
        kind=CAME_BY[referral.channel],
        other_party=(who or "Whoever referred")[:200],
        direction="in",
        at=referral.received_at,
        note="\n\n".join(
            [
                f"{'Asked for help' if themselves else 'Referral'} {referral.reference.text}.",
                *(f"{label}: {text}" for label, text in parts if text),
            ]
        ),
    )


def _about(by: User, case: Case, person: Person, who: CaregiverAnswers) -> None:
    if changes := carrying.reaching(who):
        record.change_contact(by=by, case=case, person=person, changes=changes)
    background = {
        name: value
        for name, value in (("ethnicity", who.ethnicity), ("disability", who.needs.disability))
        if value and value != Answer.NOT_ASKED
    }
    if background:
        record.change_background(by=by, case=case, person=person, changes=background)
    if who.reaching.address or who.reaching.postcode:
        record.add_address(by=by, case=case, person=person, lines=who.reaching.address, postcode=who.reaching.postcode)
    if who.needs.needs == "none":
        record.asked_about_needs(by=by, case=case, person=person)


def _professional(by: User, case: Case, each: Any) -> None:
    may = each.may_contact or Answer.NOT_ASKED
    record.add_professional(
        by=by,
        case=case,
        facts={
            "role": each.role or "other",
            "role_word": each.role_word if each.role in ("", "other") else "",
            "name": each.name,
            "organisation": each.organisation or ("" if each.name else "Not said"),
            "phone": each.phone,
            "email": each.email,
            "may_contact": may,
            "permission_on": timezone.localdate() if may != Answer.NOT_ASKED else None,
        },
    )


def may_undo(user: User, referral: Referral) -> Decision | None:
    """The acceptance that this person may take back still: theirs, for ten minutes."""
    if referral.state != State.ACCEPTED:
        return None
    decision = referral.decisions.filter(undone_at__isnull=True, outcome=State.ACCEPTED).first()
    if decision is None or decision.by_id != user.pk or timezone.now() - decision.at > UNDO_FOR:
        return None
    return decision


@transaction.atomic
def undo(*, by: User, referral: Referral) -> Referral:
    """Take an acceptance back: the referral waits again, nobody is told, and the case that was opened is closed.

    Nothing is deleted: if it is accepted again, the same people stand beside it as known. Raises ValidationError
    after ten minutes, and for anybody else.
    """
    found = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    decision = may_undo(by, found)
    if decision is None or found.case is None:
        raise ValidationError("This cannot be taken back any more. Open the referral’s case and close it there.")
    case = found.case
    decision.undone_at, decision.undone_by = timezone.now(), by
    decision.save(update_fields=["undone_at", "undone_by"])
    found.case = None
    enter(found, State.LOOKING, by=by, inside="Accepting it was taken back.")
    audit(by=by, verb="referral.acceptance-undone", subject=found, family_id=case.family_id, case_id=case.pk)
    if not case.is_closed:
        record.close_case(
            by=by, case=case, closed_on=timezone.localdate(), reason="Accepted by mistake, and taken back at once."
        )
    return found


__all__ = ["Joined", "accept", "may_undo", "undo"]
