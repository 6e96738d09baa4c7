"""What a change of placement would change, said before it is saved: tried out, read, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from audit.models import AuditEvent
from families import registry
from families.actions.placement import Change, change_placement
from families.consent import Purpose, latest_voices, rows_of, stand
from families.models import Case, Person
from families.responsibility import Held, held, names_of


@dataclass(frozen=True)
class Agreement:
    """One purpose about which somebody decided for a child, before and after."""

    label: str
    said_by: str
    stays: bool


@dataclass(frozen=True)
class Consequences:
    """What is as before after a change of placement, and what is not."""

    before: Held
    after: Held
    agreements: tuple[Agreement, ...]
    to_ask: tuple[str, ...]  # who decides now and has not been asked about film
    films: int  # that stop at once
    planned: tuple[registry.Planned, ...]

    @property
    def same_holders(self) -> bool:
        return self.before.sentences == self.after.sentences

    @property
    def staying(self) -> list[Agreement]:
        return [each for each in self.agreements if each.stays]

    @property
    def stopping(self) -> list[Agreement]:
        return [each for each in self.agreements if not each.stays]


@dataclass(frozen=True)
class _Stood:
    agreed: dict[str, str]  # by purpose: who said so
    asked: frozenset[str]  # whose voice there is about film


def _stood(child: Person) -> _Stood:
    rows = rows_of([child], Purpose.values)
    agreed, asked = {}, frozenset[str]()
    for purpose in Purpose.values:
        voices = latest_voices(child, rows[child.pk, purpose])
        if stand(child, purpose, rows[child.pk, purpose]).agreed:
            agreed[purpose] = " and ".join(
                row.decided_by.short_name if row.decided_by else row.decided_by_name for row in voices.values()
            )
        if purpose == Purpose.FILM:
            asked = frozenset(voices)
    return _Stood(agreed, asked)


def rehearse(*, by: User, case: Case, child: Person, change: Change) -> Consequences:
    """Try ``change`` out in a transaction that is taken back: what the page says is what saving will do.

    Raises ValidationError as ``change_placement`` does. What cannot be taken back (files) waits for a commit that
    never comes.
    """
    before, stood = held(child), _stood(child)
    stopped = AuditEvent.objects.of_family(case.family_id).filter(verb="film.stopped")
    films = stopped.count()
    with transaction.atomic():
        change_placement(by=by, case=case, child=child, change=change)
        fresh = Person.objects.get(pk=child.pk)
        after, stands = held(fresh), _stood(fresh)
        films = stopped.count() - films
        transaction.set_rollback(True)
    return Consequences(
        before=before,
        after=after,
        agreements=tuple(
            Agreement(Purpose(purpose).label, said_by, purpose in stands.agreed)
            for purpose, said_by in stood.agreed.items()
        ),
        to_ask=tuple(_not_asked(after, stands.asked)),
        films=films,
        planned=tuple(registry.planned(case)),
    )


def _not_asked(now: Held, asked: frozenset[str]) -> Sequence[str]:
    found = [person for person, _ in now.holders if str(person.pk) not in asked]
    names = [names_of([person]) for person in found]
    return [*names, "the local authority"] if now.authority and "authority" not in asked else names
