"""A baby, or somebody who cares for one, has died: written down, undone when it was a mistake, closed gently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.actions.case import close_case
from families.actions.people import tell_of_everything
from families.loss import loss_of
from families.models import Case, ClosureReason, Loss, Person
from families.pathways import reason_after_loss


@dataclass(frozen=True)
class LossFacts:
    """What is known, and what the family has said they want. Everything but ``kind`` may be unknown."""

    kind: str
    happened_on: date | None = None
    about_when: str = ""
    told_by: str = ""
    called: str = ""  # the baby's name as the family uses it
    contact: str = Loss.Contact.NOT_ASKED
    contact_words: str = ""
    memories: str = ""


def _audit(by: User, case: Case, person: Person, verb: str, **more: Any) -> None:
    audit(by=by, verb=verb, subject=person, family_id=case.family_id, case_id=case.pk, **more)


@transaction.atomic
def record_loss(*, by: User, case: Case, person: Person, facts: LossFacts) -> Loss:
    """Write down that somebody has died, or that a pregnancy was lost.

    Nothing is deleted, cancelled or closed by it. Messages stop (``families.loss.quiet``), what asked for the next
    step falls silent, and the record speaks of the person as somebody who is remembered.
    """
    if person.lost:
        raise ValidationError(f"The death of {person.short_name} is already written down.")
    if facts.kind != Person.Lost.DIED and not person.unborn:
        raise ValidationError({"kind": f"{person.short_name} was born: select that the baby died"})
    _check_when(person, facts.happened_on)
    loss = Loss(
        person=person,
        kind=facts.kind,
        happened_on=facts.happened_on,
        about_when="" if facts.happened_on else facts.about_when,
        told_by=facts.told_by,
        contact=facts.contact,
        contact_words=facts.contact_words,
        memories=facts.memories,
        name_before=person.known_as,
        recorded_by=by,
    )
    loss.full_clean(exclude=["person", "recorded_by"])
    loss.save()
    person.lost = facts.kind
    if facts.called:
        person.known_as = facts.called
    person.full_clean()
    person.save()
    _audit(by, case, person, "loss.recorded")
    tell_of_everything(person)
    return loss


def _check_when(person: Person, on: date | None) -> None:
    if on is None:
        return
    if on > timezone.localdate():
        raise ValidationError({"happened_on": "The day must be today or in the past"})
    if person.date_of_birth is not None and on < person.date_of_birth:
        raise ValidationError({"happened_on": "The day cannot be before the birth"})


@transaction.atomic
def keep_in_mind(*, by: User, case: Case, loss: Loss, facts: LossFacts) -> Loss:
    """Write down more of what is known, or what the family wants by now; what was written before is kept."""
    _check_when(loss.person, facts.happened_on)
    for name in ("happened_on", "told_by", "contact", "contact_words", "memories"):
        setattr(loss, name, getattr(facts, name))
    loss.about_when = "" if facts.happened_on else facts.about_when
    loss.full_clean(exclude=["person", "recorded_by"])
    loss.save()
    if facts.called and facts.called != loss.person.short_name:
        loss.person.known_as = facts.called
        loss.person.save()
    _audit(by, case, loss.person, "loss.changed")
    return loss


@transaction.atomic
def let_messages_go_on(*, by: User, case: Case, go_on: bool) -> None:
    """The family has said whether messages about those who live may go on; about who died, none ever does."""
    for loss in Loss.objects.standing().filter(person__cases=case):
        loss.messages_go_on = go_on
        loss.save()
    audit(
        by=by,
        verb="loss.messages_go_on" if go_on else "loss.messages_stopped",
        subject=case,
        family_id=case.family_id,
        case_id=case.pk,
    )


@transaction.atomic
def record_answer(*, by: User, case: Case, loss: Loss, asked_on: date, answer: str) -> Loss:
    """The family was asked, in their own time, what should become of the films, pictures and words kept here."""
    if not answer.strip():
        raise ValidationError({"answer": "Enter what the family would like"})
    if asked_on > timezone.localdate():
        raise ValidationError({"asked_on": "The day must be today or in the past"})
    loss.asked_on, loss.asked_by, loss.answer = asked_on, by, answer.strip()
    loss.save()
    _audit(by, case, loss.person, "loss.family_asked")
    return loss


@transaction.atomic
def strike_out_loss(*, by: User, case: Case, person: Person, reason: str) -> Person:
    """It was written down by mistake: the person is as they were before, and the mistake stays readable."""
    if not reason.strip():
        raise ValidationError({"reason": "Enter how it came to be written down by mistake"})
    loss = loss_of(person)
    if loss is None:
        raise ValidationError(f"No death of {person.short_name} is written down.")
    loss.struck_at, loss.struck_by, loss.struck_reason = timezone.now(), by, reason.strip()
    loss.save()
    person.lost = ""
    person.known_as = loss.name_before
    person.full_clean()
    person.save()
    _audit(by, case, person, "loss.struck_out")
    tell_of_everything(person)
    return person


@transaction.atomic
def close_after_loss(
    *, by: User, case: Case, closed_on: date, why: ClosureReason | None = None, words: str = ""
) -> Case:
    """Bring the work with a bereaved family to its close, for one of the service's reasons (else its own for this).

    Nobody is asked what became of the goals.
    """
    why = why or reason_after_loss()
    return close_case(by=by, case=case, closed_on=closed_on, why=why, reason=f"{why}. {words.strip()}".strip())
