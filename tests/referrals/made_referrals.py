"""Referrals to the made-up town: of families that it knows, written down anew by somebody else, and of strangers.

Seeded like the town itself. ``truth`` says who of the record somebody of a referral is; whoever is not in it is new.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from families.finding.likeness import Facts
from referrals.matching import as_sent
from tests.families.made_people import FIRST, LAST, Maker

Sent = list[Facts]


@dataclass
class MadeReferrals:
    known: dict[int, Facts] = field(default_factory=dict)  # the record
    sent: list[Sent] = field(default_factory=list)
    truth: dict[str, int] = field(default_factory=dict)
    never: set[tuple[str, int]] = field(default_factory=set)  # brothers and sisters, twins: not the same, ever
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Referrer(Maker):
    """Somebody who knows a family a little, and types in a hurry."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.made = MadeReferrals()

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def nhs(self) -> str:
        return f"9{self.chance.randrange(10**9):09d}"

    # --- the record -------------------------------------------------------------------------------------

    def record(self, number: int) -> list[Facts]:
        """A household of the town, with NHS numbers and e-mail addresses for some."""
        members = [
            replace(
                each,
                nhs_number=self.nhs() if each.date_of_birth and self.maybe(0.5) else "",
                emails=frozenset() if each.child or self.maybe(0.5) else frozenset({f"p{each.id}@example.org"}),
            )
            for each in self.household(number)
        ]
        adults = [each for each in members if not each.child]
        if number % 40 == 0:  # a grown twin in the same home, and a grandmother of the same name
            twin, gran = adults[0], adults[0]
            adults.append(replace(twin, id=self.next(), first_name=self.chance.choice(FIRST), nhs_number=""))
            born = gran.date_of_birth and gran.date_of_birth - timedelta(days=9000)
            adults.append(replace(gran, id=self.next(), date_of_birth=born, nhs_number=""))
        children = [each for each in members if each.child]
        whole = [*adults, *(self.around(child, adults, children) for child in children)]
        self.made.known |= {each.id: each for each in whole}
        return whole

    # --- what a referrer writes -------------------------------------------------------------------------

    def adult(self, one: Facts, key: str) -> Facts:
        first, last = one.first_name, one.last_name
        roll = self.chance.random()
        if roll < 0.2:
            first = self.misspelt(first)
            self.made.counts["misspelt"] += 1
        elif roll < 0.35:
            last = self.misspelt(last)
            self.made.counts["misspelt"] += 1
        if self.maybe(0.1):
            last = self.chance.choice(LAST)  # married since, and nobody tells what the name was before
            self.made.counts["surname changed"] += 1
        born = one.date_of_birth if self.maybe(0.95) else None
        if born and born.day <= 12 and self.maybe(0.05):
            born = born.replace(month=born.day, day=born.month)
        return replace(
            one,
            id=key,
            first_name=first,
            last_name=last,
            date_of_birth=born,
            nhs_number=one.nhs_number if born and self.maybe(0.4) else "",
            phones=one.phones if self.maybe(0.8) else frozenset({self.phone()}),
            emails=one.emails if self.maybe(0.6) else frozenset(),
            postcodes=one.postcodes if self.maybe(0.75) else frozenset({self.postcode()}),
            families=frozenset(),
        )

    def infant(self, one: Facts, key: str) -> Facts:
        first = self.misspelt(one.first_name) if one.first_name and self.maybe(0.1) else one.first_name
        due = one.expected_on and one.expected_on + timedelta(days=self.chance.randrange(-10, 11))
        return replace(
            one,
            id=key,
            first_name=first,
            expected_on=due,
            nhs_number=one.nhs_number if self.maybe(0.4) else "",
            families=frozenset(),
            caregivers=(),
            other_children=(),
        )

    def refer(self, members: list[Facts], at: int) -> None:
        """A known family again: all of it, or with the mother and one of the children alone."""
        adults = [each for each in members if not each.child]
        children = [each for each in members if each.child]
        if self.maybe(0.5):
            adults = adults[:1]
        if len(children) > 1 and self.maybe(0.4):
            children = [self.chance.choice(children)]
        mine: dict[Any, str] = {each.id: f"{at}:{each.id}" for each in (*adults, *children)}
        self.made.truth |= {mine[each.id]: each.id for each in (*adults, *children)}
        everybody = [each for each in members if each.child]
        self.made.never |= {
            (mine[child.id], other.id) for child in children for other in everybody if child.id != other.id
        }
        sent = as_sent(
            [self.adult(each, mine[each.id]) for each in adults],
            [self.infant(each, mine[each.id]) for each in children],
        )
        if self.maybe(0.03):
            sent = self.number_of_another(sent)
        self.made.sent.append(sent)

    def number_of_another(self, sent: Sent) -> Sent:
        """One NHS number copied to the wrong line of the form."""
        numbers = [each.nhs_number for each in sent if each.nhs_number]
        if not numbers:
            return sent
        self.made.counts["wrong number"] += 1
        wrong = self.chance.choice([each.id for each in sent if each.date_of_birth])
        return [replace(each, nhs_number=numbers[0]) if each.id == wrong else each for each in sent]

    def brother_or_twin(self, members: list[Facts], at: int) -> None:
        """A child whom the record does not know, of parents whom it knows: a twin not mentioned then, or a new baby."""
        adults = [each for each in members if not each.child]
        child = next(each for each in members if each.child)
        gap = timedelta(days=0 if at % 2 else 420)
        new = replace(
            child,
            id=f"{at}:new",
            first_name=self.chance.choice(FIRST) if child.date_of_birth else "",
            date_of_birth=child.date_of_birth and child.date_of_birth + gap,
            expected_on=child.expected_on and child.expected_on + timedelta(days=420),
            nhs_number="",
            families=frozenset(),
            caregivers=(),
            other_children=(),
        )
        if new.first_name and at % 4 == 1:  # Ella and Bella: a twin with a name that rhymes
            new = replace(new, first_name=f"B{child.first_name.lower()}")
        elif new.first_name == child.first_name:
            new = replace(new, first_name=f"{new.first_name}lyn")
        mine = {each.id: f"{at}:{each.id}" for each in adults}
        self.made.truth |= {mine[each.id]: each.id for each in adults}
        self.made.never |= {(new.id, each.id) for each in members if each.child}
        self.made.sent.append(as_sent([self.adult(each, mine[each.id]) for each in adults], [new]))
        self.made.counts["child unknown"] += 1

    def stranger(self, at: int) -> None:
        members = self.household(1_000_000 + at)
        named = {each.id: f"{at}:stranger:{each.id}" for each in members}
        self.made.sent.append(
            as_sent(
                [self.adult(each, named[each.id]) for each in members if not each.child],
                [self.infant(each, named[each.id]) for each in members if each.child],
            )
        )


def make_referrals(
    households: int = 1570, *, known: int = 500, siblings: int = 100, strangers: int = 400
) -> MadeReferrals:
    referrer = Referrer(seed=20261126)
    town = [referrer.record(number) for number in range(households)]
    at = 0
    for members in town[:known]:
        referrer.refer(members, at := at + 1)
    for members in town[known : known + siblings]:
        referrer.brother_or_twin(members, at := at + 1)
    for _ in range(strangers):
        referrer.stranger(at := at + 1)
    return referrer.made
