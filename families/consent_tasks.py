"""What consent asks of whoever leads a case: worked out afresh each time, and gone when it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from families import identity, queries
from families.columns import as_id, split
from families.consent import ABOUT, Purpose, Rows, Standing, decides_alone, rows_of, stand
from families.models import Case, Person
from families.registry import Task

if TYPE_CHECKING:
    from families.consent import PersonStanding

MOST = 50


@dataclass(frozen=True)
class Waiting:
    """One person of a case, and the purposes that wait in one way."""

    case: Case
    person: Person
    purposes: tuple[str, ...]
    ends: date | None = None

    @property
    def about(self) -> str:
        return queries.in_a_row([ABOUT[purpose] for purpose in self.purposes])

    def task(self, title: str, kind_order: int, *, detail: str = "") -> Task:
        return Task(
            title=title,
            url=reverse("families:consent", kwargs={"case": self.case.pk}),
            kind="consent",
            order=kind_order,
            detail=detail or f"{self.case.family.reference}: {self.about}",
            case_id=str(self.case.pk),
        )


def said_before_birth(person: Person, rows: Rows, purpose: str) -> bool:
    """Whether something was decided for a child before it was born, which is asked again now."""
    born = person.date_of_birth
    return (
        born is not None
        and not decides_alone(person)
        and any(timezone.localtime(row.decided_at).date() < born for row in rows[person.pk, purpose])
    )


def consents_that_wait(user: User) -> Iterator[Task]:
    """For the lead: those who decide differ; a baby is born; an agreement runs out or has run out; somebody is still to
    be asked where others have been. Four queries, however many cases there are."""
    if not user.can(Permission.EDIT_CASES):
        return
    mine = Case.objects.open().filter(lead=user).annotate(gone_on=identity.superseded_column())
    cases = list(queries.with_members(mine.select_related("family")))
    everybody = {person for case in cases for person in case.people.all()}
    rows = rows_of(everybody, Purpose.values)
    tasks = [task for case in cases for task in _of_case(case, rows)]
    yield from sorted(tasks, key=lambda task: task.order)[:MOST]


def _of_case(case: Case, rows: Rows) -> Iterator[Task]:
    today = timezone.localdate()
    # Whose record is another one since an adoption: there they are asked.
    gone_on = {as_id(each) for each in split(case.gone_on)}  # type: ignore[attr-defined]  # annotated
    everybody = [member.person for member in queries.members(case) if not member.person.lost]
    people = [person for person in everybody if person.pk not in gone_on]
    begun = any(rows[person.pk, purpose] for person in people for purpose in queries.NEEDED_PURPOSES)
    for person in people:
        if person.lost:
            continue
        now = [stand(person, purpose, rows[person.pk, purpose]) for purpose in Purpose.values]
        name = person.short_name

        def those(wanted: Sequence[PersonStanding], *, person: Person = person) -> Waiting:
            ends = [each.until for each in wanted if each.until]
            return Waiting(case, person, tuple(each.purpose for each in wanted), min(ends, default=None))

        if differ := [each for each in now if each.standing == Standing.CONFLICT]:
            waiting = those(differ)
            yield waiting.task(
                f"Those who decide for {name} differ: {waiting.about}",
                10,
                detail=f"{case.family.reference}: nothing that it covers is shown until they agree",
            )
        again = [
            each
            for each in now
            if each.standing == Standing.NOT_ASKED and said_before_birth(person, rows, each.purpose)
        ]
        if again:
            yield those(again).task(f"{name} is born: ask again what was agreed in pregnancy", 30)
        if soon := [each for each in now if each.runs_out_soon(today)]:
            waiting = those(soon)
            yield waiting.task(f"{name}: an agreement runs out on {waiting.ends:%-d %b %Y}. Ask again in good time", 46)
        if out := [each for each in now if each.standing == Standing.EXPIRED]:
            yield those(out).task(f"{name}: an agreement has run out. Ask whether it still holds", 42)
        needed = [each for each in now if each.purpose in queries.NEEDED_PURPOSES]
        if person.kind in {Person.Kind.INFANT, Person.Kind.CAREGIVER} and not person.unborn and begun and not again:
            if alone := [each for each in needed if each.standing == Standing.NOT_ALONE]:
                yield those(alone).task(f"{name}: settle who decides with them", 42)
            if unasked := [each for each in needed if each.standing == Standing.NOT_ASKED]:
                yield those(unasked).task(f"Consent to ask: {name}", 48)


SOURCES = (consents_that_wait,)
