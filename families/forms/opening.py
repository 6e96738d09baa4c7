"""Opening a case: which of the people typed are known already, and whose household it is then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from families import actions
from families.actions import KnownPerson
from families.forms.same import Answer, ask_whether_known, facts_from
from families.models import Case, Family, Person


@dataclass(frozen=True)
class Opening:
    """Who the case is opened for, in the order of the forms."""

    infants: list[Any]
    caregivers: list[Any]
    family: Family | None
    answers: tuple[Answer, ...]

    def tell_apart(self, by: User, case: Case) -> None:
        """Write down that somebody is not who they are like, so that nobody is asked again."""
        people = list(case.people.order_by("created_at"))
        for answer in self.answers:
            for other in answer.apart_from:
                for person in people:
                    if person != other and person.kind == other.kind and person.created_at > other.created_at:
                        actions.tell_apart(by=by, one=person, other=other)


def known_people(user: User, *, infants: Sequence[Any], adults: Sequence[Any]) -> Opening | None:
    """Ask of everybody typed whether the record knows them; None means that the page has to be shown again.

    The forms are valid. Those after the first of each list count only when something was typed in them.
    """
    used_infants = [form for at, form in enumerate(infants) if at == 0 or form.has_changed()]
    used_adults = [form for at, form in enumerate(adults) if at == 0 or form.has_changed()]
    around = [facts_from(form, Person.Kind.CAREGIVER) for form in used_adults]
    asked: list[tuple[Any, Answer | None]] = []
    for form in used_adults:
        facts = facts_from(form, Person.Kind.CAREGIVER)
        asked.append((form, ask_whether_known(form, by=user, facts=facts, choose_household=True)))
    for form in used_infants:
        facts = facts_from(form, Person.Kind.INFANT, caregivers=around)
        asked.append((form, ask_whether_known(form, by=user, facts=facts, choose_household=True)))
    answers = [(form, answer) for form, answer in asked if answer is not None]
    if len(answers) < len(asked):
        return None
    families = {str(answer.family) for _, answer in answers if answer.family}
    known = [answer.known.pk for _, answer in answers if answer.known]
    if len(families) > 1 or len(known) != len(set(known)):
        last = next(form for form, answer in reversed(answers) if answer.known)
        last.add_error(
            None,
            ValidationError(
                "Two answers name the same person or two different families. Select one family for this case."
            ),
        )
        return None
    given = {
        id(form): KnownPerson(answer.known, form.facts()) if answer.known else form.facts() for form, answer in answers
    }
    return Opening(
        infants=[given[id(form)] for form in used_infants],
        caregivers=[given[id(form)] for form in used_adults],
        family=Family.objects.visible_to(user).filter(pk=families.pop()).first() if families else None,
        answers=tuple(answer for _, answer in answers),
    )
