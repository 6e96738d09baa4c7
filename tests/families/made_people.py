"""A made-up town of about two thousand people, some of them written down twice, as it happens in a real service.

Shared surnames, twins, misspellings, changed surnames, new telephones, slips in dates: seeded, so that what is measured
on it is the same every day. ``truth`` says which two records are one person.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from families.finding.likeness import Facts

FIRST_NAMES = """
Aisha Amelia Amy Anna Bethany Catherine Chloe Charlotte Daisy Deborah Ellie Emily Emma Fatima Florence Freya
Grace Hannah Harriet Holly Isabella Jade Jasmine Jessica Jodie Katie Kayleigh Laura Leah Lily Lucy Maria Megan
Mia Mohammed Molly Natalie Niamh Nicole Olivia Paige Phoebe Poppy Rachel Rebecca Rhiannon Rosie Ruby Sarah
Shannon Siobhan Sophie Stephanie Tara Victoria Yasmin Zara Zoe Adam Alexander Ben Callum Connor Daniel David
Ethan Finlay George Harry Ibrahim Jack Jacob James Joshua Kieran Lewis Liam Luke Matthew Michael Nathan Oliver
Owen Peter Ryan Samuel Sean Stephen Thomas William Yusuf
"""
LAST_NAMES = """
Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Roberts Johnson Lewis Walker Robinson Wood
Thompson White Watson Jackson Wright Green Harris Cooper King Lee Martin Clarke James Morgan Hughes Edwards
Hill Moore Clark Harrison Scott Young Morris Hall Ward Turner Carter Phillips Mitchell Patel Adams Campbell
Anderson Allen Cook Khan Ahmed Begum Hussain Ali Kowalski Nowak Okafor Adeyemi O'Brien Murphy Byrne MacDonald
Singh Kaur Rahman Popescu
"""
FIRST, LAST = FIRST_NAMES.split(), LAST_NAMES.split()


@dataclass
class Town:
    """Every record, and the pairs of records that are one person."""

    people: list[Facts] = field(default_factory=list)
    truth: set[frozenset[int]] = field(default_factory=set)
    siblings: set[frozenset[int]] = field(default_factory=set)  # twins, brothers and sisters: never one


class Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.town = Town()
        self.number = 0

    def next(self) -> int:
        self.number += 1
        return self.number

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.chance.randrange((last - first).days))

    def misspelt(self, name: str) -> str:
        """One slip of the ear or the finger."""
        at = self.chance.randrange(1, len(name) - 1)
        slips = [
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name.replace("y", "ie").replace("ph", "f"),
        ]
        return self.chance.choice(slips)

    def phone(self) -> str:
        return f"+447700{self.chance.randrange(10**6):06d}"

    def postcode(self) -> str:
        letters = self.chance.choice("AB") + self.chance.choice("DEFG")
        return f"M{self.chance.randrange(1, 40)} {self.chance.randrange(10)}{letters}"

    def household(self, number: int) -> list[Facts]:
        """One or two adults, and one to three children, twins among them."""
        last = self.chance.choice(LAST)
        where = self.postcode()
        adults = [
            Facts(
                id=self.next(),
                first_name=self.chance.choice(FIRST),
                last_name=last if self.chance.random() < 0.6 else self.chance.choice(LAST),
                date_of_birth=self.day(date(1978, 1, 1), date(2006, 1, 1)) if self.chance.random() < 0.9 else None,
                phones=frozenset({self.phone()}) if self.chance.random() < 0.85 else frozenset(),
                postcodes=frozenset({where}),
                families=frozenset({number}),
            )
            for _ in range(self.chance.choice((1, 2, 2)))
        ]
        born = self.day(date(2024, 1, 1), date(2026, 9, 1))
        together = 2 if self.chance.random() < 0.12 else 1
        children = [self.child(last, born, number) for _ in range(together)]
        if self.chance.random() < 0.35:
            children.append(self.child(last, born - timedelta(days=self.chance.randrange(400, 1200)), number))
        return adults + [self.around(child, adults, children) for child in children]

    def child(self, last: str, born: date, family: int) -> Facts:
        unborn = born > date(2026, 6, 1)
        return Facts(
            id=self.next(),
            child=True,
            first_name="" if unborn else self.chance.choice(FIRST),
            last_name=last,
            date_of_birth=None if unborn else born,
            expected_on=born if unborn else None,
            families=frozenset({family}),
        )

    @staticmethod
    def around(child: Facts, adults: list[Facts], children: list[Facts]) -> Facts:
        others = tuple(other for other in children if other.id != child.id)
        return replace(child, caregivers=tuple(adults), other_children=others)

    def again(self, members: list[Facts], number: int) -> None:
        """The same household, referred a second time and written down anew by somebody else."""
        family = frozenset({number})
        adults, copies = [], {}
        for adult in (each for each in members if not each.child):
            first, last, born = adult.first_name, adult.last_name, adult.date_of_birth
            roll = self.chance.random()
            if roll < 0.25:
                first = self.misspelt(first)
            elif roll < 0.45:
                last = self.misspelt(last)
            earlier: frozenset[str] = frozenset()
            if self.chance.random() < 0.12:
                earlier, last = frozenset({last}), self.chance.choice(LAST)
            if born and self.chance.random() < 0.06 and born.day <= 12:
                born = date(born.year, born.day, born.month)
            copy = replace(
                adult,
                id=self.next(),
                first_name=first,
                last_name=last,
                earlier_surnames=earlier,
                date_of_birth=born,
                phones=adult.phones if self.chance.random() < 0.8 else frozenset({self.phone()}),
                postcodes=adult.postcodes if self.chance.random() < 0.8 else frozenset({self.postcode()}),
                families=family,
            )
            adults.append(copy)
            copies[adult.id] = copy
        children = []
        for child in (each for each in members if each.child):
            named = (
                self.misspelt(child.first_name) if child.first_name and self.chance.random() < 0.1 else child.first_name
            )
            copy = replace(child, id=self.next(), first_name=named, families=family)
            children.append(copy)
            copies[child.id] = copy
        self.town.truth |= {frozenset({old, copy.id}) for old, copy in copies.items()}
        self.add([*adults, *(self.around(child, adults, children) for child in children)])

    def add(self, members: list[Facts]) -> None:
        self.town.people += members
        children = [each.id for each in members if each.child]
        self.town.siblings |= {frozenset({a, b}) for a in children for b in children if a != b}


def make_town(households: int = 560, twice: int = 60, seed: int = 20260105) -> Town:
    maker = Maker(seed)
    all_of_them = []
    for number in range(households):
        members = maker.household(number)
        maker.add(members)
        all_of_them.append(members)
    for number, members in enumerate(all_of_them[:twice]):
        maker.again(members, households + number)
        twins = {(each.id) for each in members if each.child}
        second = {next(iter(pair - {pk})) for pk in twins for pair in maker.town.truth if pk in pair}
        for one in twins:
            for other in second:
                if frozenset({one, other}) not in maker.town.truth:
                    maker.town.siblings.add(frozenset({one, other}))
    return maker.town
