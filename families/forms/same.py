"""Is this somebody whom the record knows already? Asked with the form in which somebody is written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import date_format

from accounts.models import User
from families.ages import due_in_words
from families.finding.duplicates import Match, facts_of, likely_same
from families.finding.likeness import CERTAIN, Facts
from families.models import Family, Person

SAME, ELSE = "same_person", "else"


def in_words(person: Person) -> str:
    """ "Sam Example, born 3 April 1995": enough to know somebody by."""
    if person.date_of_birth:
        return f"{person.display_name}, born {date_format(person.date_of_birth, 'j F Y')}"
    if person.unborn and person.expected_on:
        return f"{person.display_name}, {due_in_words(person.expected_on)}"
    return f"{person.display_name}, date of birth not known"


def facts_from(form: forms.BaseForm, kind: str, *, caregivers: Iterable[Facts] = ()) -> Facts:
    """What has been typed so far, as far as it can be understood; half-filled fields are left out."""
    form.is_valid()
    data: dict[str, Any] = getattr(form, "cleaned_data", {})
    child = kind in {Person.Kind.INFANT, Person.Kind.SIBLING}
    return Facts(
        child=child,
        first_name=data.get("first_name") or "",
        last_name=data.get("last_name") or "",
        known_as=data.get("known_as") or "",
        date_of_birth=data.get("date_of_birth"),
        expected_on=data.get("expected_on"),
        nhs_number=data.get("nhs_number") or "",
        phones=frozenset(str(data[name]) for name in ("phone", "other_phone") if data.get(name)),
        emails=frozenset(str(data["email"]).lower() for _ in [0] if data.get("email")),
        postcodes=frozenset(str(data["postcode"]) for _ in [0] if data.get("postcode")),
        caregivers=tuple(caregivers) if child else (),
    )


def caregivers_of(family: Family) -> list[Facts]:
    """Who cares for the children of a household, for comparing a child that is to join it."""
    people = list(Person.objects.filter(memberships__family=family, kind=Person.Kind.CAREGIVER))
    return list(facts_of(people).values())


@dataclass(frozen=True)
class Answer:
    """What somebody said about the likely same people: one of them, or somebody else."""

    known: Person | None = None
    family: Any = None  # id of the household of theirs that is meant; None: another one
    apart_from: tuple[Person, ...] = ()


def _choices(match: Match, choose_household: bool) -> list[tuple[str, str]]:
    who, pk = in_words(match.person), str(match.person.pk)
    if not choose_household:
        where = ", ".join(reference for _, reference in match.families)
        return [(pk, f"Use {who}{f' ({where})' if where else ''}: {match.why}")]
    return [
        *(
            (f"{pk}:{family}", f"Use {who}, in their family {reference}: {match.why}")
            for family, reference in match.families
        ),
        (pk, f"Use {who}, in a household of its own: {match.why}"),
    ]


def ask_whether_known(
    form: Any,
    *,
    by: User,
    facts: Facts,
    but: Iterable[Any] = (),
    into: Family | None = None,
    choose_household: bool = False,
) -> Answer | None:
    """Ask, in ``form`` itself, whether this is one of the people who seem to be the same.

    None means that the form has to be shown again, with the question in it. People of ``but`` are not proposed, nor
    children of the household ``into`` which this one joins: a twin is not a duplicate.
    """
    but = set(but)
    if facts.nhs_number:
        holder = Person.objects.visible_to(by).filter(nhs_number=facts.nhs_number, pk__in=but).first()
        if holder is not None:
            said = f"{holder.display_name} already has this NHS number. Check the number, or look for that record."
            form.add_error("nhs_number", said)
            return None
    matches = likely_same(by, facts, but=but)
    if facts.child and into is not None:
        matches = [match for match in matches if into.pk not in {family for family, _ in match.families}]
    if not matches:
        return Answer()
    given = form.data.get(form.add_prefix(SAME), "")
    seen = form.data.getlist(form.add_prefix(f"{SAME}_seen")) if hasattr(form.data, "getlist") else []
    people = {str(match.person.pk): match.person for match in matches}
    choices = {value: label for match in matches for value, label in _choices(match, choose_household)}
    if given in choices:
        pk, _, family = given.partition(":")
        return Answer(known=people[pk], family=family or None)
    certain = next((match for match in matches if match.likeness.score == CERTAIN), None)
    if given == ELSE and set(people) <= set(seen) and certain is None:
        return Answer(apart_from=tuple(people.values()))
    form.fields[SAME] = forms.ChoiceField(
        label="Is this somebody whom you know already?",
        choices=[*choices.items(), (ELSE, "It is somebody else")],
        widget=forms.RadioSelect,
        help_text="Using a record that is there keeps one history for one person. Nothing in it is changed.",
    )
    form.fields[f"{SAME}_seen"] = forms.MultipleChoiceField(
        choices=[(pk, pk) for pk in people], widget=forms.MultipleHiddenInput, required=False, initial=list(people)
    )
    data = form.data.copy()
    data.setlist(form.add_prefix(f"{SAME}_seen"), list(people))
    form.data = data
    form.layout = [SAME, *(form.layout if form.layout is not None else form.base_fields)]
    if given == ELSE and certain is not None:
        form.add_error(
            SAME,
            f"{certain.person.display_name} already has this NHS number. Check the number, or use that record.",
        )
    else:
        form.add_error(SAME, "Select whether it is one of these people, or somebody else")
    return None
