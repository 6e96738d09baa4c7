"""What is over, or soon will be: worked out for one family when somebody looks, and for all of them each night."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone

from families.ages import years_old
from families.models import Case, Due, Family, Loss, Membership, Person, RetentionRule, What
from families.retention.registry import films_kept
from families.retention.schedule import Line, after, lines

Key = RetentionRule.Key
AT_ONCE = 200  # families read together
GROWN = 18  # years


@dataclass(frozen=True)
class Reason:
    """Why something is kept until a day: whose part of the record, by which line."""

    until: date
    line: Line
    about: str


@dataclass(frozen=True)
class Reckoning:
    """Until when something is kept, with all that was counted; the last of them decides."""

    what: str
    until: date
    line: Line
    reasons: tuple[Reason, ...]

    @property
    def is_over(self) -> bool:
        """Kept through the last day."""
        return self.until < timezone.localdate()


def of_films(case: Case, schedule: Mapping[str, Line] | None = None) -> Reckoning | None:
    """Until when the films of a case are kept; None while it is open."""
    if case.closed_on is None:
        return None
    line = (schedule or lines())[Key.FILMS]
    until = line.until(case.closed_on)
    return Reckoning(What.FILMS, until, line, (Reason(until, line, "The films of this case"),))


def of_record(
    people: Iterable[Person],
    closed_on: date,
    schedule: Mapping[str, Line] | None = None,
    losses: Mapping[uuid.UUID, Loss] | None = None,
) -> Reckoning:
    """Until when the record of a household is kept, whose last case was closed on ``closed_on``.

    A household's notes are about all of them: it is kept as one, for the longest time that applies to anybody in it.
    """
    schedule, losses = schedule or lines(), losses or {}
    reasons = sorted(
        (each for person in people for each in _of_person(person, closed_on, schedule, losses.get(person.pk))),
        key=lambda each: each.until,
        reverse=True,
    )
    if not reasons:  # nobody is written down
        line = schedule[Key.WORK]
        reasons = [Reason(line.until(closed_on), line, "This record")]
    return Reckoning(What.RECORD, reasons[0].until, reasons[0].line, tuple(reasons))


def _of_person(person: Person, closed_on: date, schedule: Mapping[str, Line], loss: Loss | None) -> Iterator[Reason]:
    name = person.short_name
    if person.expected_on is not None:
        line = schedule[Key.MATERNITY]
        yield Reason(line.until(person.date_of_birth or person.expected_on), line, f"The pregnancy with {name}")
    born = person.date_of_birth
    if born is not None and (age := years_old(born, closed_on)) < GROWN:
        line = schedule[Key.CHILD]
        yield Reason(after(born, line.rule.amount + (age == GROWN - 1), line.about.unit), line, name)
    elif born is None and person.kind == Person.Kind.INFANT:  # to come, or lost: counted with the pregnancy
        return
    if person.lost and loss is not None:
        line = schedule[Key.DEATH]
        yield Reason(line.until(loss.happened_on or timezone.localdate(loss.recorded_at)), line, name)
        return
    line = schedule[Key.WORK]
    yield Reason(line.until(closed_on), line, name)


def record_of(family: Family) -> Reckoning | None:
    """Until when the record of this family is kept; None while one of its cases is open."""
    return records_of([family.pk]).get(family.pk)


def records_of(families: Collection[uuid.UUID]) -> dict[uuid.UUID, Reckoning]:
    """The same for several at once; those of whose cases one is open are left out."""
    some = _over().filter(pk__in=families).prefetch_related("cases__people", *_with_people())
    return {case.family_id: found for case, found in _reckoned(list(some), lines())}


# --- Each night ---------------------------------------------------------------------------------------------------


def work_out() -> int:
    """Write down what is over, or will be when the family has had its time to answer, and forget what is not any
    more; how many there are. May run twice at once."""
    schedule = lines()
    found: dict[tuple[uuid.UUID, str], tuple[date, str]] = {}
    families = _over().order_by("pk")
    last: uuid.UUID | None = None
    while True:
        chunk = families.filter(pk__gt=last) if last else families
        some = list(chunk.prefetch_related("cases__people", *_with_people())[:AT_ONCE])
        if not some:
            break
        last = some[-1].pk
        for latest, reckoning in _reckoned(some, schedule):
            if _is_near(reckoning, schedule):
                found[latest.pk, What.RECORD] = (reckoning.until, reckoning.line.rule.key)
    _films_of_closed_cases(schedule, found)
    _write(found)
    return len(found)


def _is_near(found: Reckoning, schedule: Mapping[str, Line]) -> bool:
    """Whether it is over, or the family has to be asked now so that they have answered by then."""
    return found.until <= schedule[Key.ANSWER].until(timezone.localdate())


def _with_people() -> tuple[Prefetch, ...]:
    return (Prefetch("memberships", Membership.objects.select_related("person")),)


def _over() -> models.QuerySet[Family]:
    """Families with whom nobody works any more."""
    still_open = Case.objects.filter(family=OuterRef("pk"), closed_on__isnull=True)
    return Family.objects.filter(~Exists(still_open), cases__isnull=False).distinct()


def _reckoned(families: list[Family], schedule: Mapping[str, Line]) -> Iterator[tuple[Case, Reckoning]]:
    """Of families fetched with their cases and people: the case that was closed last, and until when all is kept."""
    people = {
        family.pk: {m.person for m in family.memberships.all()}
        | {person for case in family.cases.all() for person in case.people.all()}
        for family in families
    }
    everybody = [person.pk for each in people.values() for person in each if person.lost]
    losses = {loss.person_id: loss for loss in Loss.objects.standing().filter(person__in=everybody)}
    for family in families:
        latest = max(family.cases.all(), key=lambda case: (case.closed_on, case.opened_on, case.pk))
        yield latest, of_record(people[family.pk], latest.closed_on, schedule, losses)  # type: ignore[arg-type]


def _films_of_closed_cases(schedule: Mapping[str, Line], found: dict[tuple[uuid.UUID, str], tuple[date, str]]) -> None:
    closed = Case.objects.filter(closed_on__isnull=False).order_by("pk")
    last: uuid.UUID | None = None
    while some := list((closed.filter(pk__gt=last) if last else closed)[:AT_ONCE]):
        last = some[-1].pk
        over = {
            case.pk: each
            for case in some
            if (each := of_films(case, schedule)) is not None and _is_near(each, schedule)
        }
        for case in films_kept(over.keys()) if over else ():
            found[case, What.FILMS] = (over[case].until, Key.FILMS)


def _write(found: Mapping[tuple[uuid.UUID, str], tuple[date, str]]) -> None:
    with transaction.atomic():
        kept = {(due.case_id, due.what): due for due in Due.objects.select_for_update()}
        gone = [due.pk for key, due in kept.items() if key not in found]
        Due.objects.filter(pk__in=gone).delete()
        for (case, what), (until, rule) in found.items():
            before = kept.get((case, what))
            if before is None:
                Due.objects.get_or_create(case_id=case, what=what, defaults={"due_on": until, "rule": rule})
            elif (before.due_on, before.rule) != (until, rule):
                before.due_on, before.rule = until, rule
                before.save(update_fields=["due_on", "rule"])
