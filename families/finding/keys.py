"""The search keys of people: what they are, and keeping them up to date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

from families.finding.names import parts, words_of
from families.models import Address, Membership, NamePart, Person, SearchKey

Kind = SearchKey.Kind
NAMES = (Kind.FIRST, Kind.LAST, Kind.KNOWN_AS, Kind.EARLIER)
AT_A_TIME = 500  # people; below what SQLite takes as parameters of one statement
ADULTS = frozenset({Person.Kind.CAREGIVER, Person.Kind.OTHER})

Key = tuple[str, str]
Thing = TypeVar("Thing")


def batched(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """``things`` in lists of at most ``size``."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


def keys_of(person: Any, earlier_surnames: Iterable[str] = (), postcodes: Iterable[str] = ()) -> set[Key]:
    """Everything that ``person`` (or a row of that shape, in a migration) is found by, as (kind, value)."""
    found: set[Key] = set()
    for kind, text in (
        (Kind.FIRST, person.first_name),
        (Kind.LAST, person.last_name),
        (Kind.KNOWN_AS, person.known_as),
    ):
        found |= {(kind.value, word) for word in words_of(text)}
    now = set(words_of(person.last_name))
    for name in earlier_surnames:
        found |= {(Kind.EARLIER.value, word) for word in words_of(name) if word not in now}
    if person.date_of_birth:
        found.add((Kind.BORN.value, str(person.date_of_birth)))
    elif person.expected_on:
        found.add((Kind.DUE.value, str(person.expected_on)))
    if person.nhs_number:
        found.add((Kind.NHS.value, person.nhs_number))
    found |= {(Kind.PHONE.value, number) for number in (person.phone, person.other_phone) if number}
    found |= {(Kind.EMAIL.value, person.email.lower())} if person.email else set()
    return found | {(Kind.POSTCODE.value, postcode) for postcode in postcodes}


def earlier_surnames(people: Iterable[Person]) -> dict[Any, set[str]]:
    """The surnames that adults had before, by person, from the record's own history; one query.

    Never a child's: an adopted child must not be found by who they were. Never a first name: who changed theirs is
    not called by the old one.
    """
    found: dict[Any, set[str]] = defaultdict(set)
    adults = [person.pk for person in people if person.kind in ADULTS]
    if adults:
        rows = Person.history.filter(id__in=adults).exclude(last_name="").values_list("id", "last_name").distinct()
        for pk, name in rows:
            found[pk].add(name)
    return found


def postcodes(people: Iterable[Person]) -> dict[Any, set[str]]:
    """Where people live or lived, by person: at an address of their own or of a household of theirs; one query."""
    found: dict[Any, set[str]] = defaultdict(set)
    ids = [person.pk for person in people]
    asked = models.Q(person__in=ids) | models.Q(family__memberships__person__in=ids)
    rows = Address.objects.filter(asked).exclude(postcode="")
    for own, member, postcode in rows.values_list("person", "family__memberships__person", "postcode"):
        found[own or member].add(postcode)
    return found


@transaction.atomic
def refresh(people: Iterable[Person]) -> None:
    """Make the keys of these people what the record says now; a few queries whatever their number."""
    people = list(people)
    before: dict[Any, dict[Key, int]] = defaultdict(dict)
    for pk, person, kind, value in SearchKey.objects.filter(person__in=people).values_list(
        "pk", "person", "kind", "value"
    ):
        before[person][kind, value] = pk
    earlier, lived = earlier_surnames(people), postcodes(people)
    stale: list[int] = []
    fresh: list[SearchKey] = []
    for each in people:
        wanted, had = keys_of(each, earlier[each.pk], lived[each.pk]), before[each.pk]
        stale += [pk for key, pk in had.items() if key not in wanted]
        fresh += [SearchKey(person=each, kind=kind, value=value) for kind, value in sorted(wanted - had.keys())]
    for some in batched(stale, AT_A_TIME):
        SearchKey.objects.filter(pk__in=some).delete()
    SearchKey.objects.bulk_create(fresh, batch_size=AT_A_TIME, ignore_conflicts=True)
    learn(key.value for key in fresh if key.kind in NAMES)


def learn(words: Iterable[str]) -> None:
    """Make these words findable however they are misspelt."""
    for some in batched(sorted(set(words)), AT_A_TIME):
        known = set(NamePart.objects.filter(word__in=some).values_list("word", flat=True))
        NamePart.objects.bulk_create(
            [NamePart(word=word, part=part) for word in some if word not in known for part in sorted(parts(word))],
            batch_size=AT_A_TIME,
            ignore_conflicts=True,
        )


def unlearn() -> int:
    """Forget the words that nobody is called any more; how many parts went.

    Apart from saving a person, and not in it: two who save at once would take a word from one another.
    """
    used = SearchKey.objects.filter(kind__in=NAMES, value=models.OuterRef("word"))
    return NamePart.objects.exclude(models.Exists(used)).delete()[0]


def rebuild() -> int:
    """Make all keys again from the record; how many people there are. Safe while people work."""

    def everybody() -> Iterator[Person]:
        yield from Person.objects.order_by("pk").iterator(chunk_size=AT_A_TIME)

    count = 0
    for some in batched(everybody(), AT_A_TIME):
        refresh(some)
        count += len(some)
    learn(SearchKey.objects.filter(kind__in=NAMES).values_list("value", flat=True).distinct().iterator(chunk_size=2000))
    unlearn()
    return count


def _person_saved(sender: type[Person], instance: Person, **kwargs: Any) -> None:
    refresh([instance])


def _member_changed(sender: type[Membership], instance: Membership, origin: Any = None, **kwargs: Any) -> None:
    if getattr(origin, "model", type(origin)) is Person:
        return  # they go with the person, whose row is still there at this moment
    refresh(Person.objects.filter(pk=instance.person_id))


def _address_changed(sender: type[Address], instance: Address, origin: Any = None, **kwargs: Any) -> None:
    if getattr(origin, "model", type(origin)) is Person:
        return
    at_it = models.Q(pk=instance.person_id) if instance.person_id else models.Q(families=instance.family_id)
    refresh(Person.objects.filter(at_it))


def follow_the_record() -> None:
    """From now on the keys change in the transaction in which the record does, by whatever verb."""
    for model, receiver in ((Person, _person_saved), (Membership, _member_changed), (Address, _address_changed)):
        post_save.connect(receiver, sender=model, dispatch_uid=f"search keys follow {model.__name__}")
    for model, receiver in ((Membership, _member_changed), (Address, _address_changed)):
        post_delete.connect(receiver, sender=model, dispatch_uid=f"search keys leave with {model.__name__}")
