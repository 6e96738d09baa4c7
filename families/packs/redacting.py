"""Other people's names and whereabouts, taken out of what somebody gets to read.

Staff and professionals acting in their role are not third parties (Data Protection Act 2018, schedule 2, part 3,
paragraphs 16–17). Other members of the family are: their names, telephones, addresses and dates of birth leave the
text. A child's first names stay in the copy of somebody who holds parental responsibility for them: they are told as a
family tells them. Where a caregiver is protected nothing of theirs stays, and whatever names them is withheld whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from families.models import Address, Case, Family, Membership, Person
from families.protection import hidden_from, lines_that_tell, pattern_of
from families.responsibility import holders

MARK = "[another person]"


@dataclass(frozen=True)
class Redactor:
    """Takes out what would tell one person about others. ``clean`` returns the text and whether anything left it."""

    pattern: re.Pattern[str] | None
    guarded: re.Pattern[str] | None

    def clean(self, text: str) -> tuple[str, bool]:
        if not text or self.pattern is None:
            return text, False
        cleaned, count = self.pattern.subn(MARK, text)
        return cleaned, count > 0

    def names_a_protected_person(self, *texts: str) -> bool:
        return self.guarded is not None and any(self.guarded.search(text) for text in texts)


def _words(person: Person, *, first_names: bool) -> set[str]:
    """What could be written of somebody in a text."""
    words = {person.phone, person.other_phone, person.email}
    if first_names:
        words |= {person.first_name, person.known_as}
    words |= {"0" + number[3:] for number in (person.phone, person.other_phone) if number.startswith("+44")}
    return {word for word in words if word}


def redactor_for(person: Person, cases: Sequence[Case]) -> Redactor:
    """What must leave the texts in ``person``'s copy: asked once for a pack."""
    families = Membership.objects.filter(person=person).values("family")
    others = list(
        Person.objects.filter(Q(memberships__family__in=families) | Q(cases__in=[case.pk for case in cases]))
        .exclude(pk=person.pk)
        .distinct()
    )
    hidden = hidden_from(person, *Family.objects.filter(Q(pk__in=families) | Q(cases__in=[case.pk for case in cases])))
    guarded = [other for other in others if other.address_confidential or hidden.hides(other)]
    told = {other.pk for other in others if other.kind == Person.Kind.INFANT and person in holders(other)}
    words: set[str] = set()
    for other in others:
        words |= _words(other, first_names=other.pk not in told)
        if other.last_name and other.last_name.lower() != person.last_name.lower() and other.pk not in told:
            words.add(other.last_name)
    for address in Address.objects.filter(Q(person__in=others) | Q(pk__in=list(hidden.addresses))):
        words |= {*lines_that_tell(address), address.postcode}
    words |= hidden.words
    mine = {person.first_name.lower(), person.known_as.lower(), person.last_name.lower()}
    of_guarded = {word for other in guarded for word in _words(other, first_names=True)} | hidden.words
    return Redactor(
        pattern_of(word for word in words if word.lower() not in mine),
        pattern_of(word for word in of_guarded if word.lower() not in mine),
    )
