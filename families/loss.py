"""After a death: what falls silent, what is kept, and how the record speaks of it from then on.

Whatever sends, reminds, counts down or deletes asks here first. The words follow what bereaved families ask of
services: the baby is named as the family names them, and nothing "ends", "completes" or "expires".
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone

from families.models import Case, Family, Loss, Person

if TYPE_CHECKING:
    from outbox.models import Message

QUIET = "Somebody in this family has died. Nothing is sent until whoever works with them says so."

# Tasks that ask for something which no longer makes sense once no baby of the case is living. What protects
# somebody (copies to erase, notes to sign, concerns, records opened for a reason) goes on asking.
FALL_SILENT = frozenset(
    {"consent", "people", "session", "film", "moments", "review", "words", "cycle", "goals", "measures", "birth"}
)


def loss_of(person: Person) -> Loss | None:
    """What is written down of somebody's death; None for the living."""
    return Loss.objects.standing().filter(person=person).first() if person.lost else None


def quiet(about: Person | Case) -> str:
    """Why nothing may be sent about this person, or to this family about this case; empty when it may.

    A death in the family stops every message, also those about a living twin, until the family has said that
    those may go on (``Loss.messages_go_on``). Messages about the person who died never go on.
    """
    losses = Loss.objects.standing()
    if isinstance(about, Person):
        return QUIET if losses.filter(person=about).exists() else ""
    return QUIET if losses.filter(person__cases=about, messages_go_on=False).exists() else ""


def why_not_sent(message: Message) -> str:
    """The outbox's rule (``outbox.registry.SendRule``): asked when a message is about to leave.

    A message to a family names its person; what has none goes to whoever works here (an alert to whoever is on duty),
    and a death in the family is no reason to hold that back.
    """
    if not message.person_id:
        return ""
    person, losses = uuid.UUID(message.person_id), Loss.objects.standing()
    of_cases = losses.filter(person__cases__people=person, messages_go_on=False)
    return QUIET if of_cases.exists() or losses.filter(person=person).exists() else ""


def keeps_everything(family: Family) -> bool:
    """Whether nothing of this family may be deleted by schedule: a baby died, and they have not been asked yet
    what should become of the films, pictures and words that are kept."""
    return Loss.objects.standing().of_babies().of_family(family).filter(asked_on__isnull=True).exists()


def mourning(cases: Iterable[object]) -> set[str]:
    """Ids of those of these cases in which a baby has died and no baby is living or expected."""
    babies = Person.objects.infants().filter(cases=OuterRef("pk"))
    found = Case.objects.filter(Exists(babies.exclude(lost="")), ~Exists(babies.living()), pk__in=list(cases))
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def _day(on: date) -> str:
    return f"{on:%-d %B}" if on.year == timezone.localdate().year else f"{on:%-d %B %Y}"


def when_in_words(loss: Loss | None) -> str:
    """ "on 3 March", "early in March"; empty when it is not known."""
    if loss is None:
        return ""
    return f"on {_day(loss.happened_on)}" if loss.happened_on else loss.about_when


def remembered_as(person: Person, loss: Loss | None = None) -> str:
    """How a record speaks of somebody who died: "Rowan, who died on 3 March", "The baby they lost"."""
    before_birth = person.lost in {Person.Lost.PREGNANCY, Person.Lost.STILLBIRTH}
    if person.known_as or person.first_name:
        how = {Person.Lost.PREGNANCY: "whom they lost", Person.Lost.STILLBIRTH: "who was stillborn"}
        said = f"{person.short_name}, {how.get(Person.Lost(person.lost), 'who died')}"
    else:
        said = "The baby they lost" if before_birth else "Their baby, who died"
    return f"{said} {when_in_words(loss)}".rstrip()
